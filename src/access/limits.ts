import { GatewayError } from '../errors.ts'
import { warn } from '../telemetry/log.ts'
import { network } from './address.ts'
import type { Caller, LimitClass } from './caller.ts'

/** Counts by name, as the platform's rate-limiting binding does: in each data centre, and roughly. */
export interface Limiter {
  limit(options: { key: string }): Promise<{ success: boolean }>
}

export interface Limits {
  /** Undefined where there is no limit. */
  readonly byClass: Readonly<Record<LimitClass, Limiter | undefined>>
  /** For keys that nothing is known of, by the address they come from. */
  readonly byAddress: Limiter | undefined
  /** What the limiters count in. */
  readonly periodSeconds: number
}

/** Counts a request of a caller; throws 429 where its class allows no more. */
export async function countCaller(limits: Limits, { limit, id }: Caller): Promise<void> {
  if (limit !== undefined) await count(limits.byClass[limit], id, limits)
}

/** Counts a key that nothing is known of; throws 429 where its address has tried too many. */
export async function countAddress(limits: Limits, address: string | undefined): Promise<void> {
  if (address !== undefined) await count(limits.byAddress, network(address), limits)
}

/** A limiter that fails limits nobody. */
async function count(
  limiter: Limiter | undefined,
  key: string,
  { periodSeconds }: Limits,
): Promise<void> {
  const counted = await limiter?.limit({ key }).catch((error: unknown) => {
    warn('rate limit not counted', error)
    return undefined
  })
  if (counted?.success !== false) return
  const message = `Too many requests; try again in ${periodSeconds} s.`
  throw new GatewayError('rate_limit_exceeded', message, null, periodSeconds)
}
