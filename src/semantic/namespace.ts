import { canonicalJson } from '../cache/canonical-json.ts'
import { countedMembers } from '../cache/canonical.ts'
import type { CountedRequest } from '../cache/canonical.ts'
import type { JsonObject } from '../cache/json.ts'
import { sha256 } from '../cache/key.ts'

/**
 * The namespace in which LiteLLM looks for a semantic hit: 64 hex digits and the epoch second at
 * which it ends. Inside it, only the text of the last message varies. Tenant, path, the caller's
 * namespace, settings, earlier messages and the time bucket each lead to another namespace. LiteLLM
 * deletes nothing, so time buckets expire its entries. A bucket is as long as the TTL; each
 * namespace has its own phase, so that they do not all end at once. `now` in epoch ms.
 */
export async function semanticNamespace(
  request: CountedRequest,
  ttlSeconds: number,
  now: number,
): Promise<string> {
  const { tenant, path, namespace } = request
  const { messages, ...settings } = countedMembers(request)
  const all = Array.isArray(messages) ? messages : []
  const { content: _question, ...last } = (all.at(-1) ?? {}) as JsonObject
  const apart = [tenant, path, namespace, settings, all.slice(0, -1), last, ttlSeconds]
  const digest = await sha256(canonicalJson(apart))
  const phase = Number.parseInt(digest.slice(0, 8), 16) % ttlSeconds
  const bucket = Math.floor((now / 1000 - phase) / ttlSeconds)
  return `${digest}-${phase + (bucket + 1) * ttlSeconds}`
}

/** Grace period, so that an answer that is just being served is not deleted. */
export const PURGE_GRACE_SECONDS = 60

/** Whether this LiteLLM cache key is of a semantic namespace that ended before this epoch second. */
export function endedBefore(cacheKey: string, seconds: number): boolean {
  const end = /^[0-9a-f]{64}-(\d+):/.exec(cacheKey)?.[1]
  return end !== undefined && Number(end) < seconds
}
