import { LIMIT_KIB } from '../../infra/bundle-size.ts'

export type Measured = 'p50' | 'time per request' | 'CPU'

/** Two scenarios that are compared, by their names. */
export interface Pair {
  readonly of: string
  readonly to: string
}

export interface RatioGoal extends Pair {
  /** The most that each ratio may be; those that are not named have no goal. */
  readonly most: Readonly<Partial<Record<Measured, number>>>
}

/**
 * What is compared, and what we want. A figure above its goal is shown, and fails nothing: machines
 * differ.
 */
export const RATIOS: readonly RatioGoal[] = [
  { of: 'hit, memory', to: 'hello', most: { p50: 2, 'time per request': 2 } },
  { of: 'hit, memory', to: 'scan', most: {} },
  { of: 'hit, memory', to: 'hit, uncounted', most: { 'time per request': 1.05, CPU: 1.05 } },
  {
    of: 'hit, memory, traced',
    to: 'hit, uncounted',
    most: { 'time per request': 1.05, CPU: 1.05 },
  },
  { of: 'hit, memory, streamed', to: 'hit, memory', most: {} },
  { of: 'hit, memory, 16 KB', to: 'hello, 16 KB', most: {} },
  { of: 'hit, memory, 200 KB', to: 'scan, 200 KB', most: { 'time per request': 2, CPU: 2 } },
  { of: 'hit, memory', to: 'reference', most: {} },
  { of: 'hit, colo', to: 'reference', most: {} },
  { of: 'hit, Qdrant', to: 'reference', most: { p50: 1, 'time per request': 1 } },
  { of: 'miss alone', to: 'reference', most: { CPU: 3 } },
  { of: 'coalesced miss', to: 'miss alone', most: { p50: 1.3, 'time per request': 1.3 } },
  { of: 'semantic hit, verified', to: 'miss alone', most: {} },
  { of: 'miss alone, streamed', to: 'reference, streamed', most: {} },
  {
    of: 'coalesced miss, streamed',
    to: 'miss alone, streamed',
    most: { p50: 1.3, 'time per request': 1.3 },
  },
  { of: 'miss alone, 60 ms', to: 'reference, 60 ms', most: {} },
  { of: 'coalesced miss, 60 ms', to: 'reference, 60 ms', most: {} },
  { of: 'hit, memory', to: 'hit, LiteLLM', most: {} },
  { of: 'miss alone', to: 'miss, Portkey', most: { 'time per request': 1 } },
]

/** How much later the first byte of a stream may come, ms. */
export const FIRST_BYTE_MOST_MS = 1

export const FIRST_BYTES: readonly Pair[] = [
  { of: 'miss alone, streamed', to: 'reference, streamed' },
  { of: 'coalesced miss, streamed', to: 'reference, streamed' },
]

/** Many identical requests at once: their calls, and how much longer the last takes than one alone. */
export const BURST_MOST = { calls: 1, last: 1.2 }

/** The built Worker. */
export const WORKER_MOST = { bundleKib: LIMIT_KIB, startUpMs: 50 }
