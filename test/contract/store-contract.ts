import { beforeEach, describe, expect, it } from 'vitest'
import { ENTRY_VERSION } from '../../src/cache/entry.ts'
import type { Entry } from '../../src/cache/entry.ts'
import type { Store } from '../../src/store/store.ts'

export const NOW = 1_790_000_000_000
/** A lookup whose background work nobody waits for. */
const soon = () => ({ waitUntil: () => {} })

/** A whole entry, with anything in it replaced. */
export function entry(over: Partial<Entry> = {}): Entry {
  return {
    v: ENTRY_VERSION,
    proof: 'a'.repeat(64),
    tenant: 'acme',
    path: '/v1/chat/completions',
    model: 'small',
    namespace: '',
    tags: [],
    stored_at: NOW,
    expires_at: NOW + 1_800_000,
    status: 200,
    content_type: 'application/json',
    mode: 'json',
    body: '{"id":12345678901234567890,"text":"ü😀\\u0000"}',
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    cost_usd: 0.25,
    latency_ms: 12.5,
    source: 'llm',
    created: null,
    ...over,
  }
}

/** What every store guarantees. `make` returns an empty store and a way to write raw payloads. */
export function storeContract(
  name: string,
  make: () => Promise<{
    store: Store
    put: (id: string, payload: Record<string, unknown>) => Promise<void>
    /** Lets near copies expire, if there are any. */
    pass?: () => void
  }>,
): void {
  describe(`the store contract: ${name}`, () => {
    let store: Store
    let put: (id: string, payload: Record<string, unknown>) => Promise<void>
    let pass: () => void
    const id = () => crypto.randomUUID()

    beforeEach(async () => {
      ;({ store, put, pass = () => {} } = await make())
    })

    it('returns a stored entry unchanged', async () => {
      const kept = entry()
      const key = id()
      await store.set(key, kept)
      expect((await store.get(key, soon()))?.entry).toEqual(kept)
    })

    it('returns nothing for an unknown id, even before the first write', async () => {
      expect(await store.get(id(), soon())).toBeUndefined()
      await store.set(id(), entry())
      expect(await store.get(id(), soon())).toBeUndefined()
    })

    it('replaces a stored entry completely', async () => {
      const key = id()
      await store.set(key, entry())
      await store.set(key, entry({ body: '{}', source: 'semantic', similarity: 0.9 }))
      expect((await store.get(key, soon()))?.entry).toMatchObject({
        body: '{}',
        similarity: 0.9,
      })
      await store.set(key, entry())
      expect((await store.get(key, soon()))?.entry).not.toHaveProperty('similarity')
    })

    it('stores a megabyte of text exactly', async () => {
      const key = id()
      const body = 'aü😀"\\\n'.repeat(100_000)
      await store.set(key, entry({ body }))
      expect((await store.get(key, soon()))?.entry.body).toBe(body)
    })

    it('stores and returns many entries at once', async () => {
      const many = new Map(
        Array.from({ length: 300 }, (_, at) => [id(), entry({ body: `"${at} ü😀"` })]),
      )
      const ids = [...many.keys()]
      expect(await store.getMany(ids)).toEqual(new Map())
      await store.setMany(many)
      expect(await store.getMany([...ids, id()])).toEqual(many)
      expect((await store.get(ids[7]!, soon()))?.entry).toEqual(many.get(ids[7]!))
      await store.setMany(new Map([[ids[7]!, entry({ body: '"new"' })]]))
      expect((await store.get(ids[7]!, soon()))?.entry.body).toBe('"new"')
      await put(ids[8]!, { ...entry(), v: 99 })
      expect([...(await store.getMany(ids.slice(7, 10))).keys()].sort()).toEqual(
        [ids[7]!, ids[9]!].sort(),
      )
    })

    it('treats an unreadable payload as missing and overwrites it', async () => {
      const key = id()
      await store.set(id(), entry())
      const payloads = [{ ...entry(), v: 99 }, { ...entry(), body: { nested: 1 } }, { text: 'x' }]
      for (const payload of payloads) {
        await put(key, payload)
        expect(await store.get(key, soon())).toBeUndefined()
        await store.set(key, entry())
        expect((await store.get(key, soon()))?.entry).toEqual(entry())
      }
    })

    it('finds the original of an answer only by exact id, tenant, model and scope, and only if unique', async () => {
      const scope = 'f'.repeat(64)
      const original = entry({ answer_id: 'one', question: 'Why?', scope })
      const key = id()
      await store.set(key, original)
      await store.set(id(), entry({ answer_id: 'twice', question: 'Why?', scope }))
      await store.set(id(), entry({ answer_id: 'twice', question: 'How?', scope }))
      await store.set(id(), entry())
      const wanted = { answerId: 'one', tenant: 'acme', model: 'small', scope }
      const { signal } = new AbortController()
      expect(await store.findOriginal(wanted, signal)).toEqual({ id: key, entry: original })
      for (const over of [
        { answerId: 'two' },
        { answerId: 'twice' },
        { tenant: 'globex' },
        { model: 'large' },
        { scope: 'e'.repeat(64) },
      ]) {
        expect(await store.findOriginal({ ...wanted, ...over }, signal)).toBeUndefined()
      }
    })

    it('sweeps only entries that expired before the given instant', async () => {
      const [old, fresh] = [id(), id()]
      await store.set(old, entry({ expires_at: NOW - 1 }))
      await store.set(fresh, entry({ expires_at: NOW }))
      expect(await store.sweep(NOW)).toEqual({ swept: 1, left: 0 })
      pass()
      expect(await store.get(old, soon())).toBeUndefined()
      expect(await store.get(fresh, soon())).toBeDefined()
      expect(await store.sweep(NOW)).toEqual({ swept: 0, left: 0 })
    })

    it('sweeps page by page and spares an entry that is refreshed meanwhile', async () => {
      const ids = Array.from({ length: 2_100 }, id)
      const old = entry({ expires_at: NOW - 1, body: 'x' })
      for (let at = 0; at < ids.length; at += 100) {
        await Promise.all(ids.slice(at, at + 100).map((key) => store.set(key, old)))
      }
      const swept = store.sweep(NOW)
      await store.set(ids[7]!, entry())
      expect((await swept).swept).toBeGreaterThanOrEqual(ids.length - 1)
      pass()
      expect((await store.get(ids[7]!, soon()))?.entry).toEqual(entry())
      expect(await store.get(ids[2_099]!, soon())).toBeUndefined()
      expect(await store.sweep(NOW)).toEqual({ swept: 0, left: 0 })
    })

    it('reports how many expired entries a bounded sweep left', async () => {
      const old = Array.from({ length: 5 }, () => store.set(id(), entry({ expires_at: NOW - 1 })))
      await Promise.all([...old, store.set(id(), entry({ expires_at: NOW }))])
      const bounds = { pageSize: 2, maxPages: 2 }
      expect(await store.sweep(NOW, bounds)).toEqual({ swept: 4, left: 1 })
      expect(await store.sweep(NOW, bounds)).toEqual({ swept: 1, left: 0 })
    })

    describe('a semantic hit', () => {
      const semantic = entry({ source: 'semantic', body: '"by meaning"', stored_at: NOW - 60_000 })

      /** The stored body after a semantic hit was written over this entry. */
      async function after(before: Entry): Promise<string | undefined> {
        const key = id()
        await store.set(key, before)
        await store.set(key, semantic)
        pass()
        return (await store.get(key, soon()))?.entry.body
      }

      it('never replaces a newer entry', async () => {
        expect(await after(entry({ stored_at: NOW - 59_999 }))).toBe(entry().body)
      })

      it('replaces an older or expired entry', async () => {
        expect(await after(entry({ stored_at: NOW - 60_001 }))).toBe(semantic.body)
        expect(await after(entry({ expires_at: NOW }))).toBe(semantic.body)
      })

      it('replaces an unreadable payload, and is stored under an unused id', async () => {
        const key = id()
        await store.set(key, semantic)
        expect((await store.get(key, soon()))?.entry).toEqual(semantic)
        await put(key, { ...entry(), v: ENTRY_VERSION + 1 })
        await store.set(key, semantic)
        pass()
        expect((await store.get(key, soon()))?.entry).toEqual(semantic)
      })
    })

    it('refuses to sweep by NaN or Infinity', async () => {
      await expect(store.sweep(Number.NaN)).rejects.toThrow('not an instant')
      await expect(store.sweep(Infinity)).rejects.toThrow('not an instant')
    })

    it('sweeps nothing in an empty store', async () => {
      expect(await store.sweep(NOW)).toEqual({ swept: 0, left: 0 })
    })
  })
}
