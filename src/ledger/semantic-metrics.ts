import type { MetricFamily } from './exposition.ts'
import { counter, counters, histograms } from './metric-family.ts'
import type { Point } from './metric-family.ts'
import { OTHER } from './report.ts'
import type { Totals } from './report.ts'

/** What can become of a semantic hit. Anything else is counted as `(other)`. */
export const verdicts: readonly string[] = [
  'hit',
  'not the same',
  'speaks to the judge',
  'judge unavailable',
  'caller left',
  'judge paused',
  'judge rate',
  'judge budget unknown',
  'judge budget spent',
  'original unknown',
  'other namespace',
  'hit unreadable',
  'too old',
  'reported as wrong',
  'reports unavailable',
]

/** The ledger counts probabilities in steps of 0.1, each without its upper bound, but for the last. */
const PROBABILITY_BOUNDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]

/** What became of semantic hits, and what verifying them cost. */
export function semanticMetrics(totals: Omit<Totals, 'requests'>): MetricFamily[] {
  const { judge, probabilities } = totals
  return [
    counters(
      'semantic_decisions_total',
      "Hits in LiteLLM's semantic cache, by what became of them.",
      ['verdict', 'shadow'],
      decisions(totals.verdicts),
    ),
    // The ledger has no sum of the probabilities. Quantiles need none.
    histograms(
      'semantic_same_probability',
      'Verdicts, by the probability that one answer is right for both requests.',
      [],
      [[[], { bounds: PROBABILITY_BOUNDS, counts: probabilities, sum: undefined }]],
    ),
    counter('judge_calls_total', 'Verdicts that were asked of the judge.', judge.calls),
    counter(
      'judge_unpriced_calls_total',
      'Verdicts that add nothing to the cost because LiteLLM named no price.',
      judge.unpriced,
    ),
    counter('judge_cost_usd_total', 'What the judge cost, in US dollars.', judge.usd),
    counter('judge_duration_seconds_total', 'Time spent waiting for the judge.', judge.ms / 1000),
  ]
}

function decisions(counted: Totals['verdicts']): Point<number>[] {
  const known = new Set(verdicts)
  return [
    ...verdicts.flatMap((verdict) =>
      ['false', 'true'].map((shadow): Point<number> => [[verdict, shadow], 0]),
    ),
    ...counted.map(({ verdict, shadow, decisions }): Point<number> => [
      [known.has(verdict) ? verdict : OTHER, String(shadow)],
      decisions,
    ]),
  ]
}
