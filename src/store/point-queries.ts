import type { QdrantClient, Schemas } from '@qdrant/js-client-rest'
import { untilAborted, withTimeout } from '../stream/timeout.ts'
import { unlessStatus } from './qdrant-client.ts'

/** A point without its vectors. */
export interface PayloadPoint {
  readonly id: string
  readonly payload: Readonly<Record<string, unknown>>
}

export interface PointQueriesOptions {
  readonly qdrant: ReturnType<QdrantClient['api']>
  readonly collection: string
  /** How long one request may take. */
  readonly timeoutMs: number
}

export interface PointPageOptions {
  readonly limit: number
  /** The first id; undefined for the first page. */
  readonly cursor: string | undefined
  /** Members of payloads that are left out. */
  readonly exclude: readonly string[]
}

type Must = readonly Schemas['Condition'][]

/**
 * Queries of a collection by conditions that must all hold. A collection that does not exist is empty.
 * Each rejects if Qdrant fails or is late.
 */
export interface PointQueries {
  /** Points in the order of their ids, and the first id of the next page; undefined after the last. */
  page(
    must: Must,
    options: PointPageOptions,
  ): Promise<{ readonly points: readonly PayloadPoint[]; readonly next: string | undefined }>
  count(must: Must): Promise<number>
  /** The number of points with each value of an indexed member, the most frequent first. */
  countBy(member: string, must: Must, limit: number): Promise<ReadonlyMap<string, number>>
  /** Deletes what meets the conditions. Throws a `RangeError` if there are none. */
  delete(must: Must): Promise<void>
}

/** The queries of a Qdrant collection. */
export function pointQueries({ qdrant, collection, timeoutMs }: PointQueriesOptions): PointQueries {
  const place = { collection_name: collection }
  const inTime = <Result>(work: (signal: AbortSignal) => Promise<Result>) =>
    withTimeout(timeoutMs, (signal) => untilAborted(work(signal), signal))

  return {
    async page(must, { limit, cursor, exclude }) {
      const asked = {
        ...place,
        filter: { must: [...must] },
        limit,
        with_payload: exclude.length === 0 ? true : { exclude: [...exclude] },
        with_vector: false,
        ...(cursor === undefined ? {} : { offset: cursor }),
      }
      const { data } = await inTime((signal) =>
        qdrant.scrollPoints(asked, { signal }).catch(unlessStatus(404, NOTHING)),
      )
      const { points = [], next_page_offset: next } = data.result ?? {}
      return {
        points: points.map(({ id, payload }) => ({ id: String(id), payload: payload ?? {} })),
        next: next == null ? undefined : String(next),
      }
    },

    async count(must) {
      const asked = { ...place, filter: { must: [...must] }, exact: true }
      const { data } = await inTime((signal) =>
        qdrant.countPoints(asked, { signal }).catch(unlessStatus(404, NO_COUNT)),
      )
      return data.result?.count ?? 0
    },

    async countBy(member, must, limit) {
      const asked = { ...place, key: member, filter: { must: [...must] }, limit, exact: true }
      const { data } = await inTime((signal) =>
        qdrant.facet(asked, { signal }).catch(unlessStatus(404, NO_HITS)),
      )
      return new Map((data.result?.hits ?? []).map(({ value, count }) => [String(value), count]))
    },

    async delete(must) {
      // An empty filter would match the whole collection.
      if (must.length === 0) throw new RangeError('nothing says what to delete')
      const asked = { ...place, wait: true, filter: { must: [...must] } }
      await inTime((signal) => qdrant.deletePoints(asked, { signal }))
    },
  }
}

const NOTHING = { data: { result: { points: [], next_page_offset: null } } }
const NO_COUNT = { data: { result: { count: 0 } } }
const NO_HITS = { data: { result: { hits: [] } } }
