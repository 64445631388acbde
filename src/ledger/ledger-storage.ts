import type { Batch, DecisionCell, RequestCell } from './batch.ts'
import { BoundedNames } from './bounded-names.ts'
import { latest } from './cells.ts'
import { monthOf } from './month.ts'
import { dueAt, prune, forgottenBefore } from './retention.ts'
import { reportOf, totalsOf } from './reading.ts'
import type { Report, ReportQuery, Totals } from './report.ts'
import { sumBy } from './sum-by.ts'
import { addCell, countTables, createTables, rowsOf, stepOf, steps } from './tables.ts'
import type { CountTable, Sql } from './tables.ts'

/** The storage of a Durable Object, as far as it is needed here. */
export interface SqlStorageArea {
  readonly sql: Sql
  transactionSync<Result>(work: () => Result): Result
}

/** How many failed requests a shard keeps: server errors, and others. */
const MOST_FAILURES_STORED = 200

/** One shard's sums: by minute, by hour, and of all time. */
export class LedgerStorage {
  private readonly storage: SqlStorageArea
  private readonly sql: Sql
  private readonly names: BoundedNames
  private readonly now: () => number
  private readonly mostRows: number

  /** `mostRows` limits each table of minutes or hours. A row is about 150 bytes. */
  constructor(storage: SqlStorageArea, now: () => number, { mostRows = 500_000 } = {}) {
    this.storage = storage
    this.sql = storage.sql
    this.names = new BoundedNames(storage.sql)
    this.now = now
    this.mostRows = mostRows
    createTables(storage.sql)
  }

  /** Adds a batch, or nothing of it if that fails. */
  add(batch: Batch): void {
    this.inTransaction(() => {
      this.addRequests(batch.requests)
      this.addDecisions(batch.decisions)
      this.addCells(countTables.events, batch.events, batch.events)
      this.addFailures(batch.failures)
      this.setGauges(batch.gauges)
    })
  }

  /** What happened in a time range. Names every model, of which a reader may merge some. */
  report(query: ReportQuery): Report {
    return reportOf(this.sql, query, this.now())
  }

  /** Everything since the beginning. */
  totals(): Totals {
    return totalsOf(this.sql)
  }

  /** What the judge cost a tenant in a month (`2026-11`, UTC), in USD. */
  judgeSpend(tenant: string, month: string): number {
    const query = 'SELECT usd FROM judgeSpend WHERE month = ? AND tenant = ?'
    return rowsOf<{ usd: number }>(this.sql, query, month, tenant)[0]?.usd ?? 0
  }

  /** Deletes what is too old, or too much. Frees the places of names that are no longer used. */
  prune(): void {
    this.inTransaction(() => {
      const now = this.now()
      prune(this.sql, now, this.mostRows)
      this.names.free(forgottenBefore(now))
    })
  }

  /** When there will be something to prune, epoch ms; undefined if there never will be. */
  dueAt(): number | undefined {
    return dueAt(this.sql, this.now())
  }

  private inTransaction(work: () => void): void {
    try {
      this.storage.transactionSync(work)
    } catch (error) {
      this.names.forget()
      throw error
    }
  }

  private addRequests(given: readonly RequestCell[]): void {
    const cells = given.map((cell) => {
      const { at, status } = cell
      const succeeded = status === '2xx'
      return {
        ...cell,
        tenant: this.names.place('tenant', cell.tenant, at, succeeded),
        model: this.names.place('model', cell.model, at, succeeded),
        api: this.names.place('api', cell.api, at, succeeded),
      }
    })
    const ever = given.map((cell, at) => ({
      ...cell,
      tenant: '',
      model: this.names.place('everModel', cell.model, cell.at, cell.status === '2xx'),
      api: cells[at]!.api,
    }))
    this.addCells(countTables.requests, cells, ever)
  }

  private addDecisions(given: readonly DecisionCell[]): void {
    const cells = given.map((cell) => ({
      ...cell,
      tenant: this.names.place('tenant', cell.tenant, cell.at, true),
      model: this.names.place('model', cell.model, cell.at, true),
      verdict: this.names.place('verdict', cell.verdict, cell.at, true),
    }))
    const ever = cells.map((cell) => ({ ...cell, tenant: '', model: '' }))
    this.addCells(countTables.decisions, cells, ever)
    // By the name as it was given: a budget must not depend on how many tenants there are.
    const spent = given
      .filter(({ judgeUsd }) => judgeUsd > 0)
      .map(({ at, tenant, judgeUsd }) => ({ month: monthOf(at), tenant, usd: judgeUsd }))
    for (const { month, tenant, usd } of sumBy(spent, ['month', 'tenant'])) {
      const upsert = `INSERT INTO judgeSpend VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET usd = usd + excluded.usd`
      this.sql.exec(upsert, month, tenant, usd)
    }
  }

  /** Adds cells by minute and by hour, and `ever` to the totals. */
  private addCells<Cell extends { readonly at: number }>(
    table: CountTable,
    cells: readonly Cell[],
    ever: readonly Cell[],
  ): void {
    const keys = ['at', ...table.keys] as (keyof Cell & string)[]
    for (const stepMs of Object.values(steps)) {
      const placed = stepMs === steps.ever ? ever : cells
      const inStep = placed.map((cell) => ({ ...cell, at: stepOf(cell.at, stepMs) }))
      for (const cell of sumBy(inStep, keys)) addCell(this.sql, table, stepMs, cell)
    }
  }

  /**
   * Two rings, one for server errors: the newest failure takes the place of the oldest one, and
   * callers who send malformed requests push no server error out.
   */
  private addFailures(failures: Batch['failures']): void {
    if (failures.length === 0) return
    const query = 'SELECT COALESCE(MAX(number), 0) AS last FROM failures'
    let number = rowsOf<{ last: number }>(this.sql, query)[0]!.last
    for (const { at, requestId, tenant, model, api, status, error } of failures) {
      number += 1
      const values = [number, at, requestId, tenant, model, api, status, error]
      const insert = 'INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'
      const ring = status >= 500 ? MOST_FAILURES_STORED : 0
      this.sql.exec(insert, ring + (number % MOST_FAILURES_STORED), ...values)
    }
  }

  private setGauges(gauges: Batch['gauges']): void {
    for (const { name, value, at } of latest(gauges)) {
      const upsert = `INSERT INTO gauges VALUES (?, ?, ?) ON CONFLICT DO UPDATE
        SET value = excluded.value, at = excluded.at WHERE excluded.at >= at`
      this.sql.exec(upsert, name, value, at)
    }
  }
}
