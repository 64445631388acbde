import { latest } from './cells.ts'
import { listedFailures } from './listed-failures.ts'
import type { Report, Totals } from './report.ts'
import { sumBy } from './sum-by.ts'
import { stepOf } from './tables.ts'
import { topGroups } from './top-groups.ts'

/** One report of the reports of all shards. Where their ranges or steps differ, the widest counts. */
export function mergeReports(reports: readonly [Report, ...Report[]]): Report {
  const queries = reports.map(({ query }) => query)
  const stepMs = Math.max(...queries.map((query) => query.stepMs))
  const series = reports
    .flatMap((report) => report.series)
    .map((step) => ({ ...step, at: stepOf(step.at, stepMs) }))
  return {
    query: {
      from: Math.min(...queries.map(({ from }) => from)),
      to: Math.max(...queries.map(({ to }) => to)),
      stepMs,
      tenant: reports[0].query.tenant,
    },
    series: sumBy(series, ['at', 'outcome']).sort((a, b) => a.at - b.at),
    outcomes: sumBy(
      reports.flatMap(({ outcomes }) => outcomes),
      ['outcome', 'tier'],
    ),
    models: topGroups(reports.flatMap(({ models }) => models)),
    tenants: topGroups(reports.flatMap(({ tenants }) => tenants)),
    apis: topGroups(reports.flatMap(({ apis }) => apis)),
    ...mergeDecisions(reports),
    failures: listedFailures(reports.flatMap(({ failures }) => failures)),
    ...mergeEvents(reports),
  }
}

/** The totals of all shards. */
export function mergeTotals(totals: readonly [Totals, ...Totals[]]): Totals {
  const requests = totals.flatMap((one) => one.requests)
  return {
    requests: sumBy(requests, ['api', 'model', 'outcome', 'tier', 'status']),
    ...mergeDecisions(totals),
    ...mergeEvents(totals),
  }
}

type Decisions = Pick<Report, 'verdicts' | 'probabilities' | 'judge'>

function mergeDecisions(parts: readonly Decisions[]): Decisions {
  const verdicts = parts.flatMap((part) => part.verdicts)
  const [sums] = sumBy(
    parts.map(({ probabilities, judge }) => ({ probabilities, ...judge })),
    [],
  )
  const { probabilities, ...judge } = sums!
  return { verdicts: sumBy(verdicts, ['verdict', 'shadow']), probabilities, judge }
}

type Events = Pick<Report, 'events' | 'gauges'>

const mergeEvents = (parts: readonly Events[]): Events => ({
  events: sumBy(
    parts.flatMap(({ events }) => events),
    ['name'],
  ),
  gauges: latest(parts.flatMap(({ gauges }) => gauges)),
})
