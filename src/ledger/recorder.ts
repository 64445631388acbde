import { Batching } from '../telemetry/batching.ts'
import type { Queue } from '../telemetry/batching.ts'
import { throttled, warn } from '../telemetry/log.ts'
import type { Batch } from './batch.ts'
import { batchOf, latest } from './cells.ts'
import { BatchLost } from './client.ts'
import type { DecisionRecord, LedgerEvent, LedgerGauge, RequestRecord } from './record.ts'
import type { LatestGauge } from './report.ts'
import { RequestTally } from './request-tally.ts'

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

export interface RecorderOptions {
  /** Adds a batch to the ledger. Rejects with `BatchLost` if a part of it is lost. */
  readonly send: (batch: Batch) => Promise<void>
  /** How long the first record of a batch waits for others. */
  readonly delayMs: number
  /** How long `send` may take. */
  readonly timeoutMs: number
  readonly now: () => number
}

/** The ledger takes no larger batch. A full queue is sent at once. */
const MOST_CELLS = 5_000
/** Decisions that wait. A record takes about 500 bytes until it is summed up. */
const MOST_DECISIONS = 5_000

/**
 * Sums up what happens and sends it to the ledger in batches. Records that are lost are counted, and
 * counters are never lost: there are few, so they wait for the next batch.
 */
export function ledgerRecorder({ send, delayMs, timeoutMs, now }: RecorderOptions): Recorder {
  const warnOfLoss = throttled((why) => warn('counts lost', why), now)
  const queue = new RecordQueue(now)

  const batching = new Batching<Batch>({
    queue,
    send,
    onLost(batch, why) {
      const lost = why instanceof BatchLost ? why : new BatchLost([batch], why)
      for (const { name, count } of lost.events) queue.count(name, count)
      for (const gauge of lost.gauges) queue.gauge(gauge)
      queue.count('ledger_batches_dropped', lost.batches)
      queue.count('ledger_records_dropped', lost.records)
      warnOfLoss(why)
    },
    batchSize: MOST_CELLS,
    delayMs,
    timeoutMs,
    now,
  })
  const added = (hasRoom: boolean) => {
    if (hasRoom) return
    queue.count('ledger_records_dropped', 1)
    warnOfLoss('the queue is full')
  }

  return {
    request: (record) => added(queue.request(record)),
    decision: (record) => added(queue.decision(record)),
    count: (name, times) => queue.count(name, times),
    gauge: (name, value) => queue.gauge({ name, value, at: now() }),
    flush: () => batching.flush(),
  }
}

/** What waits for the next batch. */
class RecordQueue implements Queue<Batch> {
  private readonly requests = new RequestTally(MOST_CELLS)
  private decisions: DecisionRecord[] = []
  private events = new Map<LedgerEvent, number>()
  private gauges: LatestGauge[] = []
  private readonly now: () => number

  constructor(now: () => number) {
    this.now = now
  }

  get size(): number {
    return this.requests.size + this.decisions.length + this.events.size + this.gauges.length
  }

  /** False if there is no room for it. */
  request(record: RequestRecord): boolean {
    return this.requests.add(record)
  }

  /** False if there is no room for it. */
  decision(record: DecisionRecord): boolean {
    if (this.decisions.length >= MOST_DECISIONS) return false
    this.decisions.push(record)
    return true
  }

  count(name: LedgerEvent, times: number): void {
    if (times > 0) this.events.set(name, (this.events.get(name) ?? 0) + times)
  }

  gauge(gauge: LatestGauge): void {
    this.gauges = latest([...this.gauges, gauge])
  }

  take(): Batch {
    const { decisions, gauges } = this
    const at = this.now()
    const events = Array.from(this.events, ([name, count]) => ({ at, name, count }))
    this.decisions = []
    this.events = new Map()
    this.gauges = []
    return batchOf({ ...this.requests.take(), decisions, events, gauges })
  }
}
