import { beforeAll, describe, expect, it } from 'vitest'
import { ask, unique, until } from './client.ts'
import type { Seen } from './client.ts'
import { keyedLiteLlm, ownGateway } from './own-parts.ts'

let litellm: Awaited<ReturnType<typeof keyedLiteLlm>>
let url: string

beforeAll(async () => {
  litellm = await keyedLiteLlm()
  url = await ownGateway('gateway-litellm-keys', {
    AUTH_MODE: 'litellm',
    LITELLM_URL: litellm.url,
    LITELLM_API_KEY: '',
  })
})

const as = (key: string, question: string, over: Record<string, unknown> = {}) =>
  ask(question, over, { url, headers: { authorization: `Bearer ${key}` } })
const idOf = ({ text }: Seen) => (JSON.parse(text) as { id: string }).id

describe('AUTH_MODE=litellm on the real proxy', () => {
  it('knows its keys, and no other', async () => {
    const question = await unique('Name a fruit.')
    expect((await as('sk-alice', question)).status).toBe(200)
    expect((await as('sk-mallory', question)).status).toBe(401)
    expect((await ask(question, {}, { url })).status).toBe(401)
  })

  it('keeps a cache for each key: neither an exact nor a semantic hit for another', async () => {
    const question = await unique('Name a colour.')
    const hers = await as('sk-alice', question)
    expect((await until('exact-hit', () => as('sk-alice', question))).status).toBe(200)
    for (const words of [question, `${question} `, `Please: ${question}`]) {
      const his = await as('sk-bob', words)
      expect(his.status).toBe(200)
      expect(idOf(his)).not.toBe(idOf(hers))
    }
  })

  it("rules hits by the key's models, with the wildcards of the project's own configuration", async () => {
    const question = await unique('Name a metal.')
    // In no list of known models: only the wildcard names it.
    const over = { model: 'openai/of-next-year' }
    for (const key of ['sk-alice', 'sk-carol']) {
      expect((await as(key, question, over)).status).toBe(200)
      const again = await until('exact-hit', () => as(key, question, over))
      expect([key, again.headers.get('x-cache')]).toEqual([key, 'exact-hit'])
    }
    for (let n = 0; n < 2; n += 1) {
      const unlisted = await as('sk-bob', question, over)
      expect(unlisted.headers.get('x-cache')).toBe('bypass')
      expect(unlisted.headers.get('cache-status')).toContain("not among the key's models")
    }
    expect((await as('sk-bob', question)).headers.get('x-cache')).toBe('miss')
  })

  it('goes on with what it knows when LiteLLM is gone', async () => {
    const question = await unique('Name a river.')
    await as('sk-alice', question)
    await until('exact-hit', () => as('sk-alice', question))
    await litellm.stop()
    expect((await as('sk-alice', question)).headers.get('x-cache')).toBe('exact-hit')
    const unknown = await as('sk-dave', question)
    expect(unknown.status).toBe(503)
    expect(JSON.parse(unknown.text)).toMatchObject({ error: { code: 'auth_unavailable' } })
  })
})
