import type { Report } from '../ledger/report.ts'
import { failuresTable, groupTable } from './group-tables.ts'
import { latencyTable } from './latency-table.ts'
import { layersTable, outcomesTable, seriesTable } from './outcome-tables.ts'
import { probabilitiesTable, verdictsTable } from './semantic-tables.ts'
import { eventsTable } from './state-tables.ts'
import type { Table } from './table.ts'
import type { View } from './view.ts'

const TABLES: Readonly<Record<string, (report: Report, view: View) => Table>> = {
  series: seriesTable,
  outcomes: outcomesTable,
  layers: layersTable,
  latency: latencyTable,
  models: (report, view) => groupTable('models', report.models, view),
  tenants: (report, view) => groupTable('tenants', report.tenants, view),
  apis: (report, view) => groupTable('apis', report.apis, view),
  failures: failuresTable,
  verdicts: verdictsTable,
  probabilities: probabilitiesTable,
  counters: eventsTable,
}

/** The names of the tables that a report has. */
export const reportTables: readonly string[] = Object.keys(TABLES)

/** One table of a report; undefined if there is none of this name. */
export function reportTable(name: string, report: Report, view: View): Table | undefined {
  return Object.hasOwn(TABLES, name) ? TABLES[name]?.(report, view) : undefined
}
