import { beforeEach, describe, expect, it } from 'vitest'
import type { Entry } from '../../src/cache/entry.ts'
import type { EntryCatalog, EntryFilter } from '../../src/store/entry-catalog.ts'
import { entry, NOW } from './store-contract.ts'

type Put = (id: string, payload: Record<string, unknown>) => Promise<void>

/** What the catalog guarantees on every Qdrant. `make` gives one on a store with these entries. */
export function catalogContract(
  name: string,
  make: (entries: ReadonlyMap<string, Entry>) => Promise<{ catalog: EntryCatalog; put: Put }>,
): void {
  const key = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
  const ALL: Partial<Entry>[] = [
    { tenant: 'acme', model: 'small', tags: ['a', 'b'], stored_at: NOW - 100 },
    { tenant: 'acme', model: 'large', namespace: 'n', stored_at: NOW - 50 },
    { tenant: '["acme","ann"]', path: '/v1/embeddings', expires_at: NOW - 1, stored_at: NOW - 10 },
    { tenant: 'globex', source: 'semantic', tags: ['b'], stored_at: NOW },
  ]

  describe(`the entry catalog on ${name}`, () => {
    let catalog: EntryCatalog
    let put: Put
    beforeEach(async () => {
      const entries = ALL.map((over, at): [string, Entry] => [key(at), entry(over)])
      ;({ catalog, put } = await make(new Map(entries)))
    })

    const keysOf = async (filter: EntryFilter) => {
      const { entries } = await catalog.page(filter, { limit: 10, withContent: false })
      return entries.map((one) => ALL.findIndex((_, at) => key(at) === one.key))
    }

    it.each<[string, EntryFilter, number[]]>([
      ['everything', { all: true }, [0, 1, 2, 3]],
      ['a key', { keys: [key(2)] }, [2]],
      ['a tenant, without its end users', { tenants: ['acme'] }, [0, 1]],
      ['several tenants', { tenants: ['globex', '["acme","ann"]'] }, [2, 3]],
      ['a model', { models: ['large'] }, [1]],
      ['one of several tags', { tags: ['a'] }, [0]],
      ['a tag', { tags: ['b'] }, [0, 3]],
      ['a namespace', { namespaces: ['n'] }, [1]],
      ['no namespace', { namespaces: [''] }, [0, 2, 3]],
      ['an API', { paths: ['/v1/embeddings'] }, [2]],
      ['a source', { sources: ['semantic'] }, [3]],
      ['age', { storedBefore: NOW - 50 }, [0]],
      ['youth', { storedSince: NOW - 50 }, [1, 2, 3]],
      ['expiry', { expiresBefore: NOW }, [2]],
      ['all members at once', { tenants: ['acme'], tags: ['b'], storedBefore: NOW }, [0]],
      ['members that no entry has together', { tenants: ['globex'], tags: ['a'] }, []],
    ])('finds and counts by %s', async (_, filter, found) => {
      expect(await keysOf(filter)).toEqual(found)
      expect(await catalog.count(filter)).toBe(found.length)
    })

    it('pages in the order of keys, and ends', async () => {
      const options = { limit: 3, withContent: false }
      const first = await catalog.page({ all: true }, options)
      expect(first.entries.map((one) => one.key)).toEqual([key(0), key(1), key(2)])
      const second = await catalog.page({ all: true }, { ...options, cursor: first.next })
      expect([second.entries.map((one) => one.key), second.next]).toEqual([[key(3)], undefined])
    })

    it('shows what people wrote and models answered only if it is asked to', async () => {
      await put(key(9), { ...entry(), question: 'Why?', original_question: 'How?' })
      const read = async (withContent: boolean) => {
        const page = await catalog.page({ keys: [key(9)] }, { limit: 1, withContent })
        return page.entries[0]!.payload
      }
      const { body: _, ...rest } = entry()
      expect(await read(false)).toEqual(rest)
      expect(await read(true)).toMatchObject({ body: entry().body, question: 'Why?' })
    })

    it('counts by a member, the most frequent first, within a filter', async () => {
      expect([...(await catalog.countBy('model', { all: true }, 10))]).toEqual([
        ['small', 3],
        ['large', 1],
      ])
      const acme = { tenants: ['acme'] }
      expect(await catalog.countBy('tenant', acme, 10)).toEqual(new Map([['acme', 2]]))
    })

    it('deletes only those of the keys that still match', async () => {
      await catalog.delete([key(0), key(1), key(3)], { tenants: ['acme'], storedBefore: NOW - 50 })
      expect(await keysOf({ all: true })).toEqual([1, 2, 3])
    })

    it('deletes nothing without keys, whatever the filter', async () => {
      await catalog.delete([], { all: true })
      expect(await catalog.count({ all: true })).toBe(4)
    })

    it.each<[string, EntryFilter]>([
      ['empty', {}],
      ['with nothing but undefined', { tenants: undefined }],
      ['by a time that is none', { storedBefore: Number.NaN }],
      ['by everything and something', { all: true, tenants: ['acme'] }],
    ])('refuses a filter that is %s', async (_, filter) => {
      await expect(catalog.count(filter)).rejects.toThrow(RangeError)
      await expect(catalog.delete([key(0)], filter)).rejects.toThrow(RangeError)
      await expect(catalog.page(filter, { limit: 1, withContent: false })).rejects.toThrow(
        RangeError,
      )
    })
  })
}
