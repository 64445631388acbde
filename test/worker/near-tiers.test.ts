import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cacheApiTier } from '../../src/store/cache-api.ts'
import { entry, NOW } from '../contract/store-contract.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { chat, gateway, WITHOUT_KEYS } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'

// Fake timers, so that a slow machine does not make a tier slow.
beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date', 'setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** A gateway with near tiers, and a second isolate of the same data centre. */
function isolates() {
  const env = { ...WITHOUT_KEYS, QDRANT_COLLECTION: `near-${crypto.randomUUID()}` }
  const first = gateway({ env })
  const second = gateway({ env, hosts: { litellm: first.litellm, qdrant: first.qdrant } })
  const ask = async (isolate: typeof first, headers: Record<string, string> = {}) => {
    const answer = await isolate.post(CHAT, chat(), headers)
    const seen = { body: await answer.text(), edge: cacheStatus(answer).at(-1)! }
    await isolate.settled()
    return seen
  }
  const lookups = () =>
    first.qdrant.requests.filter((request) => /^POST .*\/points$/.test(request)).length
  return { first, second, ask, lookups }
}

describe('the near tiers', () => {
  it('serve a hit from the memory of the isolate that stored it, without a Qdrant lookup', async () => {
    const { first, ask, lookups } = isolates()
    const made = await ask(first)
    expect(lookups()).toBe(1)
    const again = await ask(first)
    expect(again.edge).toMatchObject({ hit: true, ttl: 1800, detail: 'memory' })
    expect(again.body).toBe(made.body)
    expect(lookups()).toBe(1)
  })

  it('serve another isolate from the Cache API, and then from its own memory', async () => {
    const { first, second, ask, lookups } = isolates()
    const made = await ask(first)
    const there = await ask(second)
    expect(there).toMatchObject({ body: made.body, edge: { hit: true, detail: 'colo' } })
    expect(await ask(second)).toMatchObject({ body: made.body, edge: { detail: 'memory' } })
    expect(lookups()).toBe(1)
  })

  it('read Qdrant again after EDGE_TTL_SECONDS, however often they were hit', async () => {
    const { first, ask, lookups } = isolates()
    await ask(first)
    for (const passed of [10_000, 20_000, 29_999]) {
      vi.setSystemTime(NOW + passed)
      expect((await ask(first)).edge['detail']).toBe('memory')
    }
    vi.setSystemTime(NOW + 30_000)
    expect((await ask(first)).edge).toMatchObject({ detail: 'qdrant', ttl: 1770 })
    expect((await ask(first)).edge['detail']).toBe('memory')
    expect(lookups()).toBe(2)
  })

  it('show a refresh at once in the same isolate, and elsewhere within EDGE_TTL_SECONDS', async () => {
    const { first, second, ask } = isolates()
    const old = await ask(first)
    await ask(second)
    vi.setSystemTime(NOW + 1_000)
    const refreshed = await ask(first, { 'cache-control': 'no-cache' })
    expect(refreshed.body).not.toBe(old.body)
    expect((await ask(first)).body).toBe(refreshed.body)
    expect((await ask(second)).body).toBe(old.body)
    vi.setSystemTime(NOW + 30_000)
    expect((await ask(second)).body).toBe(refreshed.body)
  })

  it('check the tenant of a copy as they do of an entry from Qdrant', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { first, ask, lookups } = isolates()
    await ask(first)
    const [[id, payload] = []] = first.qdrant.points
    first.qdrant.points.set(id!, { ...payload, tenant: 'mallory' })
    vi.setSystemTime(NOW + 30_000)
    const reading = { ...chat(), cache: { 'no-store': true } }
    for (const _ of ['from Qdrant', 'from memory']) {
      const answer = await first.post(CHAT, reading)
      expect(cacheStatus(answer).at(-1)).toMatchObject({ fwd: 'uri-miss', detail: 'tenant' })
      await answer.text()
      await first.settled()
    }
    expect(lookups()).toBe(2)
  })

  it('are off with EDGE_TTL_SECONDS=0', async () => {
    const { post, settled } = gateway({ env: { EDGE_TTL_SECONDS: '0' } })
    await (await post(CHAT, chat())).text()
    await settled()
    for (const _ of [1, 2]) {
      const answer = await post(CHAT, chat())
      expect(cacheStatus(answer).at(-1)).toMatchObject({ hit: true, detail: 'qdrant' })
      await answer.text()
      await settled()
    }
  })

  it('leave Qdrant its full timeout and the breaker closed if the Cache API hangs', async () => {
    const { first, second } = isolates()
    const questions = Array.from({ length: 10 }, (_, seed) => chat({ seed }))
    for (const question of questions) await first.post(CHAT, question)
    await first.settled()
    const real = first.qdrant.fetch
    first.qdrant.fetch = (request) => {
      vi.advanceTimersByTime(249) // of 250
      return real(request)
    }
    vi.spyOn(caches.default, 'match').mockImplementation(() => {
      queueMicrotask(() => vi.advanceTimersByTime(50))
      return new Promise(() => {})
    })
    for (const question of questions) {
      const answer = await second.post(CHAT, question)
      expect(answer.headers.get('x-cache')).toBe('exact-hit')
      expect(cacheStatus(answer).at(-1)).toMatchObject({ hit: true, detail: 'qdrant' })
    }
    const health = await second.get('/health?verbose')
    expect(await health.json()).toMatchObject({ breaker: 'closed' })
  })

  it('set no timer for a hit in isolate memory', async () => {
    const { first, ask } = isolates()
    await ask(first)
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const answer = await first.post(CHAT, chat())
    expect(cacheStatus(answer).at(-1)).toMatchObject({ detail: 'memory' })
    expect(timers).not.toHaveBeenCalled()
  })

  it('are reported by /health?verbose, including that the Cache API is inert on workers.dev', async () => {
    const { send } = gateway({ env: { ENVIRONMENT: 'development' } })
    const tiersAt = async (host: string) => {
      const answer = await send(new Request(`https://${host}/health?verbose`))
      return (await answer.json<{ near_tiers: unknown }>()).near_tiers
    }
    expect(await tiersAt('gateway.example')).toEqual({ memory: 'on', colo: 'on' })
    expect(await tiersAt('name.workers.dev')).toEqual({
      memory: 'on',
      colo: 'inert on workers.dev',
    })
  })
})

