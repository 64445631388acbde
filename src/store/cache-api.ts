import * as z from 'zod'
import { payloadSchema } from '../cache/entry.ts'
import { untilAborted, withTimeout } from '../stream/timeout.ts'
import { warn } from '../telemetry/log.ts'
import type { Copy, NearTier } from './store.ts'

/**
 * Values that all isolates of a data centre share. Never rejects: what fails is a miss, or is not
 * written.
 */
export interface CacheApi<Value> {
  /** The value; undefined also if the read takes over 50 ms, or reads have been slow lately. */
  get(name: string): Promise<Value | undefined>
  /** Stores a value for this long. Less than a second stores nothing. */
  set(name: string, value: Value, seconds: number): Promise<void>
  /** Forgets a value, in this data centre. */
  delete(name: string): Promise<void>
}

export interface CacheApiOptions<Value> {
  readonly cache: Pick<Cache, 'match' | 'put' | 'delete'>
  /** Separates these values from others in the same cache. */
  readonly path: string
  /** A value that does not match counts as absent. */
  readonly schema: z.ZodType<Value>
  readonly now: () => number
}

/** A slower lookup is a miss: it must be faster than Qdrant or LiteLLM to be of use. */
const LOOKUP_TIMEOUT_MS = 50

/** After so many slow lookups in a row, lookups pause: each has delayed a request in vain. */
const SLOW_LOOKUPS = 5
const REST_MS = 5_000

/** How long a write may take. */
const WRITE_TIMEOUT_MS = 5_000

/**
 * Values in the data centre's Cache API
 * (https://developers.cloudflare.com/workers/runtime-apis/cache/). Keys are URLs on a host that does
 * not exist. Does nothing on `*.workers.dev`. A slow cache costs a request at most 50 ms and is soon
 * skipped.
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

  async function write(work: () => Promise<unknown>): Promise<void> {
    try {
      await withTimeout(WRITE_TIMEOUT_MS, (signal) => untilAborted(work(), signal))
    } catch (error) {
      warn('colo cache not written', error)
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
      await write(() => cache.put(urlOf(name), Response.json(value, { headers })))
    },

    delete: (name) => write(() => cache.delete(urlOf(name))),
  }
}

export interface CacheApiTierOptions {
  readonly cache: Pick<Cache, 'match' | 'put' | 'delete'>
  /** Qdrant's address and the collection, which separate the entries of several gateways. */
  readonly qdrantUrl: string
  readonly collection: string
  readonly now: () => number
}

const copySchema = z.object({ entry: payloadSchema, validUntil: z.number() })

/** Copies of entries in the data centre's Cache API. */
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
    delete: copies.delete,
  }
}
