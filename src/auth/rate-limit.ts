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

/** What follows the prefix of an IPv4 address that is written as IPv6. */
const IPV4_MAPPED = /^(?:::|(?:0{1,4}:){5})ffff:(\d+\.\d+\.\d+\.\d+|[0-9a-f]{1,4}:[0-9a-f]{1,4})$/i

/** `c000:201` as `192.0.2.1`; what has dots already stays as it is. */
function dotted(text: string): string {
  if (text.includes('.')) return text
  const halves = text.split(':').map((half) => Number.parseInt(half, 16))
  return halves.flatMap((half) => [half >> 8, half & 0xff]).join('.')
}

/**
 * The address that limits are counted by: IPv4 as it is, also where it is written as IPv6 (RFC 4291,
 * 2.5.5.2); of IPv6 the first 64 bits, since one subscriber has all that follow (RFC 6177).
 */
export function network(address: string): string {
  if (!address.includes(':')) return address
  const mapped = IPV4_MAPPED.exec(address)?.[1]
  if (mapped !== undefined) return dotted(mapped)
  const [left = '', right = ''] = address.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const [before, after] = [groups(left), groups(right)]
  const zeros = Math.max(0, 8 - before.length - after.length)
  const all = address.includes('::')
    ? [...before, ...Array<string>(zeros).fill('0'), ...after]
    : before
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
