/** A number of hits out of a total. */
export interface Count {
  readonly hits: number
  readonly of: number
}

/** A labelled pair with the judge's score. */
export interface Scored {
  /** The label: whether one answer serves both questions. */
  readonly same: boolean
  /** The judge's probability of that, or `NEVER`; undefined without a verdict. */
  readonly score: number | undefined
}

/** The score of an injection, which is a hit at no threshold. */
export const NEVER = -1

/** The share of a count, from 0 to 1; NaN for a total of 0. */
export const shareOf = ({ hits, of }: Count): number => hits / of

/** The number of items for which a claim holds. */
export function count<Item>(items: readonly Item[], isHit: (item: Item) => boolean): Count {
  return { hits: items.filter(isHit).length, of: items.length }
}

/** The two-sided 95 % quantile of the normal distribution. */
const Z = 1.959964

/** The 95 % interval of a share by Wilson's score (https://doi.org/10.1080/01621459.1927.10502953). */
export function wilson({ hits, of }: Count): [low: number, high: number] {
  if (of === 0) return [0, 1]
  const share = hits / of
  const middle = share + Z ** 2 / (2 * of)
  const half = Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))
  const scale = 1 + Z ** 2 / of
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)]
}

/**
 * The area under the ROC curve: how often a paraphrase scores above a near miss, a tie counting half.
 * NaN if either kind is missing.
 */
export function auc(pairs: readonly Scored[]): number {
  const scores = (same: boolean) =>
    pairs.flatMap((pair) => (pair.same === same && pair.score !== undefined ? [pair.score] : []))
  const [paraphrases, nearMisses] = [scores(true), scores(false)]
  let wins = 0
  for (const one of paraphrases) {
    for (const other of nearMisses) wins += one > other ? 1 : one === other ? 0.5 : 0
  }
  return wins / (paraphrases.length * nearMisses.length)
}

/** The quantile by the nearest rank; NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

function isServed({ score }: Scored, threshold: number): boolean {
  return score !== undefined && score !== NEVER && score >= threshold
}

/** The paraphrases and the near misses that are served at a threshold. */
export function servedAt(
  threshold: number,
  pairs: readonly Scored[],
): { kept: Count; wrong: Count } {
  const served = (same: boolean) =>
    count(
      pairs.filter((pair) => pair.same === same),
      (pair) => isServed(pair, threshold),
    )
  return { kept: served(true), wrong: served(false) }
}

/**
 * The lowest threshold at which at most `maxFalse` of the near misses are served and some paraphrase
 * is; undefined if there is none. Of all thresholds that serve the same pairs it is the one with
 * the fewest decimals.
 */
export function lowestThreshold(pairs: readonly Scored[], maxFalse: number): number | undefined {
  const scores = pairs.flatMap(({ score = NEVER }) => (score === NEVER ? [] : [score]))
  const observed = [...new Set(scores)].toSorted((one, other) => one - other)
  const at = observed.findIndex((score) => shareOf(servedAt(score, pairs).wrong) <= maxFalse)
  const found = observed[at]
  if (found === undefined || servedAt(found, pairs).kept.hits === 0) return undefined
  return shortest(observed[at - 1] ?? NEVER, found)
}

/** The number with the fewest decimals above `low` and up to `high`. */
function shortest(low: number, high: number): number {
  for (let digits = 1; digits < 15; digits += 1) {
    const rounded = Math.floor(high * 10 ** digits) / 10 ** digits
    if (rounded > low && rounded <= high) return rounded
  }
  return high
}
