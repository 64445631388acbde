import { monthBegin, monthOf } from './month.ts'
import { countTables, rowsOf, steps } from './tables.ts'
import type { CountTable, Sql } from './tables.ts'

const DAY_MS = 86_400_000

/** Rows are pruned so often at most. */
export const PRUNE_INTERVAL_MS = 600_000

/** How long rows are kept. */
const KEPT = [
  // A report of the last two days may be asked for a little later.
  { stepMs: steps.minute, keptMs: 2 * DAY_MS + PRUNE_INTERVAL_MS },
  { stepMs: steps.hour, keptMs: 90 * DAY_MS },
] as const

const FAILURES_KEPT_MS = 7 * DAY_MS
/** This month and those before it. */
const SPEND_KEPT_MONTHS = 13

/** The mark before which a shard has no minutes any more, because there were too many. */
const MINUTES_FROM = 'minutesFrom'

/** Whether a shard still has all minutes since an instant. */
export function hasMinutesSince(sql: Sql, from: number, now: number): boolean {
  if (from < now - KEPT[0].keptMs) return false
  const marks = rowsOf<{ at: number }>(sql, 'SELECT at FROM marks WHERE name = ?', MINUTES_FROM)
  return from >= (marks[0]?.at ?? 0)
}

/**
 * Deletes rows that are too old, then the oldest ones of tables that are too large; never the
 * totals.
 */
export function prune(sql: Sql, now: number, mostRows: number): void {
  for (const table of Object.values<CountTable>(countTables)) {
    for (const kept of KEPT) pruneStep(sql, table, kept, now, mostRows)
  }
  sql.exec('DELETE FROM failures WHERE at < ?', now - FAILURES_KEPT_MS)
  sql.exec('DELETE FROM judgeSpend WHERE month < ?', firstMonth(now))
  // In a month that has too many rows, the smallest amounts go first: large ones are near a budget.
  const excess = `DELETE FROM judgeSpend WHERE (month, tenant) IN
    (SELECT month, tenant FROM judgeSpend ORDER BY month DESC, usd DESC LIMIT -1 OFFSET ?)`
  sql.exec(excess, mostRows)
}

function pruneStep(
  sql: Sql,
  { name }: CountTable,
  { stepMs, keptMs }: (typeof KEPT)[number],
  now: number,
  mostRows: number,
): void {
  // A step is kept until its end is too old.
  const remove = `DELETE FROM ${name} WHERE stepMs = ? AND at <= ?`
  sql.exec(remove, stepMs, now - keptMs - stepMs)
  const newest = `SELECT at FROM ${name} WHERE stepMs = ? ORDER BY at DESC LIMIT 1 OFFSET ?`
  const [excess] = rowsOf<{ at: number }>(sql, newest, stepMs, mostRows)
  if (excess === undefined) return
  sql.exec(remove, stepMs, excess.at)
  if (stepMs !== steps.minute) return
  const upsert = `INSERT INTO marks VALUES (?, ?) ON CONFLICT DO UPDATE SET at = MAX(at, excluded.at)`
  sql.exec(upsert, MINUTES_FROM, excess.at + stepMs)
}

/** A name that was last used in an hour before this has no place any more, nor minutes; epoch ms. */
export const forgottenBefore = (now: number) => now - KEPT[0].keptMs - steps.hour

/** When the next row will be too old, epoch ms; undefined if there is none. */
export function dueAt(sql: Sql, now: number): number | undefined {
  const instants = Object.values<CountTable>(countTables).flatMap((table) =>
    KEPT.map(({ stepMs, keptMs }) => plus(oldest(sql, table, stepMs), keptMs + stepMs)),
  )
  const [failure] = rowsOf<{ at: number | null }>(sql, 'SELECT MIN(at) AS at FROM failures')
  instants.push(plus(failure?.at ?? undefined, FAILURES_KEPT_MS))
  const spend = rowsOf(sql, 'SELECT month FROM judgeSpend LIMIT 1')
  if (spend.length > 0) instants.push(monthBegin(now, 1))
  const known = instants.filter((at) => at !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

const plus = (at: number | undefined, ms: number) => (at === undefined ? undefined : at + ms)

const firstMonth = (now: number) => monthOf(monthBegin(now, 1 - SPEND_KEPT_MONTHS))

function oldest(sql: Sql, { name }: CountTable, stepMs: number): number | undefined {
  const query = `SELECT MIN(at) AS at FROM ${name} WHERE stepMs = ?`
  return rowsOf<{ at: number | null }>(sql, query, stepMs)[0]?.at ?? undefined
}
