import type { Report, Totals } from '../../src/ledger/report.ts'

/** A list as an object by name, without what the name says. */
function named<Item extends object>(items: readonly Item[], ...keys: readonly (keyof Item)[]) {
  const entries = items.map((item) => {
    const rest = { ...item }
    for (const key of keys) delete rest[key]
    return [keys.map((key) => String(item[key])).join(' '), rest] as const
  })
  if (new Set(entries.map(([name]) => name)).size < items.length) throw new Error('a name is twice')
  return Object.fromEntries(entries)
}

/** A report in the form of a plain count: its lists by name. */
export const byName = (report: Report) => ({
  series: named(report.series, 'at', 'outcome'),
  outcomes: named(report.outcomes, 'outcome', 'tier'),
  models: named(report.models, 'name'),
  tenants: named(report.tenants, 'name'),
  apis: named(report.apis, 'name'),
  ...decisionsByName(report),
})

/** The same for totals. */
export const totalsByName = (totals: Totals) => ({
  requests: named(totals.requests, 'api', 'model', 'outcome', 'tier', 'status'),
  ...decisionsByName(totals),
})

const decisionsByName = ({ verdicts, probabilities, judge }: Report | Totals) => ({
  verdicts: named(verdicts, 'verdict', 'shadow'),
  probabilities,
  judge,
})
