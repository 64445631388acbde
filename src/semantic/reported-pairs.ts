import type { ReportStore } from '../store/report-store.ts'
import { warn } from '../telemetry/log.ts'

/** Tells which pairs of questions were reported as wrong. */
export interface ReportedPairs {
  /** Why a hit must not be served; undefined if its pair was not reported. */
  refusal(pairId: string): Promise<string | undefined>
  /** The same for a hit whose original is unknown, and so its pair. */
  refusalOfUnknown(): Promise<string | undefined>
}

/** No pair's id. */
const NO_PAIR = '00000000-0000-0000-0000-000000000000'

/** After so many failures in a row, reports are read once per interval: each delays an answer. */
const MOST_FAILURES = 5
const PROBE_EVERY_MS = 5_000

/**
 * Refuses hits on reported pairs. If the reports cannot be read, it refuses every hit: a new answer
 * costs money, a wrong one was reported because it did harm.
 */
export function reportedPairs(
  reports: Pick<ReportStore, 'stateOf'>,
  now: () => number,
): ReportedPairs {
  let failures = 0
  let probedAt = 0

  async function state(id: string) {
    if (failures >= MOST_FAILURES && now() - probedAt < PROBE_EVERY_MS) return undefined
    probedAt = now()
    try {
      const known = await reports.stateOf(id)
      failures = 0
      return known
    } catch (error) {
      failures += 1
      warn('reports not read', error)
      return undefined
    }
  }

  return {
    async refusal(pairId) {
      const known = await state(pairId)
      if (known === undefined) return 'semantic: reports unavailable'
      return known === 'reported' ? 'semantic: reported as wrong' : undefined
    },

    async refusalOfUnknown() {
      const known = await state(NO_PAIR)
      if (known === undefined) return 'semantic: reports unavailable'
      return known === 'no reports' ? undefined : 'semantic: original unknown'
    },
  }
}
