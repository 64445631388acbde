import type { Histogram, MetricFamily } from './exposition.ts'
import { LATENCY_BOUNDS_MS, LATENCY_BUCKETS } from './histogram.ts'
import { counter, counters, histograms } from './metric-family.ts'
import type { Point } from './metric-family.ts'
import { isMixed } from './record.ts'
import type { LedgerOutcome, LedgerTier } from './record.ts'
import type { Totals } from './report.ts'

/** For a request whose API or model is unknown. An empty label would be no label at all. */
const UNKNOWN = '(unknown)'

const tierLabel = (outcome: LedgerOutcome, tier: LedgerTier) =>
  tier || (isMixed({ outcome, tier }) ? 'mixed' : 'none')

/** The outcomes that have a series before the first request, so that its count is seen to rise. */
const FIRST: readonly (readonly [LedgerOutcome, LedgerTier])[] = [
  ['exact-hit', 'memory'],
  ['exact-hit', 'colo'],
  ['exact-hit', 'qdrant'],
  ['exact-hit', ''],
  ['stale', 'memory'],
  ['stale', 'colo'],
  ['stale', 'qdrant'],
  ['semantic-hit', ''],
  ['coalesced', ''],
  ['miss', ''],
  ['refresh', ''],
  ['bypass', ''],
  ['rejected', ''],
]

const boundsSeconds = LATENCY_BOUNDS_MS.map((bound) => bound / 1000)
const nothing: Histogram = {
  bounds: boundsSeconds,
  counts: Array<number>(LATENCY_BUCKETS).fill(0),
  sum: 0,
}

/** How requests were answered, how fast, and what that saved. */
export function requestMetrics(requests: Totals['requests']): MetricFamily[] {
  const sum = (
    what: 'savedInputTokens' | 'savedOutputTokens' | 'savedUsd' | 'savedMs' | 'unpricedHits',
  ) => requests.reduce((total, one) => total + one[what], 0)
  return [
    counters(
      'requests_total',
      'Requests to LLM APIs.',
      ['api', 'model', 'outcome', 'tier', 'status'],
      requests.map(({ api, model, outcome, tier, status, requests: count }) => [
        [api || UNKNOWN, model || UNKNOWN, outcome, tierLabel(outcome, tier), status || UNKNOWN],
        count,
      ]),
    ),
    histograms(
      'request_duration_seconds',
      "Time from a request's arrival to the status line of its response.",
      ['outcome', 'tier'],
      durations(requests),
    ),
    counters(
      'saved_tokens_total',
      'Usage of the answers that hits repeated, in tokens.',
      ['type'],
      [
        [['input'], sum('savedInputTokens')],
        [['output'], sum('savedOutputTokens')],
      ],
    ),
    counter(
      'saved_cost_usd_total',
      'What the answers of hits had cost, in US dollars.',
      sum('savedUsd'),
    ),
    counter(
      'saved_seconds_total',
      'How much earlier hits answered than the calls that made their answers.',
      sum('savedMs') / 1000,
    ),
    counter(
      'unpriced_hits_total',
      'Hits that add nothing to the saved cost because LiteLLM named no price.',
      sum('unpricedHits'),
    ),
  ]
}

/** By outcome and tier alone: with models, there would be thousands of buckets. */
function durations(requests: Totals['requests']): Point<Histogram>[] {
  const labelled = (outcome: LedgerOutcome, tier: LedgerTier) => [outcome, tierLabel(outcome, tier)]
  return [
    ...FIRST.map(([outcome, tier]): Point<Histogram> => [labelled(outcome, tier), nothing]),
    ...requests.map(({ outcome, tier, latency, latencySumMs }): Point<Histogram> => [
      labelled(outcome, tier),
      { bounds: boundsSeconds, counts: latency, sum: latencySumMs / 1000 },
    ]),
  ]
}
