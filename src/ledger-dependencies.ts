import type { Config } from './config.ts'
import { ledgerReader, ledgerWriter } from './ledger/client.ts'
import type { LedgerNamespace } from './ledger/client.ts'
import { ledgerRecorder, noRecorder } from './ledger/recorder.ts'
import type { Recorder } from './ledger/recorder.ts'
import type { LedgerReader } from './ledger/report.ts'
import type { JudgeBudgetOptions } from './semantic/judge-budget.ts'

/** How long a shard of the ledger may take. No caller waits for it. */
const LEDGER_TIMEOUT_MS = 5_000

/** The ledger, as the rest of the gateway uses it. */
export interface LedgerParts {
  readonly recorder: Recorder
  /** What was counted; undefined if the ledger is off. */
  readonly ledgerReader: LedgerReader | undefined
  /** What the judge cost a tenant this month; undefined if the ledger is off. */
  readonly judgeSpend: JudgeBudgetOptions['spent'] | undefined
}

/** Without the binding `LEDGER_OBJECTS` the ledger is off, like the rate limits without theirs. */
export function ledgerParts(config: Config, objects: LedgerNamespace | undefined): LedgerParts {
  if (config.LEDGER === 'off' || objects === undefined) {
    return { recorder: noRecorder, ledgerReader: undefined, judgeSpend: undefined }
  }
  const { LEDGER_JURISDICTION: jurisdiction, LEDGER_SHARDS: shards } = config
  const namespace = jurisdiction === undefined ? objects : objects.jurisdiction(jurisdiction)
  const client = { namespace, shards, timeoutMs: LEDGER_TIMEOUT_MS }
  const writer = ledgerWriter(client)
  return {
    recorder: ledgerRecorder({
      send: writer.send,
      delayMs: config.LEDGER_FLUSH_SECONDS * 1000,
      timeoutMs: LEDGER_TIMEOUT_MS,
      now: () => Date.now(),
    }),
    ledgerReader: ledgerReader(client),
    judgeSpend: writer.judgeSpend,
  }
}
