import { Batching } from '../telemetry/batching.ts'
import type { Queue } from '../telemetry/batching.ts'
import { warn } from '../telemetry/log.ts'
import { LONGEST_NAME, storedName } from './batch.ts'
import type { Batch } from './batch.ts'
import { batchOf } from './cells.ts'
import { BatchLost } from './client.ts'
import type { DecisionRecord, LedgerEvent, LedgerGauge, RequestRecord } from './record.ts'
import type { LatestGauge } from './report.ts'

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

/** Records of a batch and of the whole queue. A record takes about 500 bytes until it is summed up. */
const BATCH_RECORDS = 2_000
const QUEUE_RECORDS = 10_000
/** A warning about lost records is not repeated for this long. */
const WARN_EVERY_MS = 10_000

type Item = { readonly request: RequestRecord } | { readonly decision: DecisionRecord }

/**
 * Sums up what happens and sends it to the ledger in batches. Records that are lost are counted, and
 * counters are never lost: there are few, so they wait for the next batch.
 */
export function ledgerRecorder({ send, delayMs, timeoutMs, now }: RecorderOptions): Recorder {
  let warnedAt = -Infinity
  const queue = new RecordQueue(now)

  function warnOfLoss(why: unknown): void {
    if (now() - warnedAt < WARN_EVERY_MS) return
    warnedAt = now()
    warn('counts lost', why)
  }

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
    batchSize: BATCH_RECORDS,
    delayMs,
    timeoutMs,
    now,
  })
  const add = (item: Item) => {
    if (queue.size < QUEUE_RECORDS) return queue.add(item)
    queue.count('ledger_records_dropped', 1)
    warnOfLoss('the queue is full')
  }

  return {
    request: (request) => add({ request: bounded(request) }),
    decision: (decision) => add({ decision: bounded(decision) }),
    count: (name, times) => queue.count(name, times),
    gauge: (name, value) => queue.gauge({ name, value, at: now() }),
    flush: () => batching.flush(),
  }
}

/**
 * A record whose model, which callers make up, is cut before it waits in the queue. The copy by way of
 * JSON is needed: a part of a text keeps all of it in memory.
 */
function bounded<Named extends { readonly model: string }>(record: Named): Named {
  const { model } = record
  if (model.length <= LONGEST_NAME) return record
  return { ...record, model: JSON.parse(JSON.stringify(storedName(model))) as string }
}

/** What waits for the next batch, which sums it up. */
class RecordQueue implements Queue<Batch> {
  private items: Item[] = []
  private events = new Map<LedgerEvent, number>()
  private gauges = new Map<LedgerGauge, LatestGauge>()
  private readonly now: () => number

  constructor(now: () => number) {
    this.now = now
  }

  get size(): number {
    return this.items.length + this.events.size + this.gauges.size
  }

  add(item: Item): void {
    this.items.push(item)
  }

  count(name: LedgerEvent, times: number): void {
    if (times > 0) this.events.set(name, (this.events.get(name) ?? 0) + times)
  }

  /** Keeps the latest value. */
  gauge(gauge: LatestGauge): void {
    const known = this.gauges.get(gauge.name)
    if (known === undefined || known.at <= gauge.at) this.gauges.set(gauge.name, gauge)
  }

  take(): Batch {
    const at = this.now()
    const events = Array.from(this.events, ([name, count]) => ({ at, name, count }))
    const batch = batchOf({ ...sorted(this.items), events, gauges: [...this.gauges.values()] })
    this.items = []
    this.events = new Map()
    this.gauges = new Map()
    return batch
  }
}

function sorted(items: readonly Item[]) {
  const requests: RequestRecord[] = []
  const decisions: DecisionRecord[] = []
  for (const item of items) {
    if ('request' in item) requests.push(item.request)
    else decisions.push(item.decision)
  }
  return { requests, decisions }
}
