import * as z from 'zod'
import { payloadSchema } from '../cache/entry.ts'
import { untilAborted, withTimeout } from '../stream/timeout.ts'
import { warn } from '../telemetry/log.ts'
import type { Copy, NearTier } from './store.ts'

/** Values that every isolate of a data centre shares. It never fails: what it can't do, is left undone. */
export interface CacheApi<Value> {
  /** Undefined also where the signal fires first. */
  get(name: string, signal: AbortSignal): Promise<Value | undefined>
  /** Keeps a value for so long; not at all for less than a second. */
  set(name: string, value: Value, seconds: number): Promise<void>
}

export interface CacheApiOptions<Value> {
  readonly cache: Pick<Cache, 'match' | 'put'>
  /** Values under one path never answer for another. */
  readonly path: string
  /** What doesn't match is as good as absent. */
  readonly schema: z.ZodType<Value>
}

/** A value that takes longer to write is not waited for. */
const PUT_TIMEOUT_MS = 5_000

/**
 * The data centre's Cache API (https://developers.cloudflare.com/workers/runtime-apis/cache/). Its
 * keys are URLs of GET requests; these name no host that exists. It does nothing on `*.workers.dev`.
 */
export function cacheApi<Value>({ cache, path, schema }: CacheApiOptions<Value>): CacheApi<Value> {
  const urlOf = (name: string) => `https://edge-llm-cache.invalid/${path}/${name}`
  return {
    async get(name, signal) {
      try {
        const matched = cache.match(urlOf(name)).then((response) => response?.json())
        const read = schema.safeParse(await untilAborted(matched, signal))
        return read.success ? read.data : undefined
      } catch (error) {
        if (!signal.aborted) warn('colo cache not read', error)
        return undefined
      }
    },

    async set(name, value, seconds) {
      const maxAge = Math.floor(seconds)
      if (maxAge < 1) return
      const headers = { 'cache-control': `max-age=${maxAge}` }
      const put = () => cache.put(urlOf(name), Response.json(value, { headers }))
      try {
        await withTimeout(PUT_TIMEOUT_MS, (signal) => untilAborted(put(), signal))
      } catch (error) {
        warn('colo cache not written', error)
      }
    },
  }
}

/** A lookup that takes longer is a miss of this tier: it is here to be faster than Qdrant. */
const LOOKUP_TIMEOUT_MS = 50

/** After so many slow lookups in a row the tier rests: each of them has delayed a request in vain. */
const SLOW_LOOKUPS = 5
const REST_MS = 5_000

export interface CacheApiTierOptions {
  readonly cache: Pick<Cache, 'match' | 'put'>
  /** Qdrant's address and the collection: two of either never answer for each other. */
  readonly qdrantUrl: string
  readonly collection: string
  readonly now: () => number
}

const copySchema = z.object({ entry: payloadSchema, validUntil: z.number() })

/** Copies in the data centre's cache. When it is slow it costs a request 50 ms, and soon nothing. */
export function cacheApiTier({ cache, qdrantUrl, collection, now }: CacheApiTierOptions): NearTier {
  const copies = cacheApi<Copy>({
    cache,
    path: `entries/${encodeURIComponent(qdrantUrl)}/${collection}`,
    schema: copySchema,
  })
  let slowInARow = 0
  let restsUntil = 0

  async function read(id: string, signal: AbortSignal): Promise<Copy | undefined> {
    const copy = await copies.get(id, signal)
    slowInARow = signal.aborted ? slowInARow + 1 : 0
    if (slowInARow >= SLOW_LOOKUPS) restsUntil = now() + REST_MS
    return copy
  }

  return {
    tier: 'colo',
    async get(id) {
      if (now() < restsUntil) return undefined
      return withTimeout(LOOKUP_TIMEOUT_MS, (signal) => read(id, signal))
    },
    set: (id, copy) => copies.set(id, copy, (copy.validUntil - now()) / 1000),
  }
}
