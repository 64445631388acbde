import type { Report } from '../ledger/report.ts'
import { Card, Empty } from './card.tsx'
import { DataTable } from './data-table.tsx'
import { clockTime } from './format.ts'
import { eventsTable, servicesTable } from './state-tables.ts'
import type { Service } from './state-tables.ts'
import type { View } from './view.ts'

/** The state of the gateway and of what it depends on. */
export interface State {
  readonly services: readonly Service[]
  /** When the services were probed, epoch ms. */
  readonly probedAt: number
  readonly breaker: 'open' | 'closed'
  /** How semantic hits are verified. */
  readonly verification: string
  /** Whether MLflow is set up. */
  readonly traces: boolean
}

/** What fails now, in a line for the top of the page. */
export function problemsOf({ services, breaker }: State): string[] {
  const failing = servicesTable(services.filter(({ ok }) => !ok)).rows.map(
    ([name]) => `${String(name)} is failing`,
  )
  return breaker === 'open' ? [...failing, 'Qdrant is skipped'] : failing
}

/** The services behind the gateway, as probes find them. */
export const Services = ({ state, view }: { state: State; view: View }) => (
  <Card
    id="services"
    title="Services"
    lead={`Probed at ${clockTime(state.probedAt)} UTC; a result is kept for a minute.`}
    half
  >
    <DataTable table={servicesTable(state.services)} view={view} />
    <dl class="facts">
      <div>
        <dt>Circuit breaker</dt>
        <dd>
          {state.breaker === 'open'
            ? 'open: this isolate skips Qdrant, which failed five times in a row'
            : 'closed: Qdrant is asked'}
        </dd>
      </div>
      <div>
        <dt>Semantic verification</dt>
        <dd>{state.verification}</dd>
      </div>
      {state.traces ? null : (
        <div>
          <dt>MLflow</dt>
          <dd>
            not set up. Set <code>MLFLOW_URL</code> to get a trace of every request.
          </dd>
        </div>
      )}
    </dl>
  </Card>
)

/** What the gateway counts besides requests. */
export const Counters = ({ report, view }: { report: Report; view: View }) => {
  const table = eventsTable(report)
  return (
    <Card
      id="counters"
      title="Counters"
      lead="Traces, ledger, circuit breaker and sweep, for all tenants."
      half
    >
      {table.rows.length === 0 ? (
        <Empty>
          <p>
            Nothing was counted in this range. The sweep runs every five minutes if the Worker has
            its cron trigger (<code>wrangler.toml</code>).
          </p>
        </Empty>
      ) : (
        <DataTable table={table} view={view} />
      )}
    </Card>
  )
}
