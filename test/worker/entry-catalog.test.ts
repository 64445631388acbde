import { expect, it } from 'vitest'
import { entryCatalog } from '../../src/store/entry-catalog.ts'
import { pointQueries } from '../../src/store/point-queries.ts'
import { connect } from '../../src/store/qdrant-client.ts'
import { qdrantStore } from '../../src/store/qdrant.ts'
import { catalogContract } from '../contract/catalog-contract.ts'
import { NOW } from '../contract/store-contract.ts'
import { FakeQdrant } from '../support/fake-qdrant.ts'
import { network } from '../support/network.ts'

const options = { url: 'http://qdrant', collection: 'contract', timeoutMs: 5_000 }

catalogContract('the fake Qdrant', async (entries) => {
  const qdrant = new FakeQdrant()
  network({ qdrant })
  const store = qdrantStore({ ...options, lookupTimeoutMs: 5_000, now: () => NOW })
  await store.setMany(entries)
  const put = async (id: string, payload: Record<string, unknown>) => {
    qdrant.points.set(id, payload)
  }
  return { catalog: entryCatalog(options), put }
})

it('the entry catalog of a collection that does not exist is empty', async () => {
  network({ qdrant: new FakeQdrant() })
  const catalog = entryCatalog(options)
  const page = await catalog.page({ all: true }, { limit: 1, withContent: false })
  expect(page).toEqual({ entries: [], next: undefined })
  expect(await catalog.count({ all: true })).toBe(0)
  expect(await catalog.countBy('model', { all: true }, 1)).toEqual(new Map())
})

it('point queries never delete without a condition', async () => {
  const qdrant = new FakeQdrant()
  network({ qdrant })
  const { url, ...rest } = options
  const queries = pointQueries({ qdrant: connect({ url }).api(), ...rest })
  await expect(queries.delete([])).rejects.toThrow(RangeError)
  expect(qdrant.requests).toEqual([])
})
