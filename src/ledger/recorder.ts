import type { DecisionRecord, LedgerEvent, LedgerGauge, RequestRecord } from './record.ts'

/** Takes down what happens in this isolate. Nothing here fails, and nobody waits for it. */
export interface Recorder {
  request(record: RequestRecord): void
  decision(record: DecisionRecord): void
  count(event: LedgerEvent, times: number): void
  gauge(name: LedgerGauge, value: number): void
  /** Sends what is queued, when it is due; for `waitUntil`. Undefined if there is nothing to do. */
  flush(): Promise<void> | undefined
}

/** Records nothing, for a gateway without a ledger. */
export const noRecorder: Recorder = {
  request() {},
  decision() {},
  count() {},
  gauge() {},
  flush: () => undefined,
}
