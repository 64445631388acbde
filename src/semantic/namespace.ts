import { canonicalJson } from '../cache/canonical-json.ts'
import { countedMembers } from '../cache/canonical.ts'
import type { CountedRequest } from '../cache/canonical.ts'
import type { JsonObject } from '../cache/json.ts'
import { sha256 } from '../cache/key.ts'

/**
 * The namespace within which LiteLLM may find a semantic hit: 64 hex digits and the epoch second
 * at which it ends. Inside it only the text of the last message varies: tenant, path, the caller's
 * namespace, settings and earlier messages have namespaces of their own, and so has each time bucket,
 * since LiteLLM forgets nothing by itself. Buckets are as long as the TTL and each namespace has a
 * phase of its own, so that they don't all end at once. `now` in epoch ms.
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

/** An answer that is just being served must not vanish. */
export const PURGE_GRACE_SECONDS = 60

/** Whether LiteLLM's cache key is of such a namespace, and that ended before this instant (epoch s). */
export function endedBefore(cacheKey: string, seconds: number): boolean {
  const end = /^[0-9a-f]{64}-(\d+):/.exec(cacheKey)?.[1]
  return end !== undefined && Number(end) < seconds
}
