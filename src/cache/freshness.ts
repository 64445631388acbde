import type { Entry } from './entry.ts'

/** What a request asks of an entry. */
export interface Wanted {
  readonly proof: string
  readonly tenant: string
  readonly path: string
  /** Whether an answer that was matched by meaning will do. */
  readonly semantic: boolean
  /** Not older than this, in seconds (RFC 9111, 5.2.1.1). */
  readonly maxAgeSeconds: number | undefined
}

/** Why an entry does not answer a request. */
export type Refusal =
  /** Another question under the same MD5: on purpose, or a defect. */
  | 'collision'
  | 'tenant'
  /** Matched by meaning, for a caller who wants none of that. */
  | 'semantic'
  | 'expired'
  /** Fresh, but older than the caller wants. */
  | 'too-old'

/**
 * Whether an entry may answer this request now (RFC 9111, 4): the very same question, of the same
 * tenant, fresh, and as young as the caller wants. `now` in epoch ms.
 */
export function refusal(entry: Entry, wanted: Wanted, now: number): Refusal | undefined {
  if (entry.proof !== wanted.proof || entry.path !== wanted.path) return 'collision'
  if (entry.tenant !== wanted.tenant) return 'tenant'
  if (entry.source === 'semantic' && !wanted.semantic) return 'semantic'
  if (entry.expires_at <= now) return 'expired'
  const { maxAgeSeconds = Infinity } = wanted
  return now - entry.stored_at > maxAgeSeconds * 1000 ? 'too-old' : undefined
}

/** How long the entry has been kept, in whole seconds (RFC 9111, 5.1). */
export function ageSeconds(entry: Entry, now: number): number {
  return Math.max(0, Math.floor((now - entry.stored_at) / 1000))
}

/** What is left of its life, in whole seconds; negative once it is stale (RFC 9211, 2.4). */
export function ttlSeconds(entry: Entry, now: number): number {
  return Math.floor((entry.expires_at - now) / 1000)
}
