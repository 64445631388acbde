import { inject } from 'vitest'
import { qdrantStore } from '../../src/store/qdrant.ts'
import { NOW, storeContract } from '../contract/store-contract.ts'

const { qdrant } = inject('stack')

storeContract('the real Qdrant engine', async () => {
  const collection = `contract-${crypto.randomUUID()}`
  return {
    store: qdrantStore({ url: qdrant, collection, lookupTimeoutMs: 5_000, now: () => NOW }),
    put: async (id, payload) => {
      await fetch(`${qdrant}/collections/${collection}/points?wait=true`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ points: [{ id, vector: {}, payload }] }),
      })
    },
  }
})
