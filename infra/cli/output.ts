import { stripVTControlCharacters } from 'node:util'

/** Prints results: for people, or with `--json` as one JSON document on standard output. */
export interface Output {
  readonly json: boolean
  /** A result. `text` is what a person reads. */
  result(value: unknown, text: string): void
  /** What a command is doing, on standard error. Nothing with `--json`. */
  note(text: string): void
}

/** Output on the standard streams. */
export function standardOutput(json: boolean): Output {
  return {
    json,
    result: (value, text) => console.log(json ? JSON.stringify(value, null, 2) : text),
    note: (text) => {
      if (!json) console.error(text)
    },
  }
}

/** Text that callers wrote, without control characters, which a terminal obeys. Keeps line breaks. */
export const printable = (text: string) => text.replaceAll(/[^\P{Cc}\n]+/gu, ' ')

/** The same in one line. */
export const printableLine = (text: string) => text.replaceAll(/\p{Cc}+/gu, ' ')

/** Rows as aligned columns. */
export function columns(rows: readonly (readonly string[])[]): string {
  const width = (text: string) => stripVTControlCharacters(text).length
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => width(row[at] ?? ''))),
  )
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - width(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
