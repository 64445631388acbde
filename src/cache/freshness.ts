import type { Controls } from './controls.ts'
import type { Entry } from './entry.ts'

/** What a request asks of an entry. */
export interface Wanted {
  readonly proof: string
  readonly tenant: string
  readonly path: string
  /** Whether a stored semantic hit may answer. */
  readonly semantic: boolean
  /** Not older than this, in seconds (RFC 9111, 5.2.1.1). */
  readonly maxAgeSeconds: number | undefined
  /** With at least so much of its life left, in seconds (RFC 9111, 5.2.1.3). */
  readonly minFreshSeconds: number | undefined
}

/** Why an entry does not answer a request. */
export type Refusal =
  /** Another question under the same MD5: on purpose, or a defect. */
  | 'collision'
  | 'tenant'
  /** A semantic hit, for a caller who does not accept one. */
  | 'semantic'
  | 'expired'
  /** Fresh, but older than the caller wants. */
  | 'too-old'
  /** Fresh, but not for as long as the caller wants. */
  | 'expiring'

/**
 * Whether an entry may answer this request now (RFC 9111, 4): the very same question, of the same
 * tenant, fresh, and as young as the caller wants. `now` in epoch ms.
 */
export function refusal(entry: Entry, wanted: Wanted, now: number): Refusal | undefined {
  if (entry.proof !== wanted.proof || entry.path !== wanted.path) return 'collision'
  if (entry.tenant !== wanted.tenant) return 'tenant'
  if (entry.source === 'semantic' && !wanted.semantic) return 'semantic'
  if (entry.expires_at <= now) return 'expired'
  const { maxAgeSeconds = Infinity, minFreshSeconds = 0 } = wanted
  if (now - entry.stored_at > maxAgeSeconds * 1000) return 'too-old'
  return entry.expires_at - now < minFreshSeconds * 1000 ? 'expiring' : undefined
}

/** How long the entry has been kept, in whole seconds (RFC 9111, 5.1). */
export function ageSeconds(entry: Entry, now: number): number {
  return Math.max(0, Math.floor((now - entry.stored_at) / 1000))
}

/** What is left of its life, in whole seconds; negative once it is stale (RFC 9211, 2.4). */
export function ttlSeconds(entry: Entry, now: number): number {
  return Math.floor((entry.expires_at - now) / 1000)
}

/** How long after its expiry an entry may still be given (RFC 5861), where the caller says nothing. */
export interface StaleWindows {
  /** When LiteLLM fails. */
  readonly ifErrorSeconds: number
  /** At once, while a new answer is being made. */
  readonly whileRevalidateSeconds: number
}

/** What a caller says of stale answers. */
type StaleControls = Pick<
  Controls,
  'read' | 'maxAgeSeconds' | 'minFreshSeconds' | 'maxStaleSeconds' | 'staleIfErrorSeconds'
>

/**
 * Whether an expired entry may be given before LiteLLM is asked: as long as the caller's `max-stale`
 * says (RFC 9111, 5.2.1.2), else within the operator's window, but then not to a caller who named a
 * `max-age`; never to one who named a `min-fresh`. A semantic hit is never served stale. `now` in epoch ms.
 */
export function satisfiesStale(
  entry: Entry,
  { read, maxAgeSeconds, minFreshSeconds, maxStaleSeconds }: StaleControls,
  { whileRevalidateSeconds }: StaleWindows,
  now: number,
): boolean {
  if (!read || minFreshSeconds !== undefined || entry.source === 'semantic') return false
  if (now - entry.stored_at > (maxAgeSeconds ?? Infinity) * 1000) return false
  const window = maxStaleSeconds ?? (maxAgeSeconds === undefined ? whileRevalidateSeconds : 0)
  return now - entry.expires_at < window * 1000
}

/**
 * How long after its expiry an entry may stand in for LiteLLM when that fails: what the caller's
 * `stale-if-error` or `max-stale` says; else the operator's window, but then not for a caller who
 * said `no-cache`, `no-store`, `max-age` or `min-fresh`.
 */
export function errorWindowSeconds(
  { read, maxAgeSeconds, minFreshSeconds, maxStaleSeconds, staleIfErrorSeconds }: StaleControls,
  { ifErrorSeconds }: StaleWindows,
): number {
  const isPlain = read && maxAgeSeconds === undefined && minFreshSeconds === undefined
  const unasked = isPlain ? ifErrorSeconds : 0
  return staleIfErrorSeconds ?? maxStaleSeconds ?? unasked
}

/**
 * Whether an entry may stand in for LiteLLM, counted from its expiry whatever else is said of
 * freshness (RFC 5861, 4). A semantic hit never does.
 */
export function satisfiesOnError(
  entry: Entry,
  wanted: StaleControls,
  windows: StaleWindows,
  now: number,
): boolean {
  const window = errorWindowSeconds(wanted, windows)
  return window > 0 && entry.source !== 'semantic' && now - entry.expires_at < window * 1000
}
