import { Batching } from '../telemetry/batching.ts'
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

type Item =
  | { readonly request: RequestRecord }
  | { readonly decision: DecisionRecord }
  /** There are counters to send. */
  | 'counters'

/**
 * Sums up what happens and sends it to the ledger in batches. Records that are lost are counted, and
 * counters are never lost: there are few, so they wait for the next batch.
 */
export function ledgerRecorder({ send, delayMs, timeoutMs, now }: RecorderOptions): Recorder {
  let warnedAt = -Infinity
  let events = new Map<LedgerEvent, number>()
  let gauges = new Map<LedgerGauge, LatestGauge>()

  /** Whether the queue knows of counters; it may be too full for that, and is sent then anyway. */
  let isMarked = false
  const mark = () => {
    if (!isMarked) batching.add('counters')
    isMarked = true
  }
  const count = (name: LedgerEvent, times: number) => {
    if (times <= 0) return
    events.set(name, (events.get(name) ?? 0) + times)
    mark()
  }

  const batching = new Batching<Item>({
    async send(items) {
      const at = now()
      const counted = Array.from(events, ([name, count]) => ({ at, name, count }))
      const latest = [...gauges.values()]
      isMarked = false
      events = new Map()
      gauges = new Map()
      await send(batchOf({ ...sorted(items), events: counted, gauges: latest }))
    },
    onLost(items, why) {
      if (why instanceof BatchLost) {
        for (const { name, count: times } of why.events) count(name, times)
        for (const gauge of why.gauges) if (!gauges.has(gauge.name)) gauges.set(gauge.name, gauge)
        count('ledger_batches_dropped', why.batches)
        count('ledger_records_dropped', why.records)
      } else {
        count('ledger_records_dropped', items.filter((item) => item !== 'counters').length)
      }
      if (now() - warnedAt < WARN_EVERY_MS) return
      warnedAt = now()
      warn('counts lost', why)
    },
    sizeOf: () => 1,
    batchSize: BATCH_RECORDS,
    queueSize: QUEUE_RECORDS,
    delayMs,
    timeoutMs,
    now,
  })

  return {
    request: (request) => batching.add({ request: bounded(request) }),
    decision: (decision) => batching.add({ decision: bounded(decision) }),
    count,
    gauge(name, value) {
      gauges.set(name, { name, value, at: now() })
      mark()
    },
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

function sorted(items: readonly Item[]) {
  const requests: RequestRecord[] = []
  const decisions: DecisionRecord[] = []
  for (const item of items) {
    if (item === 'counters') continue
    if ('request' in item) requests.push(item.request)
    else decisions.push(item.decision)
  }
  return { requests, decisions }
}
