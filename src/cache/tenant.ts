import { canonicalJson } from './canonical-json.ts'

/**
 * The tenant of one end user. No tenant's name begins with a bracket, so it cannot equal another
 * tenant.
 */
export function endUserTenant(tenant: string, user: string): string {
  return canonicalJson([tenant, user])
}

/** An end user's tenant as it is written. */
const END_USER = /^\[("(?:[^"\\]|\\.)*"),("(?:[^"\\]|\\.)*")\]$/

/** The tenant that callers have, and the end user if the cache is one end user's. */
export function tenantParts(tenant: string): { readonly owner: string; readonly user?: string } {
  const [, owner, user] = END_USER.exec(tenant) ?? []
  if (owner === undefined || user === undefined) return { owner: tenant }
  try {
    return { owner: JSON.parse(owner) as string, user: JSON.parse(user) as string }
  } catch {
    return { owner: tenant } // somebody else's, with an escape that JSON does not have
  }
}
