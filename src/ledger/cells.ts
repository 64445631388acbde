import { countedAmount, minuteOf, NO_PROBABILITY, storedName } from './batch.ts'
import type { Batch, DecisionCell } from './batch.ts'
import type { DecisionRecord, LedgerEvent, LedgerOutcome } from './record.ts'
import type { LatestGauge } from './report.ts'
import type { TalliedRequests } from './request-tally.ts'
import { sumBy } from './sum-by.ts'

/** Something that happened `count` times. */
export interface CountedEvent {
  /** Epoch ms. */
  readonly at: number
  readonly name: LedgerEvent
  readonly count: number
}

/** What an isolate has to report. */
export interface Counted extends TalliedRequests {
  readonly decisions: readonly DecisionRecord[]
  readonly events: readonly CountedEvent[]
  readonly gauges: readonly LatestGauge[]
}

/** The outcomes that are hits, if the answer is no error. */
export const hitOutcomes: readonly LedgerOutcome[] = [
  'exact-hit',
  'semantic-hit',
  'coalesced',
  'stale',
]

export const REQUEST_KEYS = ['tenant', 'model', 'api', 'outcome', 'tier', 'status'] as const
export const DECISION_KEYS = ['tenant', 'model', 'verdict', 'shadow', 'probability'] as const

/** Sums up by minute and names what is not summed up yet. */
export function batchOf({ requests, failures, decisions, events, gauges }: Counted): Batch {
  const cells = events.map(({ at, name, count }) => ({ at: minuteOf(at), name, count }))
  return {
    version: 1,
    // Names that differed may be equal as they are stored.
    requests: sumBy(requests, ['at', ...REQUEST_KEYS]),
    decisions: sumBy(decisions.map(decisionCell), ['at', ...DECISION_KEYS]),
    failures,
    events: sumBy(cells, ['at', 'name']),
    gauges: latest(gauges),
  }
}

function decisionCell(record: DecisionRecord): DecisionCell {
  const { same, agrees, judgeUsd } = record
  return {
    at: minuteOf(record.at),
    tenant: storedName(record.tenant),
    model: storedName(record.model),
    verdict: storedName(record.verdict),
    shadow: record.shadow ? 1 : 0,
    probability:
      same === undefined ? NO_PROBABILITY : Math.min(9, Math.floor(countedAmount(same) * 10)),
    decisions: 1,
    agreed: agrees === true ? 1 : 0,
    disagreed: agrees === false ? 1 : 0,
    judgeCalls: judgeUsd === undefined ? 0 : 1,
    judgeUsd: countedAmount(judgeUsd),
    judgeUnpriced: judgeUsd === null ? 1 : 0,
    judgeMs: countedAmount(record.judgeMs),
  }
}

/** The newest value of each gauge. */
export function latest(gauges: readonly LatestGauge[]): LatestGauge[] {
  const newest = new Map<string, LatestGauge>()
  for (const gauge of gauges) {
    const known = newest.get(gauge.name)
    if (known === undefined || gauge.at >= known.at) newest.set(gauge.name, gauge)
  }
  return [...newest.values()]
}
