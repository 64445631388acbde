import type { Schemas } from '@qdrant/js-client-rest'

/** Where Qdrant is, without a slash at the end, and the key it needs. */
export interface QdrantAddress {
  readonly url: string
  readonly apiKey?: string | undefined
}

/** The requests of every lookup and every write (https://api.qdrant.tech/api-reference/points). */
export interface QdrantPoints {
  /** The payload of a point; undefined if there is no such point, or no collection. */
  read(id: string, signal: AbortSignal): Promise<unknown>
  /** The payloads of the points that exist, by id. */
  readMany(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, unknown>>
  /** Writes points and waits until they can be read. */
  upsert(points: Schemas['PointsList'], signal: AbortSignal): Promise<void>
}

interface Point {
  readonly id: string
  readonly payload?: unknown
}

/** Qdrant refused a request. Its status tells a missing collection from other reasons. */
class QdrantError extends Error {
  override readonly name = 'QdrantError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** No more of an error's text is logged. */
const LONGEST_ERROR = 300

/**
 * Reads and writes points over `fetch`, without the package's client, whose request building, header
 * merging and response wrapping cost more than the rest of a lookup. The package's types still check
 * what is sent.
 */
export function qdrantPoints({ url, apiKey }: QdrantAddress, collection: string): QdrantPoints {
  const points = `${url}/collections/${encodeURIComponent(collection)}/points`
  const headers = {
    'content-type': 'application/json',
    ...(apiKey === undefined ? {} : { 'api-key': apiKey }),
  }

  /** The points that exist; none if there is no collection. */
  async function retrieve(ids: readonly string[], signal: AbortSignal): Promise<readonly Point[]> {
    const wanted: Schemas['PointRequest'] = {
      ids: [...ids],
      with_payload: true,
      with_vector: false,
    }
    const body = JSON.stringify(wanted)
    const response = await fetch(points, { method: 'POST', headers, body, signal })
    if (response.status === 404) {
      await response.arrayBuffer() // whatever a proxy in front of Qdrant says
      return []
    }
    if (!response.ok) throw await errorOf(response)
    const { result } = await response.json<{ result?: readonly Point[] | null }>()
    return result ?? []
  }

  return {
    async read(id, signal) {
      const [point] = await retrieve([id], signal)
      return point?.payload
    },

    async readMany(ids, signal) {
      const found = await retrieve(ids, signal)
      return new Map(found.map(({ id, payload }) => [id, payload]))
    },

    async upsert(list, signal) {
      const body = JSON.stringify(list)
      const response = await fetch(`${points}?wait=true`, { method: 'PUT', headers, body, signal })
      if (!response.ok) throw await errorOf(response)
      await response.arrayBuffer() // so that the connection can be used again
    },
  }
}

async function errorOf(response: Response): Promise<QdrantError> {
  const text = await response.text()
  return new QdrantError(
    response.status,
    `Qdrant: status ${response.status}: ${text.slice(0, LONGEST_ERROR)}`,
  )
}
