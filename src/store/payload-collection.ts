import type { QdrantClient, Schemas } from '@qdrant/js-client-rest'
import { warn } from '../telemetry/log.ts'
import { statusOf, unlessStatus } from './qdrant-client.ts'
import type { QdrantPoints } from './qdrant-points.ts'

/** Points without vectors: they are read by id or filter, and deleted by age. */
const COLLECTION = {
  vectors: {},
  shard_number: 1, // a read by id queries every shard
  on_disk_payload: true,
  optimizers_config: { default_segment_number: 1 },
} as const

/** The indexes of a collection by their field; integers are instants, looked for by range. */
export type Indexes = Readonly<
  Record<string, 'keyword' | { type: 'integer'; lookup: false; range: true }>
>

export interface PayloadCollectionOptions {
  readonly qdrant: ReturnType<QdrantClient['api']>
  readonly points: Pick<QdrantPoints, 'upsert'>
  readonly collection: string
  readonly indexes: Indexes
}

/** A collection without vectors that is made by its first write. */
export interface PayloadCollection {
  /** Writes points, and makes the collection or its indexes if they are missing. */
  upsert(points: Schemas['PointsList'], signal: AbortSignal): Promise<void>
}

/** Writes to a collection without vectors. Its making is checked once per isolate. */
export function payloadCollection(options: PayloadCollectionOptions): PayloadCollection {
  const { qdrant, points, collection, indexes } = options
  const place = { collection_name: collection }
  let prepared = false

  async function prepare(signal: AbortSignal): Promise<void> {
    if (prepared) return
    const indexed = await qdrant
      .getCollection(place, { signal })
      .then(({ data }) => data.result?.payload_schema ?? {}, unlessStatus(404, undefined))
    if (indexed === undefined) {
      // Another isolate may have created it first, which is fine.
      await qdrant
        .createCollection({ ...place, ...COLLECTION }, { signal })
        .catch(unlessStatus(409, undefined))
    }
    const missing = Object.entries(indexes).filter(([name]) => !(name in (indexed ?? {})))
    // Not waited for: in a large collection, an index takes longer than a write may.
    const made = await Promise.allSettled(
      missing.map(([field_name, field_schema]) =>
        qdrant.createFieldIndex({ ...place, wait: false, field_name, field_schema }, { signal }),
      ),
    )
    // Points can be written and read without them, also with a key that may not make any.
    const failed = missing.filter((_, at) => made[at]?.status === 'rejected')
    if (failed.length > 0) warn('indexes not made', failed.map(([name]) => name).join(', '))
    prepared = true
  }

  return {
    async upsert(list, signal) {
      const write = () => points.upsert(list, signal)
      await prepare(signal)
      try {
        await write()
      } catch (error) {
        // The collection was dropped after this isolate had prepared it.
        if (statusOf(error) !== 404) throw error
        prepared = false
        await prepare(signal)
        await write()
      }
    },
  }
}
