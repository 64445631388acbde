import { MINUTE_MS, MOST_FAILURES_PER_BATCH, NO_PROBABILITY, storedName } from './batch.ts'
import type { Batch, DecisionCell, RequestCell } from './batch.ts'
import { bucketOf, LATENCY_BUCKETS } from './histogram.ts'
import type { DecisionRecord, LedgerEvent, LedgerOutcome, RequestRecord } from './record.ts'
import type { FailedRequest, LatestGauge } from './report.ts'
import { sumBy } from './sum-by.ts'

/** Something that happened `count` times. */
export interface CountedEvent {
  /** Epoch ms. */
  readonly at: number
  readonly name: LedgerEvent
  readonly count: number
}

/** What an isolate has to report. */
export interface LedgerRecords {
  readonly requests: readonly RequestRecord[]
  readonly decisions: readonly DecisionRecord[]
  readonly events: readonly CountedEvent[]
  readonly gauges: readonly LatestGauge[]
}

/** The outcomes that are hits, if the answer is no error. */
export const hitOutcomes: readonly LedgerOutcome[] = [
  'exact-hit',
  'semantic-hit',
  'coalesced',
  'stale',
]

export const REQUEST_KEYS = ['tenant', 'model', 'api', 'outcome', 'tier', 'status'] as const
export const DECISION_KEYS = ['tenant', 'model', 'verdict', 'shadow', 'probability'] as const

/** Sums records up by minute and names. */
export function batchOf({ requests, decisions, events, gauges }: LedgerRecords): Batch {
  const cells = events.map(({ at, name, count }) => ({ at: minuteOf(at), name, count }))
  return {
    version: 1,
    requests: sumBy(requests.map(requestCell), ['at', ...REQUEST_KEYS]),
    decisions: sumBy(decisions.map(decisionCell), ['at', ...DECISION_KEYS]),
    failures: failuresOf(requests),
    events: sumBy(cells, ['at', 'name']),
    gauges: latest(gauges),
  }
}

function requestCell(record: RequestRecord): RequestCell {
  const { saved, latencyMs, outcome } = record
  const latency = Array<number>(LATENCY_BUCKETS).fill(0)
  latency[bucketOf(latencyMs)] = 1
  return {
    at: minuteOf(record.at),
    tenant: storedName(record.tenant),
    model: storedName(record.model),
    api: storedName(record.api),
    outcome,
    tier: record.tier,
    // A 504 for `only-if-cached` is what the caller asked for, not a failure.
    status: record.error === 'not_in_cache' ? '4xx' : statusClass(record.status),
    requests: 1,
    savedInputTokens: amount(saved?.inputTokens),
    savedOutputTokens: amount(saved?.outputTokens),
    savedUsd: amount(saved?.usd),
    savedMs: amount(saved?.ms),
    unpricedHits: saved !== undefined && saved.usd === undefined ? 1 : 0,
    latencySumMs: amount(latencyMs),
    latency,
  }
}

function decisionCell(record: DecisionRecord): DecisionCell {
  const { same, agrees, judgeUsd } = record
  return {
    at: minuteOf(record.at),
    tenant: storedName(record.tenant),
    model: storedName(record.model),
    verdict: storedName(record.verdict),
    shadow: record.shadow ? 1 : 0,
    probability: same === undefined ? NO_PROBABILITY : Math.min(9, Math.floor(amount(same) * 10)),
    decisions: 1,
    agreed: agrees === true ? 1 : 0,
    disagreed: agrees === false ? 1 : 0,
    judgeCalls: judgeUsd === undefined ? 0 : 1,
    judgeUsd: amount(judgeUsd),
    judgeUnpriced: judgeUsd === null ? 1 : 0,
    judgeMs: amount(record.judgeMs),
  }
}

/** Floods of these say nothing about the gateway, and would push everything else out. */
const NOT_LISTED: ReadonlySet<number> = new Set([401, 429, 499])
/** Nor do these: the answer to `only-if-cached`. */
const NOT_FAILED = 'not_in_cache'

/** The failed requests to list: server errors before others, then the newest. */
function failuresOf(requests: readonly RequestRecord[]): FailedRequest[] {
  return requests
    .flatMap(({ error, status, at, requestId, tenant, model, api }) =>
      error === undefined || error === NOT_FAILED || NOT_LISTED.has(status)
        ? []
        : {
            at: Math.floor(at),
            requestId: storedName(requestId),
            tenant: storedName(tenant),
            model: storedName(model),
            api: storedName(api),
            status,
            error: storedName(error),
          },
    )
    .sort((a, b) => Number(b.status >= 500) - Number(a.status >= 500) || b.at - a.at)
    .slice(0, MOST_FAILURES_PER_BATCH)
}

/** The newest value of each gauge. */
export function latest(gauges: readonly LatestGauge[]): LatestGauge[] {
  const newest = new Map<string, LatestGauge>()
  for (const gauge of gauges) {
    const known = newest.get(gauge.name)
    if (known === undefined || gauge.at >= known.at) newest.set(gauge.name, gauge)
  }
  return [...newest.values()]
}

const minuteOf = (at: number) => at - (at % MINUTE_MS)

/**
 * Nothing real is larger. The sum of a batch must stay a number, or the ledger refuses all of it, and
 * SQLite's sums of whole numbers end at 2⁶³.
 */
const LARGEST_AMOUNT = 1e12

/** What is unknown, not a number or absurd counts nothing. */
const amount = (value: number | null | undefined) =>
  value !== null && value !== undefined && value > 0 && value <= LARGEST_AMOUNT ? value : 0

function statusClass(status: number): RequestCell['status'] {
  if (status < 200) return '1xx'
  if (status < 300) return '2xx'
  if (status < 400) return '3xx'
  return status < 500 ? '4xx' : '5xx'
}
