import type { Entry } from '../cache/entry.ts'
import type { Sweep, SweepBounds } from './sweep.ts'

/** The tier in which an entry was found. */
export type TierName = 'memory' | 'colo' | 'qdrant'

/** An entry and the tier in which it was found. */
export interface StoredEntry {
  readonly entry: Entry
  readonly tier: TierName
}

/** What a lookup needs besides the id. */
export interface Lookup {
  /** Keeps the isolate alive for work that the caller does not wait for. */
  readonly waitUntil: (work: Promise<unknown>) => void
}

/** Identifies the entry that a semantic hit's answer was made for. */
export interface WantedOriginal {
  /** The answer's `id`, as the model gave it. */
  readonly answerId: string
  readonly tenant: string
  readonly model: string
  /** The semantic namespace of the hit. */
  readonly scope: string
}

/** The entry that a semantic hit's answer was made for. */
export interface Original {
  readonly id: string
  readonly entry: Entry
}

/**
 * A store of entries by id. `get` and `set` may reject; the gateway treats a failed `get` as a
 * miss. `get` may return an expired or another request's entry: the lookup checks it with `refusal`
 * (cache/freshness.ts).
 */
export interface Store {
  /**
   * The entry; undefined if there is none or it is unreadable. Each store limits its lookup time
   * and rejects late ones with a `TimeoutError`.
   */
  get(id: string, lookup: Lookup): Promise<StoredEntry | undefined>
  /**
   * The entries that exist, by id, in one request. Reads no near tier: a large batch would drive
   * everything else out of them.
   */
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Entry>>
  /** The entry that an answer was made for; undefined if there is none, or more than one. */
  findOriginal(wanted: WantedOriginal, signal: AbortSignal): Promise<Original | undefined>
  /** Stores the entry under this id. A semantic hit does not replace a fresher answer. */
  set(id: string, entry: Entry): Promise<void>
  /** Stores entries, by id, in place of whatever is there: also a semantic hit for a fresher answer. */
  setMany(entries: ReadonlyMap<string, Entry>): Promise<void>
  /** Deletes what expired before this instant (epoch ms); resolves with how many, and how many are left. */
  sweep(expiredBefore: number, bounds?: SweepBounds): Promise<Sweep>
}

/** A copy of an entry near the caller, and how long it is valid. */
export interface Copy {
  readonly entry: Entry
  /** Epoch ms. Set once, when Qdrant answered or the entry was made; no tier extends it. */
  readonly validUntil: number
}

/**
 * A cache of copies near the caller. Never rejects: if it fails or is too slow, `get` is undefined
 * and `set` and `delete` do nothing.
 */
export interface NearTier {
  readonly tier: TierName
  get(id: string): Promise<Copy | undefined>
  set(id: string, copy: Copy): Promise<void>
  /** Forgets a copy. */
  delete(id: string): Promise<void>
}
