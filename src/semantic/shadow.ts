import { info } from '../telemetry/log.ts'
import type { Attributes } from '../upstream/answer.ts'
import type { Decision } from './verify.ts'

/** A semantic hit that was not served. */
export interface ShadowHit {
  readonly similarity: number | undefined
  /** The text of its answer; undefined if it is not text. */
  readonly answer: string | undefined
}

/** What a comparison found. */
export interface Shadow {
  /** For the trace. */
  readonly facts: Attributes
  /** Whether both answers are equal, apart from white space and case; undefined if one is not text. */
  readonly agrees: boolean | undefined
}

/**
 * Compares the hit with the fresh answer and logs one line, which `make semantic-shadow-report`
 * reads.
 */
export function recordShadow(
  { similarity, answer }: ShadowHit,
  { refused, same, verdict }: Decision,
  fresh: string | undefined,
): Shadow {
  const [one, other] = [answer, fresh].map((text) =>
    text?.toLowerCase().replace(/\s+/g, ' ').trim(),
  )
  const isComparable = one !== undefined && other !== undefined
  const facts = {
    similarity,
    same,
    addresses_judge: verdict?.addressesJudge,
    verdict: refused?.replace('semantic: ', '') ?? 'hit',
    agrees: isComparable ? one === other : undefined,
    overlap: isComparable ? Number(overlap(one, other).toFixed(2)) : undefined,
  }
  info('semantic shadow', facts)
  const known = Object.entries(facts).filter(([, value]) => value !== undefined)
  const attributes = known.map(([name, value]) => [`semantic.shadow.${name}`, value!] as const)
  return { facts: Object.fromEntries(attributes), agrees: facts.agrees }
}

/** How similar two texts are, 0 … 1: Dice's coefficient over character trigrams. */
function overlap(one: string, other: string): number {
  const [a, b] = [one, other].map(
    (text) => new Set(Array.from(text.slice(2), (_, at) => text.slice(at, at + 3))),
  ) as [Set<string>, Set<string>]
  if (a.size + b.size === 0) return one === other ? 1 : 0
  return (2 * [...a].filter((run) => b.has(run)).length) / (a.size + b.size)
}
