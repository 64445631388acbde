import { totalOf } from '../../src/dashboard/sums.ts'
import { bucketOf, LATENCY_BUCKETS } from '../../src/ledger/histogram.ts'
import type { LedgerOutcome, LedgerTier } from '../../src/ledger/record.ts'
import type {
  GroupSums,
  LedgerReader,
  OutcomeSums,
  Report,
  ReportQuery,
  SeriesStep,
  Sums,
} from '../../src/ledger/report.ts'

/** A tenant that never sent a request. */
export const QUIET_TENANT = 'nobody'
/** A tenant whose shard does not answer. */
export const UNREADABLE_TENANT = 'unreadable'
/** A name that would run as a script, or as a formula in a spreadsheet, if it were not escaped. */
export const HOSTILE_TENANT = '=1+1"><img src=x onerror=alert(1)><script>alert(2)</script>'

/** How often each outcome occurs, and how long it typically takes, in ms. */
const TRAFFIC: readonly (readonly [LedgerOutcome, LedgerTier, weight: number, ms: number])[] = [
  ['exact-hit', 'memory', 14, 2],
  ['exact-hit', 'colo', 9, 9],
  ['exact-hit', 'qdrant', 12, 38],
  ['semantic-hit', '', 4, 310],
  ['coalesced', '', 3, 720],
  ['stale', 'qdrant', 1, 95],
  ['miss', '', 42, 1_450],
  ['refresh', '', 2, 1_600],
  ['bypass', '', 8, 2_100],
  ['rejected', '', 2, 1],
]

/** A ledger with plausible traffic, the same at each call. */
export const fakeLedger: LedgerReader = {
  async report(query) {
    if (query.tenant === UNREADABLE_TENANT) throw new Error('A shard did not answer.')
    return query.tenant === QUIET_TENANT ? emptyReport(query) : busyReport(query)
  },
  totals: () => Promise.reject(new Error('The dashboard reads no totals.')),
}

/** A report of a range without requests. */
export const emptyReport = (query: ReportQuery): Report => ({
  query,
  series: [],
  outcomes: [],
  models: [],
  tenants: [],
  apis: [],
  verdicts: [],
  probabilities: Array<number>(10).fill(0),
  judge: { calls: 0, usd: 0, unpriced: 0, ms: 0 },
  failures: [],
  events: [],
  gauges: [],
})

function busyReport(query: ReportQuery): Report {
  const series = seriesOf(query)
  const outcomes = outcomesOf(series)
  const total = outcomes.reduce((sum, { requests }) => sum + requests, 0)
  const at = (minutesAgo: number) => query.to - query.stepMs - minutesAgo * 60_000
  const groups = (names: readonly string[]) => groupsOf(names, total)
  return {
    query,
    series,
    outcomes,
    models: groups([
      'gpt-5-mini',
      'claude-sonnet-4-5',
      'mistral/mistral-small',
      'text-embedding-3',
    ]),
    tenants: groups(
      query.tenant === undefined ? ['acme', HOSTILE_TENANT, 'f'.repeat(64), ''] : [query.tenant],
    ),
    apis: groups(['/v1/chat/completions', '/v1/embeddings', '/v1/messages']),
    verdicts: [
      { verdict: 'hit', shadow: false, decisions: 124, agreed: 0, disagreed: 0 },
      { verdict: 'not the same', shadow: false, decisions: 57, agreed: 0, disagreed: 0 },
      { verdict: 'judge unavailable', shadow: false, decisions: 3, agreed: 0, disagreed: 0 },
      { verdict: 'hit', shadow: true, decisions: 40, agreed: 31, disagreed: 7 },
      { verdict: 'not the same', shadow: true, decisions: 22, agreed: 1, disagreed: 20 },
    ],
    probabilities: [21, 9, 5, 4, 3, 4, 6, 9, 18, 164],
    judge: { calls: 243, usd: 0.0486, unpriced: 2, ms: 71_200 },
    failures: [
      ['upstream_timeout', 504, 4],
      ['status 429', 429, 11],
      ['upstream_unreachable', 502, 95],
    ].map(([error, status, minutesAgo], n) => ({
      at: at(Number(minutesAgo)),
      requestId: `6f1c0c5e-8d1b-4a57-9c1e-00000000000${n}`,
      tenant: query.tenant ?? (n === 1 ? HOSTILE_TENANT : 'acme'),
      model: 'gpt-5-mini',
      api: '/v1/chat/completions',
      status: Number(status),
      error: String(error),
    })),
    events: [
      { name: 'trace_spans_sent', count: 48_210 },
      { name: 'trace_spans_dropped', count: 12 },
      { name: 'ledger_batches_dropped', count: 0 },
      { name: 'qdrant_breaker_opened', count: 1 },
      { name: 'sweep_deleted', count: 3_120 },
    ],
    gauges: [
      { name: 'sweep_left', value: 0, at: at(3) },
      { name: 'sweep_ended_at', value: at(3), at: at(3) },
    ],
  }
}

