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
        const response = await Promise.race([cache.match(urlOf(id)), ended(signal)])
        if (response === undefined) return undefined
        const read = copySchema.safeParse(await response.json())
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
        await cache.put(urlOf(id), Response.json(copy, { headers }))
      } catch (error) {
        warn('colo cache not written', error)
      }
    },
  }
}

/** Rejects when the time for a lookup is over; the Cache API takes no signal. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
