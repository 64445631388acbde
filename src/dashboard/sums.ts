import type { Sums } from '../ledger/report.ts'
import type { Cell, Column } from './table.ts'

/** The sums of all requests in a report. */
export function totalOf(groups: readonly Sums[]): Sums {
  const sum = (name: keyof Sums) => groups.reduce((total, group) => total + group[name], 0)
  return {
    requests: sum('requests'),
    hits: sum('hits'),
    rejected: sum('rejected'),
    failed: sum('failed'),
    savedInputTokens: sum('savedInputTokens'),
    savedOutputTokens: sum('savedOutputTokens'),
    savedUsd: sum('savedUsd'),
    savedMs: sum('savedMs'),
    unpricedHits: sum('unpricedHits'),
  }
}

/** The share of a part; 0 of nothing. */
export const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

/** Requests that a cache could have answered: all but those refused before. */
export const answerable = ({ requests, rejected }: Pick<Sums, 'requests' | 'rejected'>): number =>
  requests - rejected

/** The share of requests that a cache answered; null if none of them could be. */
export const hitRatioOf = (sums: Pick<Sums, 'requests' | 'rejected' | 'hits'>): number | null =>
  answerable(sums) === 0 ? null : sums.hits / answerable(sums)

/** Input and output tokens together. */
export const savedTokens = (sums: Sums): number => sums.savedInputTokens + sums.savedOutputTokens

/** Whether nothing is known of saved money, because LiteLLM named no price. Stale hits save none. */
export const isUnpriced = ({ savedUsd, unpricedHits }: Sums): boolean =>
  savedUsd === 0 && unpricedHits > 0

/** The number of requests. */
export const REQUESTS: Column = { name: 'requests', title: 'Requests', kind: 'count' }
/** The share of `hitRatioOf`. */
export const HIT_RATIO: Column = {
  name: 'hit_ratio',
  title: 'Hit ratio',
  kind: 'share',
  definition: 'Hits, divided by all requests but rejected ones.',
}
/** What every group of requests is summed by, besides its size. */
export const SAVINGS: readonly Column[] = [
  {
    name: 'failed',
    title: 'Failed',
    kind: 'count',
    definition: 'Requests that got a status of 500 or above, and streams that broke off.',
  },
  {
    name: 'saved_usd',
    title: 'Saved USD',
    kind: 'usd',
    definition: 'What LiteLLM said the answers cost when they were made.',
  },
  {
    name: 'unpriced_hits',
    title: 'Unpriced hits',
    kind: 'count',
    definition: 'Hits whose answer has no price. They add nothing to the saved USD.',
  },
  {
    name: 'saved_tokens',
    title: 'Saved tokens',
    kind: 'count',
    definition: 'Input and output tokens of the answers that a cache gave.',
  },
  {
    name: 'saved_ms',
    title: 'Saved time',
    kind: 'ms',
    definition: 'How much earlier the answers were there than when they were made, in sum.',
  },
]

/** The values of `SAVINGS`. */
export const savingsCells = (sums: Sums): Cell[] => [
  sums.failed,
  sums.savedUsd,
  sums.unpricedHits,
  savedTokens(sums),
  sums.savedMs,
]
