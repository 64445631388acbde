import { qdrantStore } from '../../src/store/qdrant.ts'
import { storeContract } from '../contract/store-contract.ts'
import { FakeQdrant } from '../support/fake-qdrant.ts'
import { network } from '../support/network.ts'

storeContract('Qdrant, as the fake imitates it', async () => {
  const qdrant = new FakeQdrant()
  network({ qdrant })
  return {
    store: qdrantStore({ url: 'http://qdrant', collection: 'contract' }),
    put: async (id, payload) => {
      qdrant.points.set(id, payload)
    },
  }
})
