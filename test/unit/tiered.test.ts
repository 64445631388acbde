import { describe, expect, it, vi } from 'vitest'
import type { Entry } from '../../src/cache/entry.ts'
import { memoryTier } from '../../src/store/memory.ts'
import type { NearTier, Store } from '../../src/store/store.ts'
import { tiered } from '../../src/store/tiered.ts'
import { entry, NOW } from '../contract/store-contract.ts'

/** Two near tiers and an origin store, all in memory, with a clock and a count of its lookups. */
function tiers() {
  const time = { now: NOW }
  const now = () => time.now
  const points = new Map<string, Entry>()
  const asked: string[] = []
  const origin: Store = {
    async get(id) {
      asked.push(id)
      const found = points.get(id)
      return found && { entry: found, tier: 'qdrant' }
    },
    async set(id, made) {
      points.set(id, made)
    },
    async getMany(ids) {
      asked.push(...ids)
      const found = ids.map((id) => [id, points.get(id)] as const)
      return new Map(found.flatMap(([id, one]) => (one === undefined ? [] : [[id, one]])))
    },
    async setMany(entries) {
      for (const [id, made] of entries) points.set(id, made)
    },
    findOriginal: async () => undefined,
    sweep: async () => ({ swept: 0, left: 0 }),
  }
  const memory = memoryTier(1_000_000)
  const colo: NearTier = { ...memoryTier(1_000_000), tier: 'colo' }
  const store = tiered({ near: [memory, colo], origin, copyTtlMs: 30_000, now })
  const work: Promise<unknown>[] = []
  const lookup = {
    waitUntil: (one: Promise<unknown>) => void work.push(one),
  }
  const get = async (id: string) => {
    const held = await store.get(id, lookup)
    await Promise.all(work.splice(0))
    return held
  }
  return { time, now, points, asked, origin, memory, colo, store, get, lookup }
}

