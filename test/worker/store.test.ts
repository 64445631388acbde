import { expect, it, onTestFinished, vi } from 'vitest'
import { cacheApiTier } from '../../src/store/cache-api.ts'
import { memoryTier } from '../../src/store/memory.ts'
import { qdrantStore } from '../../src/store/qdrant.ts'
import { tiered } from '../../src/store/tiered.ts'
import { NOW, entry, storeContract } from '../contract/store-contract.ts'
import { FakeQdrant } from '../support/fake-qdrant.ts'
import { network } from '../support/network.ts'

storeContract('Qdrant store on the fake Qdrant', async () => {
  const qdrant = new FakeQdrant()
  network({ qdrant })
  return {
    store: qdrantStore({
      url: 'http://qdrant',
      collection: 'contract',
      lookupTimeoutMs: 5_000,
      now: () => NOW,
    }),
    put: async (id, payload) => {
      qdrant.points.set(id, payload)
    },
  }
})

storeContract('near tiers in front of the Qdrant store', async () => {
  const qdrant = new FakeQdrant()
  network({ qdrant })
  let time = NOW - 1
  const now = () => time
  const collection = `contract-${crypto.randomUUID()}`
  const colo = cacheApiTier({ qdrantUrl: 'http://qdrant', cache: caches.default, collection, now })
  return {
    store: tiered({
      near: [memoryTier(10_000_000), colo],
      origin: qdrantStore({ url: 'http://qdrant', collection, lookupTimeoutMs: 5_000, now }),
      copyTtlMs: 30_000,
      now,
    }),
    put: async (id, payload) => {
      qdrant.points.set(id, payload)
      time += 30_000 // after that, a write by somebody else is visible
    },
    pass: () => {
      time = NOW + 30_000
    },
  }
})

it('the Qdrant store throws a TimeoutError if a lookup takes longer than lookupTimeoutMs', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  network({ qdrant: { fetch: () => new Promise<Response>(() => {}) } })
  const options = { url: 'http://qdrant', collection: 'slow', lookupTimeoutMs: 250 }
  const store = qdrantStore({ ...options, now: () => NOW })
  const ended = vi.fn<(error: unknown) => void>()
  const looking = store.get(crypto.randomUUID(), { waitUntil: () => {} }).catch(ended)
  await vi.advanceTimersByTimeAsync(249)
  expect(ended).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  await looking
  expect(ended).toHaveBeenCalledWith(expect.objectContaining({ name: 'TimeoutError' }))
})

it('calls Qdrant below the path of its address, and with its API key, in each request', async () => {
  const qdrant = new FakeQdrant()
  const seen: { path: string; key: string | null }[] = []
  const behindPath = {
    fetch(request: Request) {
      const url = new URL(request.url)
      seen.push({ path: url.pathname, key: request.headers.get('api-key') })
      url.pathname = url.pathname.replace('/base', '')
      return qdrant.fetch(new Request(url, request))
    },
  }
  network({ qdrant: behindPath })
  const store = qdrantStore({
    url: 'http://qdrant/base',
    apiKey: 'secret',
    collection: 'contract',
    lookupTimeoutMs: 5_000,
    now: () => NOW,
  })
  const id = crypto.randomUUID()
  await store.set(id, entry())
  expect((await store.get(id, { waitUntil: () => {} }))?.entry).toEqual(entry())
  await store.sweep(NOW)
  const paths = seen.map(({ path }) => path)
  expect(paths).toEqual(expect.arrayContaining(['/base/collections/contract/points']))
  expect(paths.filter((path) => !path.startsWith('/base/collections/contract'))).toEqual([])
  expect(new Set(seen.map(({ key }) => key))).toEqual(new Set(['secret']))
})

it('finds nothing if a proxy in front of Qdrant says 404 in its own words', async () => {
  network({ qdrant: { fetch: () => new Response('<h1>Not found</h1>', { status: 404 }) } })
  const options = { collection: 'contract', lookupTimeoutMs: 5_000, now: () => NOW }
  const store = qdrantStore({ url: 'http://qdrant', ...options })
  expect(await store.get(crypto.randomUUID(), { waitUntil: () => {} })).toBeUndefined()
})

it('throws what Qdrant says if it refuses a request, without its whole text', async () => {
  const refusing = { fetch: () => new Response('x'.repeat(10_000), { status: 403 }) }
  network({ qdrant: refusing })
  const options = { collection: 'contract', lookupTimeoutMs: 5_000, now: () => NOW }
  const store = qdrantStore({ url: 'http://qdrant', ...options })
  const refused = await store.get(crypto.randomUUID(), { waitUntil: () => {} }).catch(String)
  expect(refused).toMatch(/^QdrantError: Qdrant: status 403: x{300}$/)
})
