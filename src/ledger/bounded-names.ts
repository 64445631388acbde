import { OTHER } from './report.ts'
import { rowsOf, stepOf, steps } from './tables.ts'
import type { Sql } from './tables.ts'

/** How many names of a kind one shard tells apart. `everModel`: the models of the totals. */
export const MOST_NAMES = {
  tenant: 5_000,
  model: 200,
  api: 50,
  verdict: 50,
  everModel: 100,
} as const
type Kind = keyof typeof MOST_NAMES

/** Keeps the number of distinct names bounded: further ones are counted as `(other)`. */
export class BoundedNames {
  /** By kind: the hour in which each name was last used. */
  private known: Map<Kind, Map<string, number>> | undefined
  private readonly sql: Sql

  constructor(sql: Sql) {
    this.sql = sql
  }

  /**
   * The name to count under. Names that come with an error fill at most half of the places, so that
   * a caller who makes up models leaves room for real ones.
   */
  place(kind: Kind, name: string, at: number, succeeded: boolean): string {
    const known = this.load().get(kind)!
    const hour = stepOf(at, steps.hour)
    const usedAt = known.get(name)
    const places = succeeded ? MOST_NAMES[kind] : MOST_NAMES[kind] / 2
    if (usedAt === undefined && known.size >= places) return OTHER
    if (usedAt === undefined || usedAt < hour) {
      known.set(name, hour)
      this.sql.exec('INSERT OR REPLACE INTO names VALUES (?, ?, ?)', kind, name, hour)
    }
    return name
  }

  /** Frees the places of names that were last used before an instant. The totals keep theirs. */
  free(before: number): void {
    this.sql.exec(`DELETE FROM names WHERE usedAt < ? AND kind != 'everModel'`, before)
    this.forget()
  }

  /** Reads the names again when they are needed, after a transaction that may have failed. */
  forget(): void {
    this.known = undefined
  }

  private load(): Map<Kind, Map<string, number>> {
    if (this.known !== undefined) return this.known
    const kinds = Object.keys(MOST_NAMES) as Kind[]
    const known = new Map(kinds.map((kind) => [kind, new Map<string, number>()]))
    const rows = rowsOf<{ kind: Kind; name: string; usedAt: number }>(
      this.sql,
      'SELECT kind, name, usedAt FROM names',
    )
    for (const { kind, name, usedAt } of rows) known.get(kind)?.set(name, usedAt)
    this.known = known
    return known
  }
}
