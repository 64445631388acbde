import { DECISION_KEYS, REQUEST_KEYS } from './cells.ts'
import { LATENCY_BUCKETS } from './histogram.ts'

/** A value of a row. */
export type SqlValue = string | number

/** SQLite in a Durable Object (https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/). */
export interface Sql {
  /** Statements are prepared once and found again by their text. At most 100 values. */
  exec(query: string, ...values: SqlValue[]): { toArray(): object[] }
}

/** The rows of a query. Its columns are named as the members of `Row`. */
export const rowsOf = <Row>(sql: Sql, query: string, ...values: SqlValue[]): Row[] =>
  sql.exec(query, ...values).toArray() as Row[]

/** The width of a row's time: a minute, an hour, or all time, which begins at 0. */
export const steps = { minute: 60_000, hour: 3_600_000, ever: 0 } as const

/** When the step that holds an instant begins. */
export const stepOf = (at: number, stepMs: number) => (stepMs === 0 ? 0 : at - (at % stepMs))

/** A table of sums by time and names. */
export interface CountTable {
  readonly name: 'requests' | 'decisions' | 'events'
  readonly keys: readonly string[]
  /** Members of its cells: numbers, and `latency`, a list. */
  readonly sums: readonly string[]
}

export const countTables = {
  requests: {
    name: 'requests',
    keys: REQUEST_KEYS,
    sums: [
      'requests',
      'savedInputTokens',
      'savedOutputTokens',
      'savedUsd',
      'savedMs',
      'unpricedHits',
      'latencySumMs',
      'latency',
    ],
  },
  decisions: {
    name: 'decisions',
    keys: DECISION_KEYS,
    sums: [
      'decisions',
      'agreed',
      'disagreed',
      'judgeCalls',
      'judgeUsd',
      'judgeUnpriced',
      'judgeMs',
    ],
  },
  events: { name: 'events', keys: ['name'], sums: ['count'] },
} as const satisfies Record<string, CountTable>

/** A column for each latency bucket. */
export const latencyColumns = Array.from({ length: LATENCY_BUCKETS }, (_, at) => `latency${at}`)

const columnsOf = (members: readonly string[]) =>
  members.flatMap((name) => (name === 'latency' ? latencyColumns : name))

/** Numbers are 1 and not '1', names are '1' and not 1. */
const NUMERIC_KEYS = new Set(['shadow', 'probability'])

/**
 * Creates what is missing. Tables without row ids have their primary key as their only index, so
 * that a change writes one row, which is what is billed.
 */
export function createTables(sql: Sql): void {
  for (const { name, keys, sums } of Object.values<CountTable>(countTables)) {
    const columns = [
      'stepMs INTEGER NOT NULL',
      'at INTEGER NOT NULL',
      ...keys.map((key) => `${key} ${NUMERIC_KEYS.has(key) ? 'INTEGER' : 'TEXT'} NOT NULL`),
      ...columnsOf(sums).map((sum) => `${sum} NUMERIC NOT NULL`),
      `PRIMARY KEY (stepMs, at, ${keys.join(', ')})`,
    ]
    sql.exec(`CREATE TABLE IF NOT EXISTS ${name} (${columns.join(', ')}) WITHOUT ROWID`)
  }
  sql.exec(`CREATE TABLE IF NOT EXISTS judgeSpend (month TEXT NOT NULL, tenant TEXT NOT NULL,
    usd NUMERIC NOT NULL, PRIMARY KEY (month, tenant)) WITHOUT ROWID`)
  sql.exec(`CREATE TABLE IF NOT EXISTS failures (slot INTEGER PRIMARY KEY, number INTEGER NOT NULL,
    at INTEGER NOT NULL, requestId TEXT NOT NULL, tenant TEXT NOT NULL, model TEXT NOT NULL,
    api TEXT NOT NULL, status INTEGER NOT NULL, error TEXT NOT NULL)`)
  sql.exec(`CREATE TABLE IF NOT EXISTS gauges (name TEXT PRIMARY KEY, value NUMERIC NOT NULL,
    at INTEGER NOT NULL) WITHOUT ROWID`)
  sql.exec(`CREATE TABLE IF NOT EXISTS names (kind TEXT NOT NULL, name TEXT NOT NULL,
    usedAt INTEGER NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID`)
  sql.exec(`CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, at INTEGER NOT NULL)
    WITHOUT ROWID`)
}

/** Adds a cell to the row of its step and names. */
export function addCell(sql: Sql, table: CountTable, stepMs: number, cell: object): void {
  const members = ['at', ...table.keys, ...table.sums]
  const values = members.flatMap((name) => (cell as Record<string, SqlValue | SqlValue[]>)[name]!)
  sql.exec(upserts[table.name], stepMs, ...values)
}

const upserts = Object.fromEntries(
  Object.values<CountTable>(countTables).map(({ name, keys, sums }) => {
    const columns = ['stepMs', 'at', ...keys, ...columnsOf(sums)]
    const places = columns.map(() => '?').join(', ')
    const added = columnsOf(sums).map((sum) => `${sum} = ${sum} + excluded.${sum}`)
    return [
      name,
      `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${places})
        ON CONFLICT DO UPDATE SET ${added.join(', ')}`,
    ]
  }),
) as Record<CountTable['name'], string>
