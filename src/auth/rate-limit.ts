import { GatewayError } from '../errors.ts'
import { Lru } from '../store/memory.ts'
import { warn } from '../telemetry/log.ts'
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

/** Addresses whose keys have failed too often: the limiter can count them and not be asked. */
export interface AddressLimiter {
  /** Throws 429 while an address has to wait. */
  admit(address: string | undefined): void
  /** Counts a key that opened nothing; throws 429 where there were too many from this address. */
  failed(address: string | undefined): Promise<void>
}

/** An address, an instant, a place in the map. */
const ADDRESS_BYTES = 256
const WATCHED_BYTES = 1024 * 1024

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

/** A limiter that fails limits nobody. */
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

/** An IPv4 address as IPv6 has it, in the canonical form of RFC 5952. */
const IPV4_MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/

/**
 * The address that limits are counted by: IPv4 as it is, also where it is written as IPv6 (RFC 4291,
 * 2.5.5.2); of IPv6 the first 64 bits, since one subscriber has all that follow (RFC 6177).
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

/** URLs write addresses in their canonical form; what is no address stays as it is. */
function canonicalIpv6(address: string): string {
  return URL.canParse(`http://[${address}]`)
    ? new URL(`http://[${address}]`).hostname.slice(1, -1)
    : address
}
