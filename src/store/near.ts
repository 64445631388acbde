import type { Entry } from '../cache/entry.ts'
import type { Place } from './store.ts'

/** An entry near the caller, and until when it may be given without asking Qdrant again. */
export interface Copy {
  readonly entry: Entry
  /** Epoch ms. Set once, when Qdrant answered or the entry was made; no tier makes it later. */
  readonly validUntil: number
}

/** A place near the caller. It never fails: what it can't do, it leaves undone. */
export interface NearTier {
  readonly place: Place
  get(id: string, signal: AbortSignal): Promise<Copy | undefined>
  set(id: string, copy: Copy): Promise<void>
}
