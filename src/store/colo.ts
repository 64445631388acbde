import * as z from 'zod'
import { payloadSchema } from '../cache/entry.ts'
import { coloCache } from './cache-api.ts'
import type { Copy, NearTier } from './near.ts'

export interface ColoOptions {
  readonly cache: Pick<Cache, 'match' | 'put'>
  /** Two collections never answer for each other. */
  readonly collection: string
  readonly now: () => number
}

const copySchema = z.object({ entry: payloadSchema, validUntil: z.number() })

/** Copies in the data centre's cache. */
export function coloTier({ cache, collection, now }: ColoOptions): NearTier {
  const copies = coloCache<Copy>({ cache, path: `entries/${collection}`, schema: copySchema })
  return {
    place: 'colo',
    get: copies.get,
    set: (id, copy) => copies.set(id, copy, (copy.validUntil - now()) / 1000),
  }
}
