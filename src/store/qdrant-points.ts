import type { Schemas } from '@qdrant/js-client-rest'
import { readUpTo } from '../stream/buffered-body.ts'

/** Where Qdrant is, without a slash at the end, and the key it needs. */
export interface QdrantAddress {
  readonly url: string
  readonly apiKey?: string | undefined
}

/** The requests of every lookup and every write (https://api.qdrant.tech/api-reference/points). */
export interface QdrantPoints {
  /** The payload of a point; undefined if there is no such point, or no collection. */
  read(id: string, signal: AbortSignal): Promise<unknown>
  /**
   * The payloads of the points that exist, by id. Rejects if the answer is longer than 16 MiB, which
   * would take too much memory.
   */
  readMany(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, unknown>>
  /** Writes points and waits until they can be read. */
  upsert(points: Schemas['PointsList'], signal: AbortSignal): Promise<void>
}

interface Point {
  readonly id: string
  readonly payload?: unknown
}

interface Retrieved {
  readonly result?: readonly Point[] | null
}

/** Qdrant refused a request. Its status tells a missing collection from other reasons. */
export class QdrantError extends Error {
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
  async function retrieve(ids: readonly string[], signal: AbortSignal): Promise<Retrieved> {
    const wanted: Schemas['PointRequest'] = {
      ids: [...ids],
      with_payload: true,
      with_vector: false,
    }
    const body = JSON.stringify(wanted)
    const response = await fetch(points, { method: 'POST', headers, body, signal })
    if (response.status === 404) {
      await response.arrayBuffer() // whatever a proxy in front of Qdrant says
      return {}
    }
    if (!response.ok) throw await errorOf(response)
    return ids.length === 1 ? response.json() : readBounded(response)
  }

  return {
    async read(id, signal) {
      const { result } = await retrieve([id], signal)
      return result?.[0]?.payload
    },

    async readMany(ids, signal) {
      const { result } = await retrieve(ids, signal)
      return new Map(result?.map(({ id, payload }) => [id, payload]))
    },

    async upsert(list, signal) {
      const body = JSON.stringify(list)
      const response = await fetch(`${points}?wait=true`, { method: 'PUT', headers, body, signal })
      if (!response.ok) throw await errorOf(response)
      await response.arrayBuffer() // so that the connection can be used again
    },
  }
}

const LARGEST_READ_BYTES = 16 * 1024 * 1024

async function readBounded(response: Response): Promise<Retrieved> {
  const taken = await readUpTo(response.body, LARGEST_READ_BYTES)
  if ('whole' in taken) return JSON.parse(new TextDecoder().decode(taken.whole)) as Retrieved
  taken.stream.cancel().catch(() => {})
  throw new TooLarge('Qdrant: an answer is too large.')
}

/** Thrown for an answer that takes too much memory. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge'
}

async function errorOf(response: Response): Promise<QdrantError> {
  const text = await response.text()
  return new QdrantError(
    response.status,
    `Qdrant: status ${response.status}: ${text.slice(0, LONGEST_ERROR)}`,
  )
}
