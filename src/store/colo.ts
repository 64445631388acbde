import * as z from 'zod'
import { payloadSchema } from '../cache/entry.ts'
import { warn } from '../telemetry/log.ts'
import type { NearTier } from './near.ts'

export interface ColoOptions {
  readonly cache: Pick<Cache, 'match' | 'put'>
  /** Two collections never answer for each other. */
  readonly collection: string
  readonly now: () => number
}

/** A copy that takes longer to write is not waited for. */
const PUT_TIMEOUT_MS = 5_000

const copySchema = z.object({ entry: payloadSchema, validUntil: z.number() })

/**
 * Copies in the data centre's Cache API, which every isolate there shares
 * (https://developers.cloudflare.com/workers/runtime-apis/cache/). Its keys are URLs of GET requests;
 * these name no host that exists. It does nothing on `*.workers.dev`.
 */
export function coloTier({ cache, collection, now }: ColoOptions): NearTier {
  const urlOf = (id: string) => `https://edge-llm-cache.invalid/${collection}/${id}`
  return {
    place: 'colo',

    async get(id, signal) {
      try {
        const matched = cache.match(urlOf(id)).then((response) => response?.json())
        const read = copySchema.safeParse(await Promise.race([matched, ended(signal)]))
        return read.success ? read.data : undefined
      } catch (error) {
        if (!signal.aborted) warn('colo cache not read', error)
        return undefined
      }
    },

    async set(id, copy) {
      const leftSeconds = Math.floor((copy.validUntil - now()) / 1000)
      if (leftSeconds < 1) return
      const headers = { 'cache-control': `max-age=${leftSeconds}` }
      try {
        const put = cache.put(urlOf(id), Response.json(copy, { headers }))
        await Promise.race([put, ended(AbortSignal.timeout(PUT_TIMEOUT_MS))])
      } catch (error) {
        warn('colo cache not written', error)
      }
    },
  }
}

/** Rejects when the time is over; the Cache API takes no signal. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
