import { serializeList, Token } from 'structured-headers'
import type { BareItem, Item } from 'structured-headers'
import type { Refusal } from './freshness.ts'

/** The outcome of a request in one word (`x-cache`). */
export type Outcome = 'exact-hit' | 'semantic-hit' | 'miss' | 'stale' | 'refresh' | 'bypass'

/** Why a request was forwarded to LiteLLM (RFC 9211, 2.2). */
export type Forward = 'uri-miss' | 'stale' | 'request' | 'bypass'

/** Why the exact cache did not answer. */
export interface Forwarding {
  readonly fwd: Forward
  readonly outcome: Outcome
  readonly detail?: string | undefined
  /** The entry that was found and may not answer. */
  readonly refused?: RefusedEntry | undefined
  /** When the lookup began, epoch ms, and how long it took. */
  readonly lookedUpAt: number
  readonly lookupMs: number
}

/** An entry that does not answer a request, and why. Instants in epoch ms. */
export interface RefusedEntry {
  readonly why: Refusal
  readonly storedAt: number
  readonly expiresAt: number
}

/** One cache's part of `Cache-Status` (RFC 9211, 2). */
export interface CacheMember {
  readonly cache: 'edge' | 'litellm'
  readonly hit?: boolean | undefined
  readonly fwd?: Forward | undefined
  readonly fwdStatus?: number | undefined
  readonly ttlSeconds?: number | undefined
  readonly stored?: boolean | undefined
  /** Whether identical requests shared the call. */
  readonly collapsed?: boolean | undefined
  readonly key?: string | undefined
  readonly detail?: string | undefined
}

/** The `Cache-Status` field: one member per cache, nearest the origin first (RFC 9211, 2). */
export function cacheStatus(members: readonly CacheMember[]): string {
  return serializeList(members.map(toItem))
}

function toItem(member: CacheMember): Item {
  const parameters = new Map<string, BareItem>()
  if (member.hit) parameters.set('hit', true)
  if (member.fwd !== undefined) parameters.set('fwd', new Token(member.fwd))
  if (member.fwdStatus !== undefined) parameters.set('fwd-status', member.fwdStatus)
  if (member.ttlSeconds !== undefined) parameters.set('ttl', member.ttlSeconds)
  if (member.stored) parameters.set('stored', true)
  if (member.collapsed) parameters.set('collapsed', true)
  if (member.key !== undefined) parameters.set('key', member.key)
  if (member.detail !== undefined) parameters.set('detail', printable(member.detail))
  return [new Token(member.cache), parameters]
}

/** A structured-field string holds printable ASCII only (RFC 8941, 3.3.3). */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}

/** Two decimals, rounded down, so that a value never looks better than it is. */
export function twoPlaces(value: number): string {
  // 0.29 * 100 is 28.999…, so remove the rounding error first.
  return (Math.floor(Number((value * 100).toFixed(6))) / 100).toFixed(2)
}

/** Durations in ms (https://www.w3.org/TR/server-timing/). */
export interface Timings {
  readonly cache: number
  /** Until LiteLLM's status line; undefined without an upstream call. */
  readonly upstream?: number
}

/** The headers that say what the caches did. */
export function statusHeaders(
  outcome: Outcome,
  key: string | undefined,
  members: readonly CacheMember[],
  timings: Timings,
): Record<string, string> {
  const durations = Object.entries(timings).map(([name, ms]) => `${name};dur=${ms}`)
  return {
    'cache-status': cacheStatus(members),
    'x-cache': outcome,
    ...(key === undefined ? {} : { 'x-cache-key': key }),
    'server-timing': durations.join(', '),
  }
}
