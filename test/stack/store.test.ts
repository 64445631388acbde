import { inject } from 'vitest'
import { entryCatalog } from '../../src/store/entry-catalog.ts'
import { qdrantStore } from '../../src/store/qdrant.ts'
import { catalogContract } from '../contract/catalog-contract.ts'
import { NOW, storeContract } from '../contract/store-contract.ts'

const { qdrant } = inject('stack')

/** An empty store of its own on the real engine. */
function realStore() {
  const collection = `contract-${crypto.randomUUID()}`
  return {
    collection,
    store: qdrantStore({ url: qdrant, collection, lookupTimeoutMs: 5_000, now: () => NOW }),
    put: async (id: string, payload: Record<string, unknown>) => {
      await fetch(`${qdrant}/collections/${collection}/points?wait=true`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ points: [{ id, vector: {}, payload }] }),
      })
    },
  }
}

storeContract('the real Qdrant engine', async () => realStore())

catalogContract('the real Qdrant engine', async (entries) => {
  const { store, collection, put } = realStore()
  await store.setMany(entries)
  return { catalog: entryCatalog({ url: qdrant, collection, timeoutMs: 5_000 }), put }
})
