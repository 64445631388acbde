import type { Report } from '../ledger/report.ts'
import { Card } from './card.tsx'
import { DataTable } from './data-table.tsx'
import { LatencyChart } from './latency-chart.tsx'
import { latencyTable, PERCENTILES } from './latency-table.ts'
import type { View } from './view.ts'

/** How long requests took, by outcome. */
export const Latency = ({ report, view }: { report: Report; view: View }) => {
  const table = latencyTable(report)
  const rows = table.rows
    .filter(([outcome]) => outcome !== 'all')
    .map(([outcome, tier, , ...cells]) => ({
      name: tier === null ? String(outcome) : `${outcome}, ${tier}`,
      outcome: String(outcome),
      bounds: cells.slice(0, PERCENTILES.length).map((cell) => Number(cell)),
    }))
  return (
    <Card
      id="latency"
      title="Latency by outcome"
      lead="From a request’s arrival to the status line of its response."
    >
      <LatencyChart rows={rows} />
      <DataTable table={table} view={view} />
    </Card>
  )
}
