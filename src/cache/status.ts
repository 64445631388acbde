import { serializeList, Token } from 'structured-headers'
import type { BareItem, Item } from 'structured-headers'

/** The outcome of a request in one word, for people and dashboards (`x-cache`). */
export type Outcome = 'exact-hit' | 'semantic-hit' | 'miss' | 'refresh' | 'bypass'

/** Why a request went forward to LiteLLM (RFC 9211, 2.2). */
export type Forward = 'uri-miss' | 'stale' | 'request' | 'bypass'

/** What one cache has to say of one response (RFC 9211, 2). */
export interface CacheMember {
  readonly cache: 'edge' | 'litellm'
  readonly hit?: boolean
  readonly fwd?: Forward
  readonly fwdStatus?: number
  readonly ttlSeconds?: number
  readonly stored?: boolean
  readonly key?: string
  readonly detail?: string
}

/** The `Cache-Status` field: one member per cache asked, nearest the origin first (RFC 9211, 2). */
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
  if (member.key !== undefined) parameters.set('key', member.key)
  if (member.detail !== undefined) parameters.set('detail', printable(member.detail))
  return [new Token(member.cache), parameters]
}

/** A structured-field string holds printable ASCII only (RFC 8941, 3.3.3). */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}

/** The headers that say what the caches did, for machines and for people. */
export function statusHeaders(
  outcome: Outcome,
  key: string | undefined,
  members: readonly CacheMember[],
): Record<string, string> {
  return {
    'cache-status': cacheStatus(members),
    'x-cache': outcome,
    ...(key === undefined ? {} : { 'x-cache-key': key }),
  }
}
