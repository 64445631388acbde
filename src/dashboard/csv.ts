import { plain } from './table.ts'
import type { Cell, Kind, Table } from './table.ts'

/** What a spreadsheet takes for the start of a formula (https://owasp.org/www-community/attacks/CSV_Injection). */
const FORMULA = /^\s*[=+\-@＝＋－＠\t\r]/

/**
 * A table as CSV (RFC 4180), with times in ISO 8601 and bare numbers. A text that a spreadsheet would
 * run as a formula begins with an apostrophe.
 */
export function csvOf({ columns, rows }: Table): string {
  const lines = rows.map((row) => row.map((value, at) => field(value, columns[at]!.kind)))
  return [columns.map(({ name }) => name), ...lines].map((line) => `${line.join(',')}\r\n`).join('')
}

function field(value: Cell, kind: Kind): string {
  if (value === null) return ''
  if (typeof value === 'number') {
    return kind === 'instant' ? new Date(value).toISOString() : plain(value)
  }
  const safe = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
