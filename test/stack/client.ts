import { inject } from 'vitest'

/** What came back for one question, as a person would want to see it. */
export interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

const addresses = inject('stack')

/** Asks the gateway, and prints what it asked and what it saw. */
export async function ask(
  question: string,
  over: Record<string, unknown> = {},
  { url = addresses.gateway, headers = {} }: { url?: string; headers?: HeadersInit } = {},
): Promise<Seen> {
  return send(
    '/v1/chat/completions',
    {
      model: 'local-chat-model',
      max_tokens: 20,
      // One word, so that the small model surely comes to an end: what is cut by length isn't kept.
      stop: [' ', '\n'],
      messages: [{ role: 'user', content: question }],
      ...over,
    },
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

/** Asks again until `x-cache` is what it must become; the writes happen after the answers. */
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

/** Stops, starts or freezes a part of the stack. */
export async function control(
  action: 'stop' | 'kill' | 'start' | 'pause' | 'resume',
  part: string,
): Promise<void> {
  console.log(`          (${action} ${part})`)
  const done = await fetch(`${addresses.control}/${action}/${part}`, { method: 'POST' })
  if (!done.ok) throw new Error(await done.text())
}

/** Waits until every part answers again: a fault of one test must not reach the next. */
export async function recovered(): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const health = await fetch(`${addresses.gateway}/health?verbose`)
    const { status } = (await health.json()) as { status: string }
    if (status === 'ok') return
    await new Promise((resume) => setTimeout(resume, 250))
  }
  throw new Error('The stack did not recover.')
}

/** A question that no other test asks. */
export function unique(question: string): string {
  return `${question} (${crypto.randomUUID().slice(0, 8)})`
}

export { addresses }
