import type { Controls } from './controls.ts'
import type { Entry } from './entry.ts'

/** How long after its expiry an entry may still be given (RFC 5861), where the caller says nothing. */
export interface StaleWindows {
  /** When LiteLLM fails. */
  readonly ifErrorSeconds: number
  /** At once, while a new answer is being made. */
  readonly whileRevalidateSeconds: number
}

type Wanted = Pick<Controls, 'read' | 'maxAgeSeconds' | 'maxStaleSeconds' | 'staleIfErrorSeconds'>

/**
 * Whether an expired entry may be given before LiteLLM is asked: as long as the caller's `max-stale`
 * says (RFC 9111, 5.2.1.2), else within the operator's window, but then not to a caller who named a
 * `max-age`. An answer that was matched by meaning is never given stale. `now` in epoch ms.
 */
export function satisfiesStale(
  entry: Entry,
  { read, maxAgeSeconds, maxStaleSeconds }: Wanted,
  { whileRevalidateSeconds }: StaleWindows,
  now: number,
): boolean {
  if (!read || entry.source === 'semantic') return false
  if (now - entry.stored_at > (maxAgeSeconds ?? Infinity) * 1000) return false
  const window = maxStaleSeconds ?? (maxAgeSeconds === undefined ? whileRevalidateSeconds : 0)
  return now - entry.expires_at < window * 1000
}

/**
 * How long after its expiry an entry may stand in for LiteLLM when that fails: what the caller's
 * `stale-if-error` or `max-stale` says; else the operator's window, but then not for a caller who
 * said `no-cache`, `no-store` or `max-age`.
 */
export function errorWindowSeconds(
  { read, maxAgeSeconds, maxStaleSeconds, staleIfErrorSeconds }: Wanted,
  { ifErrorSeconds }: StaleWindows,
): number {
  const unasked = read && maxAgeSeconds === undefined ? ifErrorSeconds : 0
  return staleIfErrorSeconds ?? maxStaleSeconds ?? unasked
}

/**
 * Whether an entry may stand in for LiteLLM, counted from its expiry whatever else is said of
 * freshness (RFC 5861, 4). An answer that was matched by meaning never stands in.
 */
export function satisfiesOnError(
  entry: Entry,
  wanted: Wanted,
  windows: StaleWindows,
  now: number,
): boolean {
  const window = errorWindowSeconds(wanted, windows)
  return window > 0 && entry.source !== 'semantic' && now - entry.expires_at < window * 1000
}
