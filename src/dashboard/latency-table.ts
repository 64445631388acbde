import { isMixed, ledgerOutcomes } from '../ledger/record.ts'
import type { OutcomeSums, Report } from '../ledger/report.ts'
import { addHistograms, percentileAtMost } from './percentile.ts'
import { REQUESTS, shareOf, totalOf } from './sums.ts'
import type { Cell, Column, Table } from './table.ts'

/** The percentiles that latencies are shown by. */
export const PERCENTILES = [0.5, 0.95, 0.99] as const

/** Latencies by outcome and tier. */
export function latencyTable({ outcomes }: Report): Table {
  const rows = ledgerOutcomes.flatMap((outcome) =>
    outcomes
      .filter((sums) => sums.outcome === outcome && sums.requests > 0)
      .map((sums) => [outcome, tierOf(sums), ...latencies([sums])]),
  )
  const all = outcomes.length === 0 ? [] : [['all', null, ...latencies(outcomes)]]
  const columns: Column[] = [
    { name: 'outcome', title: 'Outcome', kind: 'outcome' },
    { name: 'tier', title: 'Tier', kind: 'text' },
    REQUESTS,
    ...PERCENTILES.map((fraction): Column => ({
      name: `p${fraction * 100}_at_most_ms`,
      title: `p${fraction * 100}`,
      kind: 'atMost',
      definition: `${fraction * 100} % of the requests took at most this long, up to the status line of the response. An upper bound: latencies are counted in buckets.`,
    })),
    { name: 'mean_ms', title: 'Mean', kind: 'ms' },
  ]
  return { name: 'latency', caption: 'Latency by outcome', columns, rows: [...rows, ...all] }
}

/** The tier that answered; `mixed` for a batch from several. */
const tierOf = (sums: OutcomeSums): Cell => (isMixed(sums) ? 'mixed' : sums.tier || null)

function latencies(sums: readonly OutcomeSums[]): Cell[] {
  const { requests } = totalOf(sums)
  const histogram = addHistograms(sums.map(({ latency }) => latency))
  const sumMs = sums.reduce((total, { latencySumMs }) => total + latencySumMs, 0)
  return [
    requests,
    ...PERCENTILES.map((fraction) => percentileAtMost(histogram, fraction)),
    shareOf(sumMs, requests),
  ]
}
