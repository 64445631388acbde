import { openAccess } from './auth/caller.ts'
import type { Authenticator } from './auth/caller.ts'
import { gatewayKeys, isEqual } from './auth/gateway-keys.ts'
import { keyCheck } from './auth/key-check.ts'
import { keyOwnerCheck } from './auth/key-owner.ts'
import { ownedKeySchema, ownTenant, sharedTenant } from './auth/key-tenant.ts'
import type { KeyTenant } from './auth/key-tenant.ts'
import { keyInfoSchema, litellmKeys } from './auth/litellm-keys.ts'
import { sha256 } from './cache/key.ts'
import type { Config } from './config.ts'
import { cacheApi } from './store/cache-api.ts'
import type { Upstream } from './upstream/litellm.ts'

const now = () => Date.now()

/** The authenticator that `AUTH_MODE` selects. */
export function authenticator(config: Config, upstream: Upstream): Authenticator {
  const { AUTH_MODE, GATEWAY_KEYS = [], LITELLM_API_KEY = '' } = config
  switch (AUTH_MODE) {
    case 'none':
      return openAccess(LITELLM_API_KEY)
    case 'keys':
      return gatewayKeys(GATEWAY_KEYS, LITELLM_API_KEY)
    case 'litellm': {
      // Another LiteLLM may say something else about the same key.
      const path = `keys/${encodeURIComponent(config.LITELLM_URL)}`
      return litellmKeys({
        check: keyCheck(upstream),
        tenantOf: keyTenant(config, upstream),
        limit: config.RATE_LIMIT_CLASS,
        colo: cacheApi({ cache: caches.default, path, schema: keyInfoSchema, now }),
        now,
      })
    }
  }
}

function keyTenant({ CACHE_SCOPE: scope, LITELLM_URL }: Config, upstream: Upstream): KeyTenant {
  if (scope === 'key') return ownTenant
  const path = `owners/${encodeURIComponent(LITELLM_URL)}/${scope}`
  const colo = cacheApi({ cache: caches.default, path, schema: ownedKeySchema, now })
  return sharedTenant({ scope, ownerOf: keyOwnerCheck(upstream, scope), colo, now })
}

/** Admits the `ADMIN_KEY`. Without one, everyone in development and nobody in production. */
export function admins({
  ADMIN_KEY,
  ENVIRONMENT,
}: Config): (key: string | undefined) => Promise<boolean> {
  if (ADMIN_KEY === undefined) return async () => ENVIRONMENT === 'development'
  return async (key = '') => {
    const [known, given] = await Promise.all([ADMIN_KEY, key].map(sha256))
    return isEqual(known!, given!)
  }
}
