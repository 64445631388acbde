import { canonicalJson } from '../cache/canonical-json.ts'
import { countedMembers } from '../cache/canonical.ts'
import type { CountedRequest } from '../cache/canonical.ts'
import type { JsonObject } from '../cache/json.ts'
import { sha256 } from '../cache/key.ts'
import { tenantParts } from '../cache/tenant.ts'

/**
 * The namespace in which LiteLLM looks for a semantic hit: 64 hex digits and the epoch second at
 * which it ends. Inside it, only the text of the last message varies. Tenant, path, the caller's
 * namespace, settings, earlier messages and the time bucket each lead to another namespace. LiteLLM
 * deletes nothing, so time buckets expire its entries. A bucket is as long as the TTL; each
 * namespace has its own phase, so that they do not all end at once. The digits begin with those of
 * `tenantDigits`, so that a tenant can be erased. `now` in epoch ms.
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
  const [owner, digest] = await Promise.all([tenantDigits(tenant), sha256(canonicalJson(apart))])
  const phase = Number.parseInt(digest.slice(-8), 16) % ttlSeconds
  const bucket = Math.floor((now / 1000 - phase) / ttlSeconds)
  return `${owner}${digest.slice(owner.length)}-${phase + (bucket + 1) * ttlSeconds}`
}

/** Hex digits of each name in a tenant. Two names that share them only share their erasure. */
const NAME_DIGITS = 12

/**
 * The hex digits that all semantic namespaces of a tenant begin with. An end user's tenant begins
 * with the digits of the tenant that it belongs to, so a tenant's include those of its end users.
 */
export async function tenantDigits(tenant: string): Promise<string> {
  const { owner, user } = tenantParts(tenant)
  const names = user === undefined ? [owner] : [owner, user]
  const digests = await Promise.all(names.map((name) => sha256(name)))
  return digests.map((digest) => digest.slice(0, NAME_DIGITS)).join('')
}

/** Grace period, so that an answer that is just being served is not deleted. */
export const PURGE_GRACE_SECONDS = 60

/** Whether this LiteLLM cache key is of a semantic namespace that ended before this epoch second. */
export function endedBefore(cacheKey: string, seconds: number): boolean {
  const end = /^[0-9a-f]{64}-(\d+):/.exec(cacheKey)?.[1]
  return end !== undefined && Number(end) < seconds
}
