import { differencesOf, weightOf } from './differences.ts'
import type { Difference } from './differences.ts'
import type { ComparedRequest, RecentRequest } from './recent-request.ts'

/** A recent request with the instant at which it ended, epoch ms. */
export interface DatedRequest extends RecentRequest {
  readonly at: number
}

/** The recent request that differs least from another, and how. */
export interface Nearest extends Omit<DatedRequest, 'fingerprint' | 'key' | 'api' | 'model'> {
  /** The first of the differences; empty if the requests are identical. */
  readonly differences: readonly Difference[]
  /** How many more there are. */
  readonly more: number
}

/** Differences that are told. */
const MOST_TOLD = 5

/**
 * The nearest of the requests to the same model and API: an identical one, or the one with the lightest
 * differences. `recent` begins with the newest, which wins among equals.
 */
export function nearestOf(
  request: ComparedRequest,
  recent: readonly DatedRequest[],
): Nearest | undefined {
  let nearest: { of: DatedRequest; differences: Difference[]; weight: number } | undefined
  for (const of of recent) {
    if (of.model !== request.model || of.api !== request.api) continue
    const isIdentical = of.key === request.key
    const differences = isIdentical ? [] : differencesOf(of.fingerprint, request.fingerprint)
    const weight = isIdentical ? -1 : weightOf(differences)
    if (nearest === undefined || weight < nearest.weight) nearest = { of, differences, weight }
  }
  if (nearest === undefined) return undefined
  const { of, differences } = nearest
  const { requestId, at, kept, note } = of
  const told = differences.slice(0, MOST_TOLD)
  return { requestId, at, kept, note, differences: told, more: differences.length - told.length }
}
