/** The upper bounds of the latency buckets, in ms, inclusive. One more bucket has no bound. */
export const LATENCY_BOUNDS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000,
] as const

/** The number of latency buckets. */
export const LATENCY_BUCKETS = LATENCY_BOUNDS_MS.length + 1

/** The bucket of a latency. */
export function bucketOf(latencyMs: number): number {
  const at = LATENCY_BOUNDS_MS.findIndex((bound) => latencyMs <= bound)
  return at < 0 ? LATENCY_BOUNDS_MS.length : at
}
