import type { Report } from '../ledger/report.ts'
import { MOST_FAILURES, MOST_GROUPS } from '../ledger/report.ts'
import { Card, Empty } from './card.tsx'
import { DataTable } from './data-table.tsx'
import { failuresTable, groupTable } from './group-tables.ts'
import type { View } from './view.ts'

interface SectionProps {
  report: Report
  view: View
}

/** The models, tenants and APIs with the most requests. */
export const Groups = ({ report, view }: SectionProps) => (
  <>
    <Card
      id="models"
      title="Top models"
      lead={`The ${MOST_GROUPS} with the most requests, as callers name them.`}
    >
      <DataTable table={groupTable('models', report.models, view)} view={view} />
    </Card>
    <Card
      id="tenants"
      title="Top tenants"
      lead={`The ${MOST_GROUPS} with the most requests. A name leads to this page for that tenant alone.`}
    >
      <DataTable table={groupTable('tenants', report.tenants, view)} view={view} />
    </Card>
    <Card id="apis" title="APIs" lead="Without the prefix of Azure’s paths.">
      <DataTable table={groupTable('apis', report.apis, view)} view={view} />
    </Card>
  </>
)

/** The last requests that failed. */
export const Failures = ({ report, view }: SectionProps) => (
  <Card
    id="failures"
    title="Last failed requests"
    lead={`The newest ${MOST_FAILURES} in the range. Find the whole story by request id in traces and logs.`}
  >
    {report.failures.length === 0 ? (
      <Empty>
        <p>No request failed in this range.</p>
      </Empty>
    ) : (
      <DataTable table={failuresTable(report)} view={view} />
    )}
  </Card>
)
