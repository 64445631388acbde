import type { Context, Handler } from 'hono'
import { csvOf } from '../dashboard/csv.ts'
import { loginPage, problemPage } from '../dashboard/login.tsx'
import { dashboardPage } from '../dashboard/page.tsx'
import type { DashboardData } from '../dashboard/page.tsx'
import type { SemanticSettings } from '../dashboard/semantic.tsx'
import { sessions } from '../dashboard/session.ts'
import { servicesTable } from '../dashboard/state-tables.ts'
import type { State } from '../dashboard/state.tsx'
import { styleVersion } from '../dashboard/stylesheet.ts'
import { reportTable } from '../dashboard/tables.ts'
import { queryOf, viewOf } from '../dashboard/view.ts'
import type { View } from '../dashboard/view.ts'
import { GatewayError } from '../errors.ts'
import type { LedgerReader } from '../ledger/report.ts'
import { warn } from '../telemetry/log.ts'
import { isLoggedIn, login, logout } from './dashboard-login.tsx'
import type { LoginOptions } from './dashboard-login.tsx'
import { examine } from './health.ts'
import type { HealthOptions } from './health.ts'

/** How long the results of probes are shown again. A probe of the judge costs a verdict. */
const PROBED_FOR_MS = 60_000

export interface DashboardOptions
  extends
    Omit<LoginOptions, 'sessions'>,
    Pick<HealthOptions, 'probes' | 'breaker' | 'verification' | 'timeoutMs' | 'now'> {
  readonly adminKey: string
  /** Undefined if the ledger is off. */
  readonly ledgerReader: LedgerReader | undefined
  readonly semantic: SemanticSettings
  /** Whether MLflow is set up. */
  readonly traces: boolean
}

/** The handlers under `/dashboard`. */
export function dashboard(options: DashboardOptions) {
  const access = { ...options, sessions: sessions(options.adminKey, options.now) }
  const stateOf = probing(options)
  return {
    login: login(access),
    logout: logout(access),
    page: page(access, stateOf),
    table: table(access, stateOf),
  }
}

type Access = DashboardOptions & LoginOptions
type StateOf = () => Promise<State>

/** `GET /dashboard`: the page; or the login form. */
const page =
  (options: Access, stateOf: StateOf): Handler =>
  async (c) => {
    c.header('cache-control', 'no-store')
    const version = await styleVersion()
    try {
      const view = viewOf(c.req.query())
      if (!(await isLoggedIn(c, options))) return c.html(loginPage({ view, styleVersion: version }))
      if (view.refresh !== undefined) c.header('refresh', String(view.refresh))
      const [report, state] = await Promise.all([reportOf(view, options), stateOf()])
      const { semantic, now } = options
      const { origin } = new URL(c.req.url)
      const data = { view, report, state, semantic, origin, now: now(), styleVersion: version }
      return c.html(dashboardPage(data), report === 'unavailable' ? 503 : 200)
    } catch (error) {
      if (!(error instanceof GatewayError) || error.status !== 400) throw error
      return c.html(problemPage({ problem: error.message, styleVersion: version }), 400)
    }
  }

/** `GET /dashboard/export/{table}.csv`: one table of the page. */
const table =
  (options: Access, stateOf: StateOf): Handler =>
  async (c) => {
    c.header('cache-control', 'no-store')
    if (!(await isLoggedIn(c, options))) {
      const message = 'Log in at /dashboard, or send the ADMIN_KEY as Authorization: Bearer.'
      throw new GatewayError('invalid_api_key', message)
    }
    const view = viewOf(c.req.query())
    const name = c.req.param('file')?.replace(/\.csv$/, '') ?? ''
    const found =
      name === 'services'
        ? servicesTable((await stateOf()).services)
        : reportTable(name, await wholeReport(view, options), view)
    if (found === undefined) throw new GatewayError('not_found', `There is no table ${name}.`)
    return download(c, `${found.name}-${view.range}.csv`, csvOf(found))
  }

function download(c: Context, file: string, csv: string): Response {
  c.header('content-disposition', `attachment; filename="${file}"`)
  return c.body(csv, 200, { 'content-type': 'text/csv; charset=utf-8; header=present' })
}

/** The report of a view; or why there is none. */
async function reportOf(
  view: View,
  { ledgerReader, now }: DashboardOptions,
): Promise<DashboardData['report']> {
  if (ledgerReader === undefined) return 'off'
  try {
    return await ledgerReader.report(queryOf(view, now()))
  } catch (error) {
    warn('ledger not read', error)
    return 'unavailable'
  }
}

async function wholeReport(view: View, options: DashboardOptions) {
  const report = await reportOf(view, options)
  if (report === 'off') throw new GatewayError('not_found', 'The ledger is off.')
  if (report !== 'unavailable') return report
  throw new GatewayError('ledger_unavailable', 'The ledger did not answer.')
}

/** Probes the services, at most once a minute. */
function probing(options: DashboardOptions): StateOf {
  let last: Pick<State, 'services' | 'probedAt'> | undefined
  return async () => {
    const { probes, breaker, verification, traces, now } = options
    if (last === undefined || now() - last.probedAt > PROBED_FOR_MS) {
      const services = await Promise.all(probes.map((probe) => examine(probe, options)))
      last = { services, probedAt: now() }
    }
    return { ...last, breaker: breaker(), verification, traces }
  }
}
