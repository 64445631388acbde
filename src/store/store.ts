import type { Entry } from '../cache/entry.ts'
import type { Sweep, SweepBounds } from './sweep.ts'

/** Where an entry was found. */
export type TierName = 'memory' | 'colo' | 'qdrant'

/** An entry and where it was found. */
export interface StoredEntry {
  readonly entry: Entry
  readonly tier: TierName
}

/** Who looks after the work that a lookup leaves behind. */
export interface Lookup {
  /** Keeps the isolate awake for work that the caller does not wait for. */
  readonly waitUntil: (work: Promise<unknown>) => void
}

/** What a semantic hit tells of the request that its answer was made for. */
export interface Original {
  /** The answer's own name, as the model gave it. */
  readonly answerId: string
  readonly tenant: string
  readonly model: string
  /** The namespace within which it was matched. */
  readonly scope: string
}

/**
 * A place that keeps entries by id. It may fail: `get` and `set` reject, and whoever calls decides
 * (the gateway takes any failure for a miss). What a place holds is decided on read, by
 * `cache/policy`, so an entry that is returned may be expired or another's.
 */
export interface Store {
  /**
   * The entry, or undefined where there is none or it can't be read. Each store bounds its own lookups;
   * one that takes longer rejects with a `TimeoutError`.
   */
  get(id: string, lookup: Lookup): Promise<StoredEntry | undefined>
  /** The one entry that an answer was made for; undefined where there is none, or more than one. */
  findOriginal(wanted: Original, signal: AbortSignal): Promise<Entry | undefined>
  /** Keeps the entry under this id, in place of what was there. */
  set(id: string, entry: Entry): Promise<void>
  /** Deletes what expired before this instant (epoch ms); tells how much that was, and is left. */
  sweep(expiredBefore: number, bounds?: SweepBounds): Promise<Sweep>
}

/** An entry near the caller, and until when it may be given without asking Qdrant again. */
export interface Copy {
  readonly entry: Entry
  /** Epoch ms. Set once, when Qdrant answered or the entry was made; no tier makes it later. */
  readonly validUntil: number
}

/**
 * A place near the caller. It never fails: what it can't do, or not in the little time that it gives
 * itself, it leaves undone.
 */
export interface NearTier {
  readonly tier: TierName
  get(id: string): Promise<Copy | undefined>
  set(id: string, copy: Copy): Promise<void>
}
