import { GatewayError } from '../errors.ts'
import { Lru } from '../store/memory.ts'
import { warn } from '../telemetry/log.ts'
import type { Caller, LimitClass } from './caller.ts'

/** The platform's rate-limiting binding. Counts per data centre, approximately. */
export interface Limiter {
  limit(options: { key: string }): Promise<{ success: boolean }>
}

/** The rate limiters; undefined for no limit. */
export interface Limits {
  /** By the caller's limit class. */
  readonly byClass: Readonly<Record<LimitClass, Limiter | undefined>>
  /** For unknown keys, by their address. */
  readonly byAddress: Limiter | undefined
  /** The limiters' period. */
  readonly periodSeconds: number
}

/** Counts a caller's request; throws 429 if it exceeds its limit. */
export async function countCaller(limits: Limits, { limit, id }: Caller): Promise<void> {
  if (limit !== undefined) await count(limits.byClass[limit], id, limits)
}

/**
 * Limits invalid keys by address. Remembers refusals, because a limiter cannot be read without
 * counting.
 */
export interface AddressLimiter {
  /** Throws 429 while an address has to wait. */
  admit(address: string | undefined): void
  /** Counts an invalid key; throws 429 if there were too many from this address. */
  failed(address: string | undefined): Promise<void>
}

/** Estimated size of an address, an instant and their map slot. */
const ADDRESS_BYTES = 256
const WATCHED_BYTES = 1024 * 1024

/** Remembers refusals in this isolate. */
export function addressLimiter(limits: Limits, now: () => number): AddressLimiter {
  const waiting = new Lru<number>(WATCHED_BYTES, () => ADDRESS_BYTES)
  return {
    admit(address) {
      if (address === undefined) return
      if (now() < (waiting.get(network(address)) ?? 0)) throw tooMany(limits)
    },
    async failed(address) {
      if (address === undefined) return
      const place = network(address)
      await count(limits.byAddress, place, limits).catch((error: unknown) => {
        waiting.set(place, now() + limits.periodSeconds * 1000)
        throw error
      })
    },
  }
}

/** If a limiter fails, the request is allowed. */
async function count(limiter: Limiter | undefined, key: string, limits: Limits): Promise<void> {
  const counted = await limiter?.limit({ key }).catch((error: unknown) => {
    warn('rate limit not counted', error)
    return undefined
  })
  if (counted?.success === false) throw tooMany(limits)
}

function tooMany({ periodSeconds }: Limits): GatewayError {
  const message = `Too many requests; try again in ${periodSeconds} s.`
  return new GatewayError('rate_limit_exceeded', message, null, periodSeconds)
}

/** An IPv4-mapped IPv6 address, in the canonical form of RFC 5952. */
const IPV4_MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/

/**
 * The network that limits count by: an IPv4 address, even if written as IPv6 (RFC 4291, 2.5.5.2), or
 * the first 64 bits of an IPv6 address, because one subscriber has the rest (RFC 6177).
 */
export function network(address: string): string {
  if (!address.includes(':')) return address
  const canonical = canonicalIpv6(address)
  const [, high, low] = IPV4_MAPPED.exec(canonical) ?? []
  if (high !== undefined && low !== undefined) {
    const halves = [high, low].map((half) => Number.parseInt(half, 16))
    return halves.flatMap((half) => [half >> 8, half & 0xff]).join('.')
  }
  const [before = [], after = []] = canonical
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':')))
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}

/** Canonicalises an IPv6 address by way of a URL; anything else is returned unchanged. */
function canonicalIpv6(address: string): string {
  return URL.canParse(`http://[${address}]`)
    ? new URL(`http://[${address}]`).hostname.slice(1, -1)
    : address
}
