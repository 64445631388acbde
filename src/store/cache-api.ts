import * as z from 'zod'
import { payloadSchema } from '../cache/entry.ts'
import { untilAborted, withTimeout } from '../stream/timeout.ts'
import { warn } from '../telemetry/log.ts'
import type { Copy, NearTier } from './store.ts'

/** Values that every isolate of a data centre shares. It never fails: what it can't do, is left undone. */
export interface CacheApi<Value> {
  /** Undefined also if it takes longer than 50 ms, or has done so too often. */
  get(name: string): Promise<Value | undefined>
  /** Keeps a value for so long; not at all for less than a second. */
  set(name: string, value: Value, seconds: number): Promise<void>
}

export interface CacheApiOptions<Value> {
  readonly cache: Pick<Cache, 'match' | 'put'>
  /** Values under one path never answer for another. */
  readonly path: string
  /** What doesn't match is as good as absent. */
  readonly schema: z.ZodType<Value>
  readonly now: () => number
}

/** A lookup that takes longer is a miss: this is here to be faster than asking Qdrant or LiteLLM. */
const LOOKUP_TIMEOUT_MS = 50

/** After so many slow lookups in a row it rests: each of them has delayed a request in vain. */
const SLOW_LOOKUPS = 5
const REST_MS = 5_000

/** A value that takes longer to write is not waited for. */
const PUT_TIMEOUT_MS = 5_000

/**
 * The data centre's Cache API (https://developers.cloudflare.com/workers/runtime-apis/cache/). Its
 * keys are URLs of GET requests; these name no host that exists. It does nothing on `*.workers.dev`. When it
 * is slow it costs a request 50 ms, and soon nothing.
 */
export function cacheApi<Value>(options: CacheApiOptions<Value>): CacheApi<Value> {
  const { cache, path, schema, now } = options
  const urlOf = (name: string) => `https://edge-llm-cache.invalid/${path}/${name}`
  let slowInARow = 0
  let restsUntil = 0

  async function read(name: string, signal: AbortSignal): Promise<Value | undefined> {
    try {
      const matched = cache.match(urlOf(name)).then((response) => response?.json())
      const parsed = schema.safeParse(await untilAborted(matched, signal))
      return parsed.success ? parsed.data : undefined
    } catch (error) {
      if (!signal.aborted) warn('colo cache not read', error)
      return undefined
    } finally {
      slowInARow = signal.aborted ? slowInARow + 1 : 0
      if (slowInARow >= SLOW_LOOKUPS) restsUntil = now() + REST_MS
    }
  }

  return {
    async get(name) {
      if (now() < restsUntil) return undefined
      return withTimeout(LOOKUP_TIMEOUT_MS, (signal) => read(name, signal))
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

export interface CacheApiTierOptions {
  readonly cache: Pick<Cache, 'match' | 'put'>
  /** Qdrant's address and the collection: two of either never answer for each other. */
  readonly qdrantUrl: string
  readonly collection: string
  readonly now: () => number
}

const copySchema = z.object({ entry: payloadSchema, validUntil: z.number() })

/** Copies in the data centre's cache. */
export function cacheApiTier({ cache, qdrantUrl, collection, now }: CacheApiTierOptions): NearTier {
  const copies = cacheApi<Copy>({
    cache,
    path: `entries/${encodeURIComponent(qdrantUrl)}/${collection}`,
    schema: copySchema,
    now,
  })
  return {
    tier: 'colo',
    get: copies.get,
    set: (id, copy) => copies.set(id, copy, (copy.validUntil - now()) / 1000),
  }
}
