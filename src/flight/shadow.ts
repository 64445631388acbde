import type { Api } from '../apis/api.ts'
import type { Unserved } from './matched.ts'

/** What a hit by meaning would have been, had it been given. */
export interface Shadow {
  readonly similarity: number | undefined
  /** Why the guard would have refused it; undefined where it would have been given. */
  readonly refused: string | undefined
  /** Whether the fresh answer says the same, but for white space and case. */
  readonly agrees: boolean
  /** The shorter of the two texts in parts of the longer, 0 … 1. */
  readonly lengthRatio: number
}

/** Compares a hit that was not given with the answer that was; undefined out of shadow. */
export function shadowOf(
  { similarity, refused, answer }: Unserved,
  fresh: string | undefined,
  mode: 'json' | 'sse',
  { said }: Api,
): Shadow | undefined {
  if (answer === undefined || fresh === undefined || said === undefined) return undefined
  const [one, other] = [said(answer.text, answer.mode), said(fresh, mode)].map(normalised)
  if (one === undefined || other === undefined) return undefined
  const [shorter, longer] = [one.length, other.length].toSorted((a, b) => a - b) as [number, number]
  return {
    similarity,
    refused,
    agrees: one === other,
    lengthRatio: longer === 0 ? 1 : Math.round((shorter / longer) * 100) / 100,
  }
}

const normalised = (text: string | undefined) => text?.toLowerCase().replace(/\s+/g, ' ').trim()
