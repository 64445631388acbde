import { ledgerOutcomes } from '../ledger/record.ts'
import type { Report, Sums } from '../ledger/report.ts'
import { totalOf } from './sums.ts'

/** One step of the range. */
export interface Step extends Sums {
  /** When it begins, epoch ms. */
  readonly at: number
  /** Requests in the order of `ledgerOutcomes`. */
  readonly byOutcome: readonly number[]
}

/** Every step of the range in order of time, also those without requests. */
export function stepsOf({ query, series }: Report): Step[] {
  const { from, to, stepMs } = query
  const parts = Map.groupBy(series, ({ at }) => Math.floor((at - from) / stepMs))
  return Array.from({ length: Math.round((to - from) / stepMs) }, (_, step) => {
    const own = parts.get(step) ?? []
    const requestsOf = (outcome: string) =>
      totalOf(own.filter((part) => part.outcome === outcome)).requests
    return {
      at: from + step * stepMs,
      byOutcome: ledgerOutcomes.map(requestsOf),
      ...totalOf(own),
    }
  })
}
