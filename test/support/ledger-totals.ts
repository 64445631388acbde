import { LATENCY_BUCKETS } from '../../src/ledger/histogram.ts'
import type { LedgerReader, Totals } from '../../src/ledger/report.ts'

/** The ledger's totals, empty but for what is given. */
export function ledgerTotals(over: Partial<Totals> = {}): Totals {
  return {
    requests: [],
    verdicts: [],
    probabilities: Array<number>(10).fill(0),
    judge: { calls: 0, usd: 0, unpriced: 0, ms: 0 },
    events: [],
    gauges: [],
    ...over,
  }
}

/** One hit from memory, with anything of it replaced. */
export function requestTotals(
  over: Partial<Totals['requests'][number]> = {},
): Totals['requests'][number] {
  return {
    api: '/v1/chat/completions',
    model: 'small',
    outcome: 'exact-hit',
    tier: 'memory',
    status: '2xx',
    requests: 1,
    hits: 1,
    rejected: 0,
    failed: 0,
    savedInputTokens: 0,
    savedOutputTokens: 0,
    savedUsd: 0,
    savedMs: 0,
    unpricedHits: 0,
    latency: latencies({ 0: 1 }),
    latencySumMs: 1,
    ...over,
  }
}

/** The counts of the latency buckets, by their places. */
export const latencies = (counts: Readonly<Record<number, number>>): number[] =>
  Array.from({ length: LATENCY_BUCKETS }, (_, at) => counts[at] ?? 0)

/** A ledger with these totals, and no report. */
export const readerOf = (totals: () => Promise<Totals>): LedgerReader => ({
  totals,
  report: () => Promise.reject(new Error('no report')),
})
