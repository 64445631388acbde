import type { Controls } from './controls.ts'
import type { Entry } from './entry.ts'

/** What a request requires of an entry. */
export interface Wanted {
  readonly proof: string
  readonly tenant: string
  readonly path: string
  /** Whether a stored semantic hit may answer. */
  readonly semantic: boolean
  /** The greatest accepted age (RFC 9111, 5.2.1.1). */
  readonly maxAgeSeconds: number | undefined
  /** The shortest accepted remaining freshness (RFC 9111, 5.2.1.3). */
  readonly minFreshSeconds: number | undefined
}

/** Why an entry does not answer a request. */
export type Refusal =
  /** Another request with the same MD5: an attack or a defect. */
  | 'collision'
  | 'tenant'
  /** A semantic hit, for a caller who does not accept one. */
  | 'semantic'
  | 'expired'
  /** Fresh, but older than the caller's `max-age`. */
  | 'too-old'
  /** Fresh, but expires before the caller's `min-fresh`. */
  | 'expiring'

/**
 * Why an entry may not answer this request now; undefined if it may (RFC 9111, 4). It must belong
 * to the same request and tenant, be fresh, and meet the caller's limits. `now` in epoch ms.
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

/** The entry's `Age`, in whole seconds (RFC 9111, 5.1). */
export function ageSeconds(entry: Entry, now: number): number {
  return Math.max(0, Math.floor((now - entry.stored_at) / 1000))
}

/** Remaining freshness in whole seconds; negative once stale (RFC 9211, 2.4). */
export function ttlSeconds(entry: Entry, now: number): number {
  return Math.floor((entry.expires_at - now) / 1000)
}

/** How long after expiry an entry may be served (RFC 5861), unless the caller says otherwise. */
export interface StaleWindows {
  /** If LiteLLM fails. */
  readonly ifErrorSeconds: number
  /** While a new answer is fetched in the background. */
  readonly whileRevalidateSeconds: number
}

/** The controls that concern stale answers. */
type StaleControls = Pick<
  Controls,
  'read' | 'maxAgeSeconds' | 'minFreshSeconds' | 'maxStaleSeconds' | 'staleIfErrorSeconds'
>

/**
 * Whether an expired entry may be served without an upstream call. The caller's `max-stale` decides
 * (RFC 9111, 5.2.1.2), else the operator's window, unless the caller sent `max-age`. Never with
 * `min-fresh`, and never a semantic hit. `now` in epoch ms.
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
 * How long after expiry an entry may be served if LiteLLM fails: the caller's `stale-if-error` or
 * `max-stale`, else the operator's window. That window does not apply to `no-cache`, `no-store`,
 * `max-age` or `min-fresh`.
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
 * Whether an entry may be served because LiteLLM failed (RFC 5861, 4). Only the time since its
 * expiry counts. Never true for a semantic hit.
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
