import { tenantParts } from '../cache/tenant.ts'
import type { GatewayKey } from './gateway-keys.ts'

/** How callers are authenticated, as far as their tenants follow from it. */
export type Authentication =
  | { readonly mode: 'none' }
  | { readonly mode: 'keys'; readonly keys: readonly Pick<GatewayKey, 'tenant' | 'scope'>[] }
  | { readonly mode: 'litellm'; readonly scope: 'key' | 'team' | 'user' }

/** SHA-256 of a key. */
const DIGEST = /^[0-9a-f]{64}$/

/**
 * Whether any caller can have this tenant. Which keys, teams and users exist only LiteLLM knows, so
 * with its keys a tenant of the right form counts.
 */
export function isReachable(tenant: string, authentication: Authentication): boolean {
  switch (authentication.mode) {
    case 'none':
      return tenant === 'public'
    case 'keys': {
      const { owner, user } = tenantParts(tenant)
      const needed = user === undefined ? 'tenant' : 'user'
      return authentication.keys.some(({ tenant, scope }) => tenant === owner && scope === needed)
    }
    case 'litellm':
      return DIGEST.test(tenant) || isNamed(tenant, authentication.scope)
  }
}

/** Whether a tenant is a team or user of LiteLLM's, if callers have such tenants. Keys have digests alone. */
const isNamed = (tenant: string, scope: 'key' | 'team' | 'user') =>
  scope !== 'key' && tenant.startsWith(`${scope}:`)
