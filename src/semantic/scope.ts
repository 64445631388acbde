import canonicalize from 'canonicalize'
import { countedMembers } from '../cache/canonical.ts'
import type { Identity } from '../cache/canonical.ts'
import type { JsonObject } from '../cache/json.ts'
import { sha256 } from '../cache/key.ts'

/**
 * The namespace within which LiteLLM may match by meaning: only the wording of the last message
 * varies inside it. Tenants, settings, system prompts and earlier turns have namespaces of their own,
 * and so has each stretch of time: LiteLLM never forgets an answer by itself, but a new stretch
 * never sees an old one. `now` in epoch ms; 64 hex digits, and the epoch second at which it ends.
 */
export async function semanticScope(
  identity: Identity,
  ttlSeconds: number,
  now: number,
): Promise<string> {
  const { messages, ...settings } = countedMembers(identity)
  const all = Array.isArray(messages) ? messages : []
  const { content: _wording, ...last } = (all.at(-1) ?? {}) as JsonObject
  const context = [settings, all.slice(0, -1), last]
  // The length of a stretch counts beside its number: stretches of two lengths share numbers.
  const stretch = Math.floor(now / 1000 / ttlSeconds)
  const time = [ttlSeconds, stretch]
  const digest = await sha256(
    canonicalize([identity.tenant, identity.namespace, context, time]) ?? '',
  )
  return `${digest}-${(stretch + 1) * ttlSeconds}`
}

/** Whether LiteLLM's name for answers is of such a namespace, and its time was over before (epoch s). */
export function endedBefore(cacheKey: string, seconds: number): boolean {
  const end = /^[0-9a-f]{64}-(\d+):/.exec(cacheKey)?.[1]
  return end !== undefined && Number(end) < seconds
}
