import { describe, expect, it } from 'vitest'
import { SHORT_TTL_SECONDS } from './global-setup.ts'
import { addresses, ask, unique } from './client.ts'
import type { Seen } from './client.ts'

const ONLY = { 'cache-control': 'only-if-cached' }

/** Sends a chat request that wants to be explained. LiteLLM's semantic cache takes no part. */
async function explained(
  content: string,
  over: Record<string, unknown> = {},
  headers: Record<string, string> = {},
  url = addresses.gateway,
): Promise<Seen & { readonly why: string }> {
  const asked = { 'x-cache-semantic': 'off', 'x-cache-explain': '1', ...headers }
  const seen = await ask(content, over, { url, headers: asked })
  const why = seen.headers.get('x-cache-explanation') ?? ''
  console.log(`          ${why}`)
  return { ...seen, why }
}

/** Repeats a request until its explanation matches: requests are recorded after their answers. */
async function until(expected: RegExp, again: () => ReturnType<typeof explained>) {
  for (let attempt = 1; ; attempt += 1) {
    const seen = await again()
    if (expected.test(seen.why) || attempt === 20) return seen
    await new Promise((resume) => setTimeout(resume, 150))
  }
}

/** A conversation that begins with this system prompt. */
const after = (system: string, question: string) => ({
  messages: [
    { role: 'system', content: system },
    { role: 'user', content: question },
  ],
})

describe('the explanation of a miss on the real stack', () => {
  it('names the time stamp in a system prompt, and a changed setting', async () => {
    const question = await unique('Name a colour.')
    const id = `first-${crypto.randomUUID()}`
    const first = after('Be kind.\nIt is Sunday, 10:35:12.', question)
    await explained(question, first, { 'x-request-id': id })
    const later = after('Be kind.\nIt is Monday, 09:02:59.', question)
    const { text, why } = await until(/^differs from request first-/, () =>
      explained(question, { ...later, temperature: 0.5 }, ONLY),
    )
    expect(why.replace(/ \d+ s ago/, '')).toBe(
      `differs from request ${id}: messages[0].content, line 2: ` +
        'only a time stamp, an id or a number; temperature 0 -> 0.5',
    )
    const { error } = JSON.parse(text) as { error: { code: string; message: string } }
    expect(error.code).toBe('not_in_cache')
    expect(error.message).toContain('temperature 0 -> 0.5')
  })

  it('says that an answer was never stored, and why', async () => {
    const question = `Count to one hundred. (${crypto.randomUUID()})`
    const short = { max_tokens: 2, stop: null }
    await explained(question, short)
    const { why } = await until(/^same as request /, () => explained(question, short, ONLY))
    expect(why).toMatch(/^same as request .+ ago: never stored: finish_reason length$/)
  })

  it('says when an answer expired', async () => {
    const url = addresses.shortLived
    const question = await unique('Name a river.')
    await explained(question, {}, {}, url)
    // Until then it is a hit, which has nothing to explain.
    await new Promise((resume) => setTimeout(resume, SHORT_TTL_SECONDS * 1_000))
    const { why } = await until(/^expired /, () => explained(question, {}, ONLY, url))
    expect(why).toMatch(/^expired \d+ s ago$/)
  })

  it('is not there for a hit', async () => {
    const question = await unique('Name a lake.')
    await explained(question)
    const isHit = async () => (await explained(question)).headers.get('x-cache') === 'exact-hit'
    await expect.poll(isHit, { timeout: 10_000 }).toBe(true)
    expect((await explained(question)).why).toBe('')
  })
})
