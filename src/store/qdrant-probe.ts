import * as z from 'zod'
import { connect, unlessStatus } from './qdrant-client.ts'
import { QdrantError, qdrantPoints } from './qdrant-points.ts'
import type { QdrantAddress } from './qdrant-points.ts'

/** What Qdrant says about itself. */
export interface QdrantServer {
  /** Undefined if it does not say. */
  readonly version: string | undefined
  /** Its clock in whole seconds, rounded down, epoch ms; undefined if it does not say. */
  readonly clock: number | undefined
}

/** An index as Qdrant describes it. */
export interface PayloadIndex {
  /** `keyword`, `integer`, … */
  readonly type: string
  /** Whether ranges can be filtered by it; undefined if Qdrant does not say. */
  readonly range: boolean | undefined
}

export interface QdrantCollection {
  /** `green`, `yellow`, `grey` or `red`. */
  readonly status: string
  readonly points: number
  /** By the name of the field. */
  readonly indexes: ReadonlyMap<string, PayloadIndex>
  /** The dimension of its vectors; undefined if it has none, or several kinds. */
  readonly vectorSize: number | undefined
}

/** What can be asked about Qdrant besides entries. Each call rejects if Qdrant fails or refuses. */
export interface QdrantProbe {
  server(signal: AbortSignal): Promise<QdrantServer>
  /** Undefined if there is no such collection. */
  collection(name: string, signal: AbortSignal): Promise<QdrantCollection | undefined>
  /** Whether Qdrant still has the route that LiteLLM searches its collection by. */
  hasSearchRoute(name: string, signal: AbortSignal): Promise<boolean>
  /** Writes a point, reads it back and deletes it. */
  roundTrip(
    name: string,
    payload: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<RoundTrip>
}

export interface RoundTrip {
  /** The step that had no effect; undefined if all had. */
  readonly ineffective: 'write' | 'delete' | undefined
  /** How long the faster one of its reads took. */
  readonly readMs: number
}

const rootShape = z.object({ version: z.string() })

const collectionShape = z.object({
  status: z.string(),
  points_count: z.number().nullish(),
  config: z
    .object({ params: z.object({ vectors: z.unknown() }).partial().optional() })
    .partial()
    .optional(),
  payload_schema: z
    .record(
      z.string(),
      z.object({
        data_type: z.string(),
        params: z.object({ range: z.boolean().nullish() }).nullish(),
      }),
    )
    .default({}),
})

/** One kind of vectors, without a name, as LiteLLM creates its collection. */
const vectorsShape = z.object({ size: z.number() })

/** Asks the Qdrant at this address, with the key of the store. */
export function qdrantProbe(address: QdrantAddress, now: () => number): QdrantProbe {
  const { url, apiKey } = address
  const qdrant = connect(address).api()
  const headers = {
    'content-type': 'application/json',
    ...(apiKey === undefined ? {} : { 'api-key': apiKey }),
  }
  return {
    async server(signal) {
      const response = await fetch(`${url}/`, { headers, signal })
      const clock = Date.parse(response.headers.get('date') ?? '')
      const body = await response.json().catch(() => undefined)
      return {
        version: rootShape.safeParse(body).data?.version,
        clock: Number.isNaN(clock) ? undefined : clock,
      }
    },

    async collection(name, signal) {
      const found = await qdrant
        .getCollection({ collection_name: name }, { signal })
        .catch(unlessStatus(404, undefined))
      if (found === undefined) return undefined
      const { status, points_count, config, payload_schema } = collectionShape.parse(
        found.data.result,
      )
      const indexes = Object.entries(payload_schema).map(
        ([field, { data_type, params }]) =>
          [field, { type: data_type, range: params?.range ?? undefined }] as const,
      )
      return {
        status,
        points: points_count ?? 0,
        indexes: new Map(indexes),
        vectorSize: vectorsShape.safeParse(config?.params?.vectors).data?.size,
      }
    },

    async hasSearchRoute(name, signal) {
      const path = `${url}/collections/${encodeURIComponent(name)}/points/search`
      // Without a vector, the route refuses the body before it searches.
      const response = await fetch(path, { method: 'POST', headers, body: '{}', signal })
      await response.body?.cancel()
      if (response.status === 404 || response.status === 405) return false
      if (response.status < 500 && response.status !== 401 && response.status !== 403) return true
      throw new QdrantError(response.status, `Qdrant: status ${response.status}`)
    },

    async roundTrip(name, payload, signal) {
      const id = crypto.randomUUID()
      const points = qdrantPoints(address, name)
      let readMs = Infinity
      const exists = async () => {
        const begin = now()
        const found = await points.read(id, signal)
        readMs = Math.min(readMs, now() - begin)
        return found !== undefined
      }
      await points.upsert({ points: [{ id, vector: {}, payload: { ...payload } }] }, signal)
      if (!(await exists())) return { ineffective: 'write', readMs }
      await qdrant.deletePoints({ collection_name: name, wait: true, points: [id] }, { signal })
      const ineffective = (await exists()) ? 'delete' : undefined
      return { ineffective, readMs }
    },
  }
}