describe('tiered stores', () => {
  it('fill the near tiers from the origin and do not read it again', async () => {
    const { get, points, asked } = tiers()
    points.set('a', entry())
    expect((await get('a'))?.tier).toBe('qdrant')
    expect(await get('a')).toEqual({ entry: entry(), tier: 'memory' })
    expect(asked).toEqual(['a'])
  })

  it("fill memory from the Cache API without extending the copy's life", async () => {
    const { get, points, asked, time, colo, memory } = tiers()
    points.set('a', entry())
    const validUntil = NOW + 10_000
    await colo.set('a', { entry: entry(), validUntil })
    time.now = NOW + 9_999
    expect((await get('a'))?.tier).toBe('colo')
    expect((await memory.get('a'))?.validUntil).toBe(validUntil)
    expect((await get('a'))?.tier).toBe('memory')
    time.now = validUntil
    expect((await get('a'))?.tier).toBe('qdrant')
    expect(asked).toEqual(['a'])
  })

  it("show other writers' changes once the copy expires, however often it was read", async () => {
    const { get, points, time } = tiers()
    points.set('a', entry())
    await get('a')
    points.set('a', entry({ body: 'new' }))
    for (const passed of [10_000, 20_000, 29_999]) {
      time.now = NOW + passed
      expect((await get('a'))?.tier).toBe('memory')
    }
    time.now = NOW + 30_000
    expect((await get('a'))?.entry.body).toBe('new')
    points.delete('a')
    time.now = NOW + 60_000
    expect(await get('a')).toBeUndefined()
  })

  it('show a local write at once in every tier', async () => {
    const { get, store, points, memory, colo } = tiers()
    points.set('a', entry())
    await get('a')
    await store.set('a', entry({ body: 'new' }))
    expect((await get('a'))?.entry.body).toBe('new')
    expect((await memory.get('a'))?.entry.body).toBe('new')
    expect((await colo.get('a'))?.entry.body).toBe('new')
    expect(points.get('a')?.body).toBe('new')
  })

  it('do not restore an entry that was replaced during a lookup at the origin', async () => {
    const { origin, store, get, lookup } = tiers()
    const slow = Promise.withResolvers<void>()
    const old = { entry: entry(), tier: 'qdrant' } as const
    const replaced = entry({ body: 'new', stored_at: NOW + 1 })
    origin.get = () => slow.promise.then(() => old)
    const looking = store.get('a', lookup)
    await store.putNear('a', replaced)
    slow.resolve()
    expect((await looking)?.entry.body).toBe('new')
    expect((await get('a'))?.entry.body).toBe('new')
  })

  it('do not restore an entry that was replaced during a lookup at a further tier', async () => {
    const { memory, colo, store, get, lookup } = tiers()
    const slow = Promise.withResolvers<void>()
    const old = { entry: entry(), validUntil: NOW + 30_000 }
    colo.get = () => slow.promise.then(() => old)
    const looking = store.get('a', lookup)
    await store.putNear('a', entry({ body: 'new', stored_at: NOW + 1 }))
    slow.resolve()
    expect((await looking)?.entry.body).toBe('new')
    expect((await memory.get('a'))?.entry.body).toBe('new')
    expect((await get('a'))?.entry.body).toBe('new')
  })

  it('never serve an expired entry from a near tier', async () => {
    const { get, points, time, asked } = tiers()
    points.set('a', entry({ expires_at: NOW + 5_000 }))
    await get('a')
    time.now = NOW + 5_000
    expect((await get('a'))?.tier).toBe('qdrant')
    expect((await get('a'))?.tier).toBe('qdrant')
    expect(asked).toHaveLength(3)
  })

  it('keep a copy for its lifetime even if the write to the origin fails', async () => {
    const { get, store, origin, time } = tiers()
    origin.set = async () => {
      throw new Error('down')
    }
    await expect(store.set('a', entry())).rejects.toThrow('down')
    expect((await get('a'))?.tier).toBe('memory')
    time.now = NOW + 30_000
    expect(await get('a')).toBeUndefined()
  })

  it('set no timer for a hit in isolate memory', async () => {
    const { get, points } = tiers()
    points.set('a', entry())
    await get('a')
    const timers = vi.spyOn(globalThis, 'setTimeout')
    expect((await get('a'))?.tier).toBe('memory')
    expect(timers).not.toHaveBeenCalled()
    timers.mockRestore()
  })

  it('write to the origin without waiting for a near tier that hangs', async () => {
    const { points, store, colo } = tiers()
    colo.set = () => new Promise(() => {})
    void store.set('a', entry())
    expect(points.has('a')).toBe(true)
  })

  it('find the original of a semantic hit in memory while its write to the origin is pending', async () => {
    const { store, origin, time } = tiers()
    const scope = 'f'.repeat(64)
    const original = entry({ answer_id: 'one', question: 'Why?', scope })
    origin.set = () => new Promise(() => {})
    void store.set('a', original)
    const { signal } = new AbortController()
    const wanted = { answerId: 'one', tenant: 'acme', model: 'small', scope }
    expect(await store.findOriginal(wanted, signal)).toEqual({ id: 'a', entry: original })
    expect(await store.findOriginal({ ...wanted, tenant: 'globex' }, signal)).toBeUndefined()
    time.now = NOW + 30_000
    expect(await store.findOriginal(wanted, signal)).toBeUndefined()
    void store.set('a', entry({ answer_id: 'two', question: 'Why?', scope }))
    expect(await store.findOriginal(wanted, signal)).toBeUndefined()
  })

  it("write a coalescer's entry to the first tier and the origin only", async () => {
    const { store, memory, colo, points } = tiers()
    await store.setInFirstTier('a', entry())
    expect((await memory.get('a'))?.entry).toEqual(entry())
    expect(points.get('a')).toEqual(entry())
    expect(await colo.get('a')).toBeUndefined()
  })
})

describe('a batch of entries', () => {
  it('replaces copies in every tier if it is small, and in memory if it is large', async () => {
    const { store, colo, memory, get } = tiers()
    const copy = { entry: entry({ body: '"old"' }), validUntil: NOW + 30_000 }
    await colo.set('a', copy)
    await store.setMany(new Map([['a', entry({ body: '"new"' })]]))
    expect((await get('a'))?.entry.body).toBe('"new"')
    const many = Array.from({ length: 20 }, (_, at) => [`${at}`, entry({ body: '"new"' })] as const)
    await memory.set('3', copy)
    await store.setMany(new Map(many))
    expect((await get('3'))?.entry.body).toBe('"new"')
    expect(await memory.get('4')).toBeUndefined()
  })
})
