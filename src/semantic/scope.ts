import canonicalize from 'canonicalize'
import { countedMembers } from '../cache/canonical.ts'
import type { Identity } from '../cache/canonical.ts'
import type { JsonObject } from '../cache/json.ts'
import { sha256 } from '../cache/key.ts'

/**
 * The namespace within which LiteLLM may match by meaning: only the wording of the last message
 * varies inside it. Tenants, settings, system prompts and earlier turns have namespaces of their own,
 * and so has each stretch of time: LiteLLM never forgets an answer by itself, but a new stretch
 * never sees an old one. `now` in epoch ms; 64 hex digits.
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
  const time = [ttlSeconds, Math.floor(now / 1000 / ttlSeconds)]
  return sha256(canonicalize([identity.tenant, identity.namespace, context, time]) ?? '')
}
