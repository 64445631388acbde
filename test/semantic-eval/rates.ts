import { disagreement } from '../../src/semantic/guard.ts'
import type { Pair } from './pairs.ts'

/** A pair and the cosine of its two embeddings. */
export interface Measured extends Pair {
  readonly cosine: number
}

/** Shares of pairs that would be answered from the cache, 0 … 1. */
export interface Rates {
  readonly threshold: number
  /** Paraphrases and near misses that LiteLLM alone would answer. */
  readonly trueHits: number
  readonly falseHits: number
  /** The same of what the guard lets pass. */
  readonly guardedTrueHits: number
  readonly guardedFalseHits: number
}

export function ratesAt(threshold: number, pairs: readonly Measured[]): Rates {
  const share = (same: boolean, isHit: (pair: Measured) => boolean) => {
    const meant = pairs.filter((pair) => pair.same === same)
    return meant.length === 0 ? 0 : meant.filter(isHit).length / meant.length
  }
  const matches = ({ cosine }: Measured) => cosine >= threshold
  const passes = (pair: Measured) =>
    matches(pair) && disagreement(pair.b, pair.a, pair.cosine) === undefined
  return {
    threshold,
    trueHits: share(true, matches),
    falseHits: share(false, matches),
    guardedTrueHits: share(true, passes),
    guardedFalseHits: share(false, passes),
  }
}

/** The cosine of two vectors. */
export function cosine(one: readonly number[], other: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + value * b[at]!, 0)
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other))
}

/** A share as people read it: one decimal. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
