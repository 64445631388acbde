import type { Verdict } from '../../src/semantic/judge.ts'
import { ADDRESSES_JUDGE } from '../../src/semantic/verify.ts'
import type { Pair } from './pairs.ts'
import { NEVER } from './statistics.ts'
import type { Scored } from './statistics.ts'

/** LiteLLM's similarity threshold. A pair below it never reaches the judge. */
const GATE = 0.7

/** A pair with its cosine and its verdict. */
export interface Measured extends Pair, Scored {
  readonly cosine: number
  readonly verdict: Verdict | undefined
}

export const isGated = ({ cosine }: Pick<Measured, 'cosine'>): boolean => cosine >= GATE

/** The pair with the score that the gateway compares with its threshold. */
export function measured(pair: Pair, cosine: number, verdict: Verdict | undefined): Measured {
  if (verdict === undefined) return { ...pair, cosine, verdict, score: undefined }
  const score = verdict.addressesJudge >= ADDRESSES_JUDGE ? NEVER : verdict.same
  return { ...pair, cosine, verdict, score }
}
