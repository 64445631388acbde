import type { Child } from 'hono/jsx'
import { OTHER } from '../ledger/report.ts'
import type { Report } from '../ledger/report.ts'
import { Card, Empty } from './card.tsx'
import { Filters } from './filters.tsx'
import { dateTime, instant } from './format.ts'
import { Failures, Groups } from './groups.tsx'
import { Headlines } from './headlines.tsx'
import { Latency } from './latency.tsx'
import { layout } from './layout.tsx'
import { Layers, Outcomes, OutcomesOverTime, SavedOverTime } from './outcomes.tsx'
import { Semantic } from './semantic.tsx'
import type { SemanticSettings } from './semantic.tsx'
import { Counters, problemsOf, Services } from './state.tsx'
import type { State } from './state.tsx'
import { hrefOf, ranges } from './view.ts'
import type { View } from './view.ts'

export interface DashboardData {
  readonly view: View
  /** What happened; or why that is unknown. */
  readonly report: Report | 'off' | 'unavailable'
  readonly state: State
  readonly semantic: SemanticSettings
  /** The gateway's own address, such as `https://llm.example.com`. */
  readonly origin: string
  readonly now: number
  readonly styleVersion: string
}

/** The dashboard: the sections in the order in which they are read. */
export function dashboardPage(data: DashboardData) {
  const { view, report, state, now, styleVersion } = data
  const hasReport = typeof report === 'object'
  const tenants = hasReport ? report.tenants.map(({ name }) => name) : []
  const period = ranges[view.range].label
  return layout({
    title: `${view.tenant ?? 'All tenants'}, last ${period} – edge-llm-cache`,
    styleVersion,
    header: <Header state={state} />,
    children: (
      <>
        <div class="intro">
          <h1>{view.tenant === undefined ? 'All tenants' : <Tenant name={view.tenant} />}</h1>
          <p>
            Last {period}
            {hasReport
              ? `: ${dateTime(report.query.from)} to ${dateTime(Math.min(report.query.to, now))} UTC`
              : ''}
            . As of {instant(now)} UTC.
          </p>
        </div>
        <Filters view={view} tenants={tenants.filter((name) => name !== OTHER && name !== '')} />
        {hasReport ? (
          <Sections {...data} report={report} />
        ) : (
          <Notice>{WHY_NO_REPORT[report]}</Notice>
        )}
        <div class="grid">
          <Services state={state} view={view} />
          {hasReport ? <Counters report={report} view={view} /> : null}
        </div>
      </>
    ),
  })
}

const WHY_NO_REPORT = {
  off: 'The ledger is off (LEDGER=off), so nothing about requests is known. Set LEDGER=on to see them here.',
  unavailable:
    'The ledger did not answer, so nothing about requests is shown. Reload the page in a moment; if it stays, look for the log event “ledger not read”.',
}

const Sections = (data: DashboardData & { readonly report: Report }) => {
  const { report, view, semantic } = data
  const isEmpty = report.outcomes.length === 0
  return (
    <>
      <Headlines report={report} />
      <div class="grid">
        {isEmpty ? (
          <NoRequests {...data} />
        ) : (
          <>
            <OutcomesOverTime report={report} view={view} />
            <Layers report={report} view={view} />
            <SavedOverTime report={report} view={view} />
            <Outcomes report={report} view={view} />
            <Latency report={report} view={view} />
          </>
        )}
        <Semantic report={report} view={view} semantic={semantic} />
        {isEmpty ? null : <Groups report={report} view={view} />}
        <Failures report={report} view={view} />
      </div>
    </>
  )
}

const Header = ({ state }: { state: State }) => {
  const problems = problemsOf(state)
  return (
    <>
      <a class={problems.length === 0 ? 'badge ok' : 'badge bad'} href="#services">
        {problems.length === 0 ? 'All services ok' : problems.join(', ')}
      </a>
      <form method="post" action="/dashboard/logout">
        <button type="submit" class="quiet">
          Log out
        </button>
      </form>
    </>
  )
}

const Tenant = ({ name }: { name: string }) => (
  <>
    Tenant <code>{name}</code>
  </>
)

const Notice = ({ children }: { children?: Child }) => (
  <p class="notice" role="status">
    {children}
  </p>
)

const NoRequests = ({ view, origin }: { view: View; origin: string }) => (
  <Card id="over-time" title="Requests over time">
    <Empty>
      <p>
        No requests{view.tenant === undefined ? '' : ' of this tenant'} in this range. Look at{' '}
        {view.range === '90d' ? (
          <a href={hrefOf('/dashboard', view, { tenant: undefined })}>all tenants</a>
        ) : (
          <a href={hrefOf('/dashboard', view, { range: '90d' })}>the last 90 days</a>
        )}
        , or send one:
      </p>
      <pre tabindex={0}>
        <code>{`curl ${origin}/v1/chat/completions \\
  -H "authorization: Bearer $KEY" \\
  -H 'content-type: application/json' \\
  -d '{"model": "…", "messages": [{"role": "user", "content": "Why is the sky blue?"}]}'`}</code>
      </pre>
    </Empty>
  </Card>
)
