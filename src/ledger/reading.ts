import { NO_PROBABILITY, storedName } from './batch.ts'
import type { DecisionCell } from './batch.ts'
import { hitOutcomes } from './cells.ts'
import { listedFailures } from './listed-failures.ts'
import type {
  FailedRequest,
  GroupSums,
  OutcomeSums,
  Report,
  ReportQuery,
  Totals,
  VerdictSums,
} from './report.ts'
import { hasMinutesSince } from './retention.ts'
import { countTables, latencyColumns, rowsOf, stepOf, steps } from './tables.ts'
import type { Sql, SqlValue } from './tables.ts'
import { sumBy } from './sum-by.ts'
import { topGroups } from './top-groups.ts'

/** The rows that a report is made of. */
interface Range {
  readonly sql: Sql
  readonly where: string
  readonly values: readonly SqlValue[]
}

const HITS = `outcome IN (${hitOutcomes.map((outcome) => `'${outcome}'`).join(', ')}) AND status < '4'`

/** Counts the requests for which a condition holds. */
const countOf = (condition: string, name: string) =>
  `SUM(CASE WHEN ${condition} THEN requests ELSE 0 END) AS ${name}`

const SUMS = [
  'SUM(requests) AS requests',
  countOf(HITS, 'hits'),
  countOf(`outcome = 'rejected'`, 'rejected'),
  countOf(`status = '5xx'`, 'failed'),
  'SUM(savedInputTokens) AS savedInputTokens',
  'SUM(savedOutputTokens) AS savedOutputTokens',
  'SUM(savedUsd) AS savedUsd',
  'SUM(savedMs) AS savedMs',
  'SUM(unpricedHits) AS unpricedHits',
].join(', ')

const LATENCIES = ['latencySumMs', ...latencyColumns]
  .map((column) => `SUM(${column}) AS ${column}`)
  .join(', ')

/** What one shard knows of a time range. Names all of its models and APIs. */
export function reportOf(sql: Sql, asked: ReportQuery, now: number): Report {
  const resolution = resolutionFor(sql, asked, now)
  const query = inWhole(resolution, asked)
  const { from, to, tenant, stepMs } = query
  const inTime: Range = {
    sql,
    where: 'stepMs = ? AND at >= ? AND at < ?',
    values: [resolution, from, to],
  }
  const range =
    tenant === undefined
      ? inTime
      : { sql, where: `${inTime.where} AND tenant = ?`, values: [...inTime.values, tenant] }
  return {
    query,
    series: select(
      range,
      `SELECT at - at % ? AS at, outcome, ${SUMS} FROM requests WHERE … GROUP BY 1, 2 ORDER BY 1`,
      stepMs,
    ),
    outcomes: outcomes<OutcomeSums>(range, 'outcome, tier'),
    models: groups(range, 'model'),
    tenants: topGroups(groups(range, 'tenant')),
    apis: groups(range, 'api'),
    ...decisions(range),
    failures: failures(sql, query),
    events: events(inTime),
    gauges: gauges(sql),
  }
}

/** What one shard counted since the beginning. */
export function totalsOf(sql: Sql): Totals {
  const range: Range = { sql, where: 'stepMs = ?', values: [steps.ever] }
  return {
    requests: outcomes<Totals['requests'][number]>(range, 'api, model, outcome, tier, status'),
    ...decisions(range),
    events: events(range),
    gauges: gauges(sql),
  }
}

/** Minutes if a step is shorter than an hour and they are all there, else hours. */
function resolutionFor(sql: Sql, { from, stepMs }: ReportQuery, now: number): number {
  const isFine = stepMs < steps.hour && hasMinutesSince(sql, stepOf(from, steps.minute), now)
  return isFine ? steps.minute : steps.hour
}

/** The query that is answered: the range and the step are widened to whole minutes or hours. */
const inWhole = (resolution: number, { from, to, stepMs, tenant }: ReportQuery): ReportQuery => ({
  from: stepOf(from, resolution),
  to: Math.ceil(to / resolution) * resolution,
  stepMs: Math.max(1, Math.ceil(stepMs / resolution)) * resolution,
  tenant: tenant === undefined ? undefined : storedName(tenant),
})

/** Runs a query on a range, which takes the place of `…`. `before`: the values of the columns. */
const select = <Row>(range: Range, query: string, ...before: SqlValue[]): Row[] =>
  rowsOf<Row>(range.sql, query.replace('…', range.where), ...before, ...range.values)

function outcomes<Row extends OutcomeSums>(range: Range, keys: string): Row[] {
  const query = `SELECT ${keys}, ${SUMS}, ${LATENCIES} FROM requests WHERE … GROUP BY ${keys}`
  return select<Row>(range, query).map((row) => {
    const latency = latencyColumns.map((column) => Number(Reflect.get(row, column)))
    for (const column of latencyColumns) Reflect.deleteProperty(row, column)
    return Object.assign(row, { latency })
  })
}

const groups = (range: Range, key: 'model' | 'tenant' | 'api'): GroupSums[] =>
  select(range, `SELECT ${key} AS name, ${SUMS} FROM requests WHERE … GROUP BY 1`)

type DecisionSums = Omit<DecisionCell, 'at' | 'tenant' | 'model'>

function decisions(range: Range): Pick<Report, 'verdicts' | 'probabilities' | 'judge'> {
  const sums = countTables.decisions.sums.map((sum) => `SUM(${sum}) AS ${sum}`).join(', ')
  const rows = select<DecisionSums>(
    range,
    `SELECT verdict, shadow, probability, ${sums} FROM decisions WHERE … GROUP BY 1, 2, 3`,
  )
  const verdicts: VerdictSums[] = rows.map(({ verdict, shadow, decisions, agreed, disagreed }) => ({
    verdict,
    shadow: shadow === 1,
    decisions,
    agreed,
    disagreed,
  }))
  const probabilities = Array<number>(10).fill(0)
  for (const { probability, decisions } of rows) {
    if (probability !== NO_PROBABILITY) probabilities[probability]! += decisions
  }
  const judges = rows.map(({ judgeCalls, judgeUsd, judgeUnpriced, judgeMs }) => ({
    calls: judgeCalls,
    usd: judgeUsd,
    unpriced: judgeUnpriced,
    ms: judgeMs,
  }))
  const none = { calls: 0, usd: 0, unpriced: 0, ms: 0 }
  return {
    verdicts: sumBy(verdicts, ['verdict', 'shadow']),
    probabilities,
    judge: sumBy([none, ...judges], [])[0]!,
  }
}

function failures(sql: Sql, { from, to, tenant }: ReportQuery): FailedRequest[] {
  const ofTenant = tenant === undefined ? [] : [tenant]
  const found = rowsOf<FailedRequest & Record<string, string | number>>(
    sql,
    `SELECT at, requestId, tenant, model, api, status, error FROM failures
      WHERE at >= ? AND at < ? ${ofTenant.length === 0 ? '' : 'AND tenant = ?'}`,
    from,
    to,
    ...ofTenant,
  )
  return listedFailures(found)
}

const events = (range: Range): Report['events'] =>
  select(range, 'SELECT name, SUM(count) AS count FROM events WHERE … GROUP BY 1')

const gauges = (sql: Sql): Report['gauges'] => rowsOf(sql, 'SELECT name, value, at FROM gauges')
