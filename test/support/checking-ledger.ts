import { batchSchema } from '../../src/ledger/batch.ts'
import type { LedgerNamespace } from '../../src/ledger/client.ts'

const forgets = () => Promise.reject(new Error('This ledger remembers nothing.'))

/** Checks batches as the real Durable Object does, and remembers nothing. */
export const checkingLedger: LedgerNamespace = {
  getByName: () => ({
    add: async (batch) => void batchSchema.parse(batch),
    report: forgets,
    totals: forgets,
    judgeSpend: forgets,
  }),
  jurisdiction: () => checkingLedger,
}
