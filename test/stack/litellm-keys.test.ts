import { beforeAll, describe, expect, it } from 'vitest'
import { ask, unique, until, untilMatched } from './client.ts'
import type { Seen } from './client.ts'
import { ownGateway, proxiedLiteLlm, secondLiteLlm } from './own-parts.ts'

let litellm: Awaited<ReturnType<typeof proxiedLiteLlm>>
let url: string
let withoutTeams: string
let withTeams: string

beforeAll(async () => {
  litellm = await proxiedLiteLlm()
  url = await ownGateway('gateway-litellm-keys', {
    AUTH_MODE: 'litellm',
    LITELLM_URL: litellm.url,
    LITELLM_API_KEY: '',
    SEMANTIC_JUDGE_API_KEY: 'sk-carol',
  })
  const byTeam = { AUTH_MODE: 'litellm', CACHE_SCOPE: 'team', LITELLM_API_KEY: '' }
  const teams = { 'sk-alice': 'red', 'sk-bob': 'red', 'sk-carol': 'blue' }
  const known = await proxiedLiteLlm(teams)
  withoutTeams = await ownGateway('gateway-no-teams', {
    ...byTeam,
    LITELLM_URL: await secondLiteLlm(),
  })
  withTeams = await ownGateway('gateway-teams', {
    ...byTeam,
    LITELLM_URL: known.url,
    // The other keys may not use the judge.
    SEMANTIC_JUDGE_API_KEY: 'sk-carol',
  })
})

const as = (key: string, question: string, over: Record<string, unknown> = {}, at = url) =>
  ask(question, over, { url: at, headers: { authorization: `Bearer ${key}` } })
const idOf = ({ text }: Seen) => (JSON.parse(text) as { id: string }).id

describe('CACHE_SCOPE=team on the real LiteLLM', () => {
  it("bypasses the cache if LiteLLM has no database to look up a key's team", async () => {
    const question = await unique('Name a tree.')
    for (let n = 0; n < 2; n += 1) {
      const answer = await as('sk-alice', question, {}, withoutTeams)
      expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'bypass'])
      expect(answer.headers.get('cache-status')).toContain('tenant unknown')
    }
  })

  it("serves a colleague's answer for an identical request, and never another team's", async () => {
    const question = await unique('Name a bird.')
    const hers = await as('sk-alice', question, {}, withTeams)
    expect(hers.headers.get('x-cache')).toBe('miss')
    const his = await until('exact-hit', () => as('sk-bob', question, {}, withTeams))
    expect(idOf(his)).toBe(idOf(hers))
    const others = await as('sk-carol', question, {}, withTeams)
    expect(others.headers.get('x-cache')).toBe('miss')
    expect(idOf(others)).not.toBe(idOf(hers))
  })

  it("gives no semantic hit on a colleague's answer", async () => {
    const question = await unique('Name a stone.')
    // LiteLLM may not have stored the first answer before the next request, so any of hers counts.
    const hers = [await as('sk-alice', question, {}, withTeams)]
    await untilMatched(question, async (words) => {
      const answer = await as('sk-alice', words, {}, withTeams)
      hers.push(answer)
      return answer
    })
    const his = await as('sk-bob', ` ${question}`, {}, withTeams)
    // No `semantic:` detail, so LiteLLM offered no hit that could be refused.
    expect(his.headers.get('x-cache')).toBe('miss')
    expect(his.headers.get('cache-status')).not.toContain('semantic:')
    expect(hers.map(idOf)).not.toContain(idOf(his))
  })

  it("applies each key's own models to hits, and refuses an unknown key", async () => {
    const question = await unique('Name a wind.')
    const over = { model: 'openai/of-next-year' }
    await as('sk-alice', question, over, withTeams)
    await until('exact-hit', () => as('sk-alice', question, over, withTeams))
    const his = await as('sk-bob', question, over, withTeams)
    expect(his.headers.get('x-cache')).toBe('bypass')
    expect(his.headers.get('cache-status')).toContain("not among the key's models")
    expect((await as('sk-mallory', question, over, withTeams)).status).toBe(401)
  })
})

describe('AUTH_MODE=litellm on the real LiteLLM', () => {
  it("accepts LiteLLM's keys and answers 401 to others", async () => {
    const question = await unique('Name a fruit.')
    expect((await as('sk-alice', question)).status).toBe(200)
    expect((await as('sk-mallory', question)).status).toBe(401)
    expect((await ask(question, {}, { url })).status).toBe(401)
  })

  it("gives one key no exact or semantic hit on another key's answer", async () => {
    const question = await unique('Name a colour.')
    const hers = [await as('sk-alice', question)]
    await untilMatched(question, async (words) => {
      const answer = await as('sk-alice', words)
      hers.push(answer)
      return answer
    })
    for (const words of [question, `${question} `, `Please: ${question}`]) {
      const his = await as('sk-bob', words)
      expect(his.status).toBe(200)
      expect(hers.map(idOf)).not.toContain(idOf(his))
    }
  })

  it("allows hits only on the key's models, with the wildcards of litellm-config.yaml", async () => {
    const question = await unique('Name a metal.')
    // No known model, so only the wildcard matches it.
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

  it('serves hits to known keys and a 503 to new ones if LiteLLM is down', async () => {
    const question = await unique('Name a river.')
    await as('sk-alice', question)
    await until('exact-hit', () => as('sk-alice', question))
    litellm.stop()
    expect((await as('sk-alice', question)).headers.get('x-cache')).toBe('exact-hit')
    const unknown = await as('sk-dave', question)
    expect(unknown.status).toBe(503)
    expect(JSON.parse(unknown.text)).toMatchObject({ error: { code: 'auth_unavailable' } })
  })
})
