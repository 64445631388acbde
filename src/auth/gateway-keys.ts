import { sha256 } from '../cache/key.ts'
import type { Caller, Authenticator } from './caller.ts'

/** A caller in `GATEWAY_KEYS`, with the SHA-256 of its key in lower-case hex. */
export interface GatewayKey extends Pick<Caller, 'models' | 'scope' | 'limit'> {
  readonly tenant: string
  readonly sha256: string
}

/** Authenticates callers by the SHA-256 of their key, so a leaked setting reveals no key. */
export function gatewayKeys(keys: readonly GatewayKey[], upstreamKey: string): Authenticator {
  return async (key, { failed }) => {
    const digest = key === undefined ? '' : await sha256(key)
    let found: GatewayKey | undefined
    // Compare every key completely, so that timing does not reveal a near match.
    for (const known of keys) if (isEqual(known.sha256, digest)) found ??= known
    if (found === undefined) {
      if (key !== undefined) await failed()
      return undefined
    }
    const { tenant, models, scope, limit } = found
    const payer = tenant
    return {
      id: digest,
      tenant,
      tenantUntil: Infinity,
      payer,
      models,
      unlisted: 'refused',
      scope,
      limit,
      upstreamKey,
    }
  }
}

/**
 * Whether two digests are equal, in a time that doesn't depend on where they differ
 * (https://developers.cloudflare.com/workers/runtime-apis/web-crypto/#timingsafeequal).
 */
export function isEqual(known: string, given: string): boolean {
  const [one, other] = [known, given].map((text) => new TextEncoder().encode(text))
  return one!.length === other!.length && crypto.subtle.timingSafeEqual(one!, other!)
}
