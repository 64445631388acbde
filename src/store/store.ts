import type { Entry } from '../cache/entry.ts'

/**
 * A place that keeps entries by id. It may fail: `get` and `set` reject, and whoever calls decides
 * (the gateway takes any failure for a miss). What a place holds is decided on read, by
 * `cache/policy`, so an entry that is returned may be expired or another's.
 */
export interface Store {
  /** The entry, or undefined where there is none or it can't be read. Ends early with `signal`. */
  get(id: string, signal: AbortSignal): Promise<Entry | undefined>
  /** Keeps the entry under this id, in place of what was there. */
  set(id: string, entry: Entry): Promise<void>
  /** Deletes what expired before this instant (epoch ms); tells how many entries that were. */
  sweep(expiredBefore: number): Promise<number>
}
