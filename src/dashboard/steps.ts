import { ledgerOutcomes } from '../ledger/record.ts'
import type { Report } from '../ledger/report.ts'

/** One step of the range. */
export interface Step {
  /** When it begins, epoch ms. */
  readonly at: number
  /** In the order of `ledgerOutcomes`. */
  readonly byOutcome: readonly number[]
  readonly requests: number
  readonly rejected: number
  readonly hits: number
  readonly savedUsd: number
}

/** Every step of the range in order of time, also those without requests. */
export function stepsOf({ query, series }: Report): Step[] {
  const count = Math.round((query.to - query.from) / query.stepMs)
  const steps = Array.from({ length: count }, (_, at) => ({
    at: query.from + at * query.stepMs,
    byOutcome: ledgerOutcomes.map(() => 0),
    requests: 0,
    rejected: 0,
    hits: 0,
    savedUsd: 0,
  }))
  for (const { at, outcome, requests, hits, savedUsd } of series) {
    const step = steps[Math.floor((at - query.from) / query.stepMs)]
    if (step === undefined) continue
    step.byOutcome[ledgerOutcomes.indexOf(outcome)]! += requests
    step.requests += requests
    step.rejected += outcome === 'rejected' ? requests : 0
    step.hits += hits
    step.savedUsd += savedUsd
  }
  return steps
}