describe('the Cache API tier', () => {
  const now = () => NOW
  const validUntil = NOW + 30_000

  it('is treated as empty if the Cache API fails', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const fails = () => Promise.reject(new Error('no'))
    const cache = { match: fails, put: fails, delete: fails }
    const tier = cacheApiTier({ qdrantUrl: 'http://qdrant', cache, collection: 'broken', now })
    expect(await tier.get('a')).toBeUndefined()
    await tier.set('a', { entry: entry(), validUntil })
    await tier.delete('a')
  })

  /** A tier whose Cache API hangs until a test says otherwise. */
  function slowTier() {
    const match = vi.fn<Cache['match']>(() => new Promise(() => {}))
    const cache = { match, put: async () => {}, delete: async () => true }
    const clock = () => Date.now()
    const collection = 'slow'
    const tier = cacheApiTier({ qdrantUrl: 'http://qdrant', cache, collection, now: clock })
    return { match, tier }
  }

  it('is treated as empty if the Cache API does not answer within 50 ms', async () => {
    const { tier } = slowTier()
    const ended = vi.fn<() => void>()
    const looking = tier.get('a').finally(ended)
    await vi.advanceTimersByTimeAsync(49)
    expect(ended).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(await looking).toBeUndefined()
  })

  it('is read once every five seconds after five slow lookups in a row, until one is fast', async () => {
    const { tier, match } = slowTier()
    const slow = async () => {
      const looking = tier.get('a')
      await vi.advanceTimersByTimeAsync(50)
      expect(await looking).toBeUndefined()
    }
    for (let n = 0; n < 7; n += 1) await slow()
    expect(match).toHaveBeenCalledTimes(5)
    await vi.advanceTimersByTimeAsync(5_000)
    await slow()
    await slow()
    expect(match).toHaveBeenCalledTimes(6)
    await vi.advanceTimersByTimeAsync(5_000)
    match.mockResolvedValue(Response.json({ validUntil, entry: entry() }))
    expect(await tier.get('a')).toBeDefined()
    match.mockImplementation(() => new Promise(() => {}))
    for (let n = 0; n < 4; n += 1) await slow()
    expect(match).toHaveBeenCalledTimes(11)
  })

  it('ignores a copy that does not match the schema', async () => {
    const match = async () => Response.json({ validUntil, entry: { ...entry(), v: 99 } })
    const tier = cacheApiTier({
      qdrantUrl: 'http://qdrant',
      cache: { match, put: async () => {}, delete: async () => true },
      collection: 'odd',
      now,
    })
    expect(await tier.get('a')).toBeUndefined()
  })

  it('stores a copy for as long as it is valid, and none that is valid for less than a second', async () => {
    const put = vi.fn<Cache['put']>(async () => {})
    const tier = cacheApiTier({
      qdrantUrl: 'http://qdrant',
      cache: { match: async () => undefined, put, delete: async () => true },
      collection: 'x',
      now,
    })
    await tier.set('a', { entry: entry(), validUntil })
    expect(put.mock.calls[0]![1].headers.get('cache-control')).toBe('max-age=30')
    await tier.set('a', { entry: entry(), validUntil: NOW + 999 })
    expect(put).toHaveBeenCalledOnce()
  })

  it('keeps the copies of two Qdrant URLs apart', async () => {
    const [one, other] = ['https://one', 'https://other'].map((qdrantUrl) =>
      cacheApiTier({ cache: caches.default, qdrantUrl, collection: 'same', now }),
    )
    await one!.set('a', { entry: entry(), validUntil })
    expect(await one!.get('a')).toBeDefined()
    expect(await other!.get('a')).toBeUndefined()
  })

  it('keeps the copies of two collections apart', async () => {
    const tiers = ['one', 'other'].map((collection) =>
      cacheApiTier({ qdrantUrl: 'http://qdrant', cache: caches.default, collection, now }),
    )
    const id = crypto.randomUUID()
    await tiers[0]!.set(id, { entry: entry(), validUntil })
    expect(await tiers[0]!.get(id)).toBeDefined()
    expect(await tiers[1]!.get(id)).toBeUndefined()
  })
})
