import { LATENCY_BOUNDS_MS } from '../ledger/histogram.ts'

/**
 * An upper bound of a percentile (nearest rank) from a histogram, in ms: the true value is at most
 * this. Infinity if it lies beyond the last bound; null without requests.
 */
export function percentileAtMost(histogram: readonly number[], fraction: number): number | null {
  const total = histogram.reduce((sum, requests) => sum + requests, 0)
  if (total === 0) return null
  const rank = Math.max(1, Math.ceil(fraction * total))
  let counted = 0
  const at = histogram.findIndex((requests) => {
    counted += requests
    return counted >= rank
  })
  return LATENCY_BOUNDS_MS[at] ?? Infinity
}

/** The sum of histograms, bucket by bucket. */
export function addHistograms(histograms: readonly (readonly number[])[]): number[] {
  const sum: number[] = []
  for (const histogram of histograms) {
    for (const [at, requests] of histogram.entries()) sum[at] = (sum[at] ?? 0) + requests
  }
  return sum
}
