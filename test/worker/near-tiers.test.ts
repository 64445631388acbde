import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cacheApiTier } from '../../src/store/cache-api.ts'
import { entry, NOW } from '../contract/store-contract.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { chat, gateway, WITHOUT_KEYS } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** A gateway with copies near it, and a second isolate of the same data centre. */
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

describe('near tiers', () => {
  it('answer from the isolate that made the answer, without asking Qdrant', async () => {
    const { first, ask, lookups } = isolates()
    const made = await ask(first)
    expect(lookups()).toBe(1)
    const again = await ask(first)
    expect(again.edge).toMatchObject({ hit: true, ttl: 1800, detail: 'memory' })
    expect(again.body).toBe(made.body)
    expect(lookups()).toBe(1)
  })

  it("answer another isolate from the data centre's cache, and then from its own memory", async () => {
    const { first, second, ask, lookups } = isolates()
    const made = await ask(first)
    const there = await ask(second)
    expect(there).toMatchObject({ body: made.body, edge: { hit: true, detail: 'colo' } })
    expect(await ask(second)).toMatchObject({ body: made.body, edge: { detail: 'memory' } })
    expect(lookups()).toBe(1)
  })

  it('let Qdrant be asked again after EDGE_TTL_SECONDS, however often they were read', async () => {
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

  it('show a refresh at once where it was made, elsewhere within EDGE_TTL_SECONDS', async () => {
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

  it('check whose answer it is, as Qdrant does', async () => {
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

  it("tell an operator where the data centre's cache does nothing", async () => {
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

describe("the data centre's cache", () => {
  const { signal } = new AbortController()
  const now = () => NOW
  const validUntil = NOW + 30_000

  it('failing or too slow is as good as empty', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const never = { match: () => new Promise<never>(() => {}), put: async () => {} }
    const broken = {
      match: () => Promise.reject(new Error('no')),
      put: () => Promise.reject(new Error('no')),
    }
    const slow = cacheApiTier({ qdrantUrl: 'http://qdrant', cache: never, collection: 'slow', now })
    expect(await slow.get('a', AbortSignal.abort())).toBeUndefined()
    const failing = cacheApiTier({
      qdrantUrl: 'http://qdrant',
      cache: broken,
      collection: 'broken',
      now,
    })
    expect(await failing.get('a', signal)).toBeUndefined()
    await failing.set('a', { entry: entry(), validUntil })
  })

  it('gives nothing that does not read as a copy', async () => {
    const match = async () => Response.json({ validUntil, entry: { ...entry(), v: 99 } })
    const tier = cacheApiTier({
      qdrantUrl: 'http://qdrant',
      cache: { match, put: async () => {} },
      collection: 'odd',
      now,
    })
    expect(await tier.get('a', signal)).toBeUndefined()
  })

  it('keeps a copy no longer than it is valid, and none that is not', async () => {
    const put = vi.fn<Cache['put']>(async () => {})
    const tier = cacheApiTier({
      qdrantUrl: 'http://qdrant',
      cache: { match: async () => undefined, put },
      collection: 'x',
      now,
    })
    await tier.set('a', { entry: entry(), validUntil })
    expect(put.mock.calls[0]![1].headers.get('cache-control')).toBe('max-age=30')
    await tier.set('a', { entry: entry(), validUntil: NOW + 999 })
    expect(put).toHaveBeenCalledOnce()
  })

  it('tells two Qdrants apart', async () => {
    const [one, other] = ['https://one', 'https://other'].map((qdrantUrl) =>
      cacheApiTier({ cache: caches.default, qdrantUrl, collection: 'same', now }),
    )
    await one!.set('a', { entry: entry(), validUntil })
    expect(await one!.get('a', signal)).toBeDefined()
    expect(await other!.get('a', signal)).toBeUndefined()
  })

  it('tells collections apart', async () => {
    const tiers = ['one', 'other'].map((collection) =>
      cacheApiTier({ qdrantUrl: 'http://qdrant', cache: caches.default, collection, now }),
    )
    const id = crypto.randomUUID()
    await tiers[0]!.set(id, { entry: entry(), validUntil })
    expect(await tiers[0]!.get(id, signal)).toBeDefined()
    expect(await tiers[1]!.get(id, signal)).toBeUndefined()
  })
})
