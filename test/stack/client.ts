import { inject } from 'vitest'

/** A response with its body read. */
export interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

const addresses = inject('stack')

/** Sends a chat request to the gateway and prints the question, the time and `Cache-Status`. */
export async function ask(
  question: string,
  over: Record<string, unknown> = {},
  { url = addresses.gateway, headers = {} }: { url?: string; headers?: HeadersInit } = {},
): Promise<Seen> {
  return send(
    '/v1/chat/completions',
    { ...questionBody(question), ...over },
    { url, headers, label: question },
  )
}

export async function send(
  path: string,
  body: unknown,
  {
    url = addresses.gateway,
    headers = {},
    label = path,
  }: { url?: string; headers?: HeadersInit; label?: string } = {},
): Promise<Seen> {
  const startedAt = performance.now()
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const ms = (performance.now() - startedAt).toFixed(0).padStart(5)
  const status = response.headers.get('cache-status') ?? `status ${response.status}`
  console.log(`${ms} ms  ${label}\n          ${status}`)
  return { status: response.status, headers: response.headers, text }
}

/** Repeats a request until `x-cache` has this value, since entries are stored after the response. */
export async function until(
  outcome: string,
  again: () => Promise<Seen>,
  attempts = 20,
): Promise<Seen> {
  for (let attempt = 1; ; attempt += 1) {
    const seen = await again()
    if (seen.headers.get('x-cache') === outcome || attempt === attempts) return seen
    await new Promise((resume) => setTimeout(resume, 150))
  }
}

/**
 * Asks the question with more and more spaces behind it until it is a semantic hit, and throws if it
 * never is. Then LiteLLM has stored the answer and offers it: without that, a miss of somebody else
 * proves nothing.
 */
export async function untilMatched(
  question: string,
  askFor: (words: string) => Promise<Seen>,
): Promise<void> {
  let spaces = ''
  const seen = await until('semantic-hit', () => askFor(`${question}${(spaces += ' ')}`))
  const outcome = seen.headers.get('x-cache')
  if (outcome !== 'semantic-hit') {
    throw new Error(`No semantic hit: ${outcome}, ${seen.headers.get('cache-status')}`)
  }
}

/** Stops, starts or freezes a part of the stack. */
export async function control(
  action: 'stop' | 'kill' | 'start' | 'pause' | 'resume',
  part: string,
): Promise<void> {
  console.log(`          (${action} ${part})`)
  const done = await fetch(`${addresses.control}/${action}/${part}`, { method: 'POST' })
  if (!done.ok) throw new Error(await done.text())
}

/** Waits until every part answers again, so that a fault of one test does not affect the next. */
export async function recovered(): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const health = await fetch(`${addresses.gateway}/health?verbose`)
    const { status } = (await health.json()) as { status: string }
    if (status === 'ok') return
    await new Promise((resume) => setTimeout(resume, 250))
  }
  throw new Error('The stack did not recover.')
}

/**
 * A new question that the small model answers completely. It is tried on LiteLLM first, because an
 * empty answer, or one that is cut by length, is never stored.
 */
export async function unique(question: string): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const candidate = `${question} (${crypto.randomUUID().slice(0, 8)})`
    const response = await fetch(`${addresses.litellm}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${addresses.masterKey}`,
      },
      body: JSON.stringify({
        ...questionBody(candidate),
        cache: { 'no-cache': true, 'no-store': true },
      }),
    })
    const { choices } = (await response.json()) as {
      choices: { finish_reason: string; message: { content: string | null } }[]
    }
    const [choice] = choices
    if (choice?.finish_reason === 'stop' && choice.message.content?.trim()) return candidate
  }
  throw new Error(`The small model has no answer to "${question}".`)
}

/** A chat request for one word at temperature 0, so that the small model's answer is complete. */
export function questionBody(content: string): Record<string, unknown> {
  return {
    model: 'local-chat-model',
    max_tokens: 20,
    temperature: 0,
    stop: [' ', '\n'],
    messages: [{ role: 'user', content }],
  }
}

export { addresses }