/** A number from 0 to 1 that depends on its arguments alone. */
function noise(...parts: number[]): number {
  let hash = 0x811c9dc5
  for (const part of parts) hash = Math.imul(hash ^ part, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32
}

function seriesOf({ from, to, stepMs }: ReportQuery): (SeriesStep & { tier: LedgerTier })[] {
  const steps = Array.from({ length: (to - from) / stepMs }, (_, n) => n)
  return steps.flatMap((step) => {
    const wave = 1.1 + Math.sin(step / 9) * 0.6 + noise(step) * 0.5
    return TRAFFIC.flatMap(([outcome, tier, weight], kind) => {
      const requests = Math.round((weight * wave * (0.6 + noise(step, kind)) * stepMs) / 900_000)
      if (requests === 0) return []
      const isHit = kind < 6
      // Now and then a shared call fails.
      const lost = outcome === 'coalesced' ? Math.floor(requests / 4) : 0
      return [
        {
          at: from + step * stepMs,
          outcome,
          tier,
          ...sumsOf(requests, isHit, kind),
          hits: isHit ? requests - lost : 0,
          rejected: outcome === 'rejected' ? requests : 0,
          failed: isHit ? lost : Math.round(requests * 0.008 + noise(kind, step) * 0.5),
        },
      ]
    })
  })
}

function outcomesOf(series: readonly (SeriesStep & { tier: LedgerTier })[]): OutcomeSums[] {
  return TRAFFIC.flatMap(([outcome, tier, , ms]) => {
    const own = series.filter((step) => step.outcome === outcome && step.tier === tier)
    const requests = own.reduce((sum, step) => sum + step.requests, 0)
    if (requests === 0) return []
    const latency = Array<number>(LATENCY_BUCKETS).fill(0)
    latency[bucketOf(ms * 0.6)]! += Math.floor(requests * 0.3)
    latency[bucketOf(ms * 4)]! += Math.floor(requests * 0.04)
    latency[bucketOf(ms * 30)]! += Math.floor(requests * 0.01)
    latency[bucketOf(ms)]! += requests - latency.reduce((sum, one) => sum + one, 0)
    return [
      {
        outcome,
        tier,
        ...totalOf(own),
        latency,
        latencySumMs: requests * ms,
      },
    ]
  })
}

function groupsOf(names: readonly string[], total: number): GroupSums[] {
  return names.map((name, n) => {
    const requests = Math.max(
      1,
      Math.round(total * (n === 0 && names.length === 1 ? 1 : 0.55 / 2 ** n)),
    )
    const sums = sumsOf(requests, true, n)
    const hits = Math.round(requests * (0.5 - n * 0.09))
    return {
      name,
      ...sums,
      hits,
      rejected: Math.round(requests * 0.02),
      failed: Math.round(requests * 0.004),
      unpricedHits: Math.round(hits * 0.03),
    }
  })
}

function sumsOf(requests: number, isHit: boolean, kind: number): Sums {
  return {
    requests,
    hits: isHit ? requests : 0,
    rejected: 0,
    failed: isHit ? 0 : Math.round(requests * 0.008),
    savedInputTokens: isHit ? requests * 412 : 0,
    savedOutputTokens: isHit ? requests * 187 : 0,
    savedUsd: isHit ? requests * 0.0021 : 0,
    savedMs: isHit ? requests * (1_400 - kind * 60) : 0,
    unpricedHits: isHit && kind === 3 ? Math.round(requests * 0.4) : 0,
  }
}
