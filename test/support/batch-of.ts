import type { Batch } from '../../src/ledger/batch.ts'
import { batchOf as batchOfCounted } from '../../src/ledger/cells.ts'
import type { Counted } from '../../src/ledger/cells.ts'
import type { RequestRecord } from '../../src/ledger/record.ts'
import { RequestTally } from '../../src/ledger/request-tally.ts'

/** What happened, one by one. */
export interface LedgerRecords extends Pick<Counted, 'decisions' | 'events' | 'gauges'> {
  readonly requests: readonly RequestRecord[]
}

/** The batch that an isolate makes of these records. */
export function batchOf({ requests, ...others }: LedgerRecords): Batch {
  const tally = new RequestTally(Infinity)
  for (const request of requests) tally.add(request)
  return batchOfCounted({ ...tally.take(), ...others })
}
