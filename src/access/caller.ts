import canonicalize from 'canonicalize'
import type { JsonObject } from '../cache/json.ts'
import { sha256 } from '../cache/key.ts'

/** Who asks, and whose cache it is. */
export interface Caller {
  readonly tenant: string
  /** What it may ask for, with LiteLLM's wildcards. */
  readonly models: readonly string[]
  /** Whether all its requests share a cache, or only those of one end user (`user` in the body). */
  readonly scope: 'tenant' | 'user'
}

/** A caller and the SHA-256 of its key, 64 lower-case hex digits. */
export interface KnownKey extends Caller {
  readonly sha256: string
}

/** Turns the key that a request carries into a caller; undefined where the key is not known. */
export type Callers = (key: string | undefined) => Promise<Caller | undefined>

/** Everyone is one tenant: for development only. */
export const anyone: Callers = async () => ({ tenant: 'public', models: ['*'], scope: 'tenant' })

/** Callers by the SHA-256 of their key, so that a leaked setting leaks no key. */
export function knownKeys(keys: readonly KnownKey[]): Callers {
  return async (key) => {
    if (key === undefined) return undefined
    const digest = await sha256(key)
    let found: Caller | undefined
    // Every key is compared, and whole: the time says nothing about which one was close.
    for (const known of keys) if (equal(known.sha256, digest)) found ??= known
    return found
  }
}

/**
 * Whose cache a request is for; undefined where it is for one end user and does not say for which. A
 * tenant's name never begins with a bracket, so no name can be mistaken for a tenant and its user.
 */
export function tenantOf({ tenant, scope }: Caller, { user }: JsonObject): string | undefined {
  if (scope === 'tenant') return tenant
  return typeof user === 'string' && user !== '' ? canonicalize([tenant, user]) : undefined
}

/** Compares two strings of one length in a time that doesn't depend on where they differ. */
function equal(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let at = 0; at < b.length; at += 1) difference |= a.charCodeAt(at) ^ b.charCodeAt(at)
  return difference === 0
}

/**
 * The key of a request: `Authorization: Bearer` (OpenAI's SDKs), `x-api-key` (Anthropic's) or
 * `api-key` (Azure's), in this order.
 */
export function presentedKey(headers: Headers): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  return bearer ?? headers.get('x-api-key') ?? headers.get('api-key') ?? undefined
}
