import { afterEach, describe, expect, it, vi } from 'vitest'
import { cacheStatus } from '../support/cache-status.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const START = 1_790_000_000_000
const bypass = { 'no-cache': true, 'no-store': true }

afterEach(() => vi.useRealTimers())

describe('cache controls sent to LiteLLM', () => {
  const rows: [headers: Record<string, string>, cache: object | undefined, sent: object][] = [
    [{}, undefined, {}],
    [{ 'x-cache-ttl': '60' }, undefined, {}],
    [{ 'cache-control': 'max-age=30' }, undefined, {}],
    [{ 'cache-control': 'max-age=30' }, { 's-maxage': 20, ttl: 90 }, {}],
    [{ 'cache-control': 'max-age=0' }, undefined, { 'no-cache': true }],
    [{ 'cache-control': 'no-cache' }, undefined, { 'no-cache': true }],
    [{}, { 'no-store': true }, { 'no-store': true }],
    [{ 'cache-control': 'no-store' }, undefined, { ...bypass }],
    [{ 'x-cache-semantic': 'off' }, undefined, bypass],
  ]
  for (const [headers, cache, sent] of rows) {
    it(`are ${JSON.stringify(sent)} for headers ${JSON.stringify(headers)} and body ${JSON.stringify(cache)}`, async () => {
      const { post, litellm } = gateway()
      await post(CHAT, chat(cache ? { cache } : {}), headers)
      const { namespace, ...rest } = litellm.asked[0]!.body['cache'] as Record<string, unknown>
      expect(rest).toEqual(sent)
      if (sent === bypass) expect(namespace).toBeUndefined()
      else expect(namespace).toMatch(/^[0-9a-f]{64}-\d+$/)
      expect(litellm.asked[0]?.headers.has('cache-control')).toBe(false)
    })
  }

  it("never include other members of the caller's `cache`", async () => {
    const { post, litellm } = gateway()
    await post(CHAT, chat({ cache: { 'use-cache': true, mode: 'x', namespace: 'theirs' } }))
    const sent = litellm.asked[0]!.body['cache'] as Record<string, unknown>
    expect(Object.keys(sent).sort()).toEqual(['namespace'])
    expect(sent['namespace']).not.toContain('theirs')
  })
})

describe('cache controls', () => {
  it('x-cache-ttl sets how long an answer is fresh', async () => {
    vi.useFakeTimers({ now: START, toFake: ['Date'] })
    const { post, settled } = gateway()
    await post(CHAT, chat(), { 'x-cache-ttl': '5' })
    await settled()
    vi.setSystemTime(START + 4_999)
    expect((await post(CHAT, chat())).headers.get('x-cache')).toBe('exact-hit')
    vi.setSystemTime(START + 5_000)
    expect((await post(CHAT, chat())).headers.get('x-cache')).toBe('miss')
  })

  it('no-cache replaces the stored answer', async () => {
    const { post, settled } = gateway()
    await post(CHAT, chat())
    await settled()
    const fresh = await (await post(CHAT, chat(), { 'cache-control': 'no-cache' })).text()
    await settled()
    const next = await post(CHAT, chat())
    expect(next.headers.get('x-cache')).toBe('exact-hit')
    expect(await next.text()).toBe(fresh)
  })

  it('no-store in the header or the body stores nothing', async () => {
    const { post, settled, qdrant } = gateway()
    await post(CHAT, chat(), { 'cache-control': 'no-store' })
    await post(CHAT, chat({ cache: { 'no-store': true } }))
    await settled()
    expect(qdrant.points.size).toBe(0)
  })

  it('no-store in the body still allows a hit', async () => {
    const { post, settled } = gateway()
    await post(CHAT, chat())
    await settled()
    const answer = await post(CHAT, chat({ cache: { 'no-store': true } }))
    expect(answer.headers.get('x-cache')).toBe('exact-hit')
  })

  it('a namespace separates identical requests', async () => {
    const { post, settled, litellm } = gateway()
    await post(CHAT, chat(), { 'x-cache-namespace': 'a' })
    await settled()
    const other = await post(CHAT, chat(), { 'x-cache-namespace': 'b' })
    const same = await post(CHAT, chat({ cache: { namespace: 'a' } }))
    expect(other.headers.get('x-cache')).toBe('miss')
    expect(same.headers.get('x-cache')).toBe('exact-hit')
    expect(litellm.asked).toHaveLength(2)
  })

  it('x-cache-tags are stored with the entry', async () => {
    const { post, settled, qdrant } = gateway()
    await post(CHAT, chat(), { 'x-cache-tags': 'docs, v2' })
    await settled()
    expect([...qdrant.points.values()][0]).toMatchObject({ tags: ['docs', 'v2'] })
  })

  it('min-fresh calls LiteLLM if the answer expires sooner than requested', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, settled, litellm } = gateway()
    const ask = async (seconds: number) => {
      const answer = await post(CHAT, chat(), { 'cache-control': `min-fresh=${seconds}` })
      await settled()
      return [answer.headers.get('x-cache'), cacheStatus(answer)[0]!['fwd']]
    }
    await ask(60)
    vi.setSystemTime(1_790_000_000_000 + 1_700_000)
    expect(await ask(100)).toEqual(['exact-hit', undefined])
    expect(await ask(101)).toEqual(['miss', 'request'])
    expect(litellm.asked).toHaveLength(2)
    vi.useRealTimers()
  })

  it('only-if-cached serves a hit or a 504 and never calls LiteLLM', async () => {
    const { post, settled, litellm } = gateway()
    const only = { 'cache-control': 'only-if-cached' }
    const none = await post(CHAT, chat(), only)
    expect(none.status).toBe(504)
    expect(await none.json()).toMatchObject({ error: { code: 'not_in_cache' } })
    expect(litellm.asked).toHaveLength(0)
    await post(CHAT, chat())
    await settled()
    expect((await post(CHAT, chat(), only)).status).toBe(200)
    expect(litellm.asked).toHaveLength(1)
  })

  it('a malformed control is a 400 that names it, without any call', async () => {
    const { post, litellm, qdrant } = gateway()
    const answer = await post(CHAT, chat(), { 'x-cache-ttl': 'long' })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { param: 'x-cache-ttl' } })
    expect(litellm.asked).toHaveLength(0)
    expect(qdrant.requests).toHaveLength(0)
  })
})
