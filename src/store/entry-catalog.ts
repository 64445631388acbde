import type { Schemas } from '@qdrant/js-client-rest'
import { pointQueries } from './point-queries.ts'
import { connect } from './qdrant-client.ts'
import type { QdrantAddress } from './qdrant-points.ts'

/**
 * Which entries. Those of every list must match, each by one of its values. Instants are epoch ms.
 * Without any member it is refused: an empty filter would match the whole collection.
 */
export interface EntryFilter {
  readonly keys?: readonly string[] | undefined
  readonly tenants?: readonly string[] | undefined
  readonly models?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
  readonly namespaces?: readonly string[] | undefined
  readonly paths?: readonly string[] | undefined
  readonly sources?: readonly string[] | undefined
  /** The keys of the originals whose answers these entries hold. */
  readonly originalKeys?: readonly string[] | undefined
  /** The ids of the pairs of questions that were matched. */
  readonly pairIds?: readonly string[] | undefined
  readonly storedBefore?: number | undefined
  readonly storedSince?: number | undefined
  readonly expiresBefore?: number | undefined
  /** Every entry. Nothing else may be given then. */
  readonly all?: true | undefined
}

/** An entry as it is stored. Its payload may be of another version, or broken. */
export interface CatalogEntry {
  readonly key: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** Entries in the order of their keys. */
export interface CatalogPage {
  readonly entries: readonly CatalogEntry[]
  /** The first key of the next page; undefined after the last. */
  readonly next: string | undefined
}

export interface PageOptions {
  readonly limit: number
  /** The first key. */
  readonly cursor?: string | undefined
  /** Whether payloads have the answer and the question. */
  readonly withContent: boolean
}

/** The indexed members that entries can be counted by. */
export type CountedMember = 'tenant' | 'model' | 'path' | 'source' | 'namespace'

/** The entries of the exact cache as an operator sees them. Rejects if Qdrant fails or is late. */
export interface EntryCatalog {
  page(filter: EntryFilter, options: PageOptions): Promise<CatalogPage>
  count(filter: EntryFilter): Promise<number>
  /** The number of entries of each value, the most frequent first. */
  countBy(
    member: CountedMember,
    filter: EntryFilter,
    limit: number,
  ): Promise<ReadonlyMap<string, number>>
  /** Deletes those of these entries that still match, so one that was refreshed since survives. */
  delete(keys: readonly string[], filter: EntryFilter): Promise<void>
}

export interface EntryCatalogOptions extends QdrantAddress {
  readonly collection: string
  /** How long one request to Qdrant may take. */
  readonly timeoutMs: number
}

/** Members of a payload that hold what people wrote, or models answered. */
const CONTENT = ['body', 'question', 'original_question']

/** The catalog of a Qdrant collection. A collection that does not exist is empty. */
export function entryCatalog({
  collection,
  timeoutMs,
  ...address
}: EntryCatalogOptions): EntryCatalog {
  const entries = pointQueries({ qdrant: connect(address).api(), collection, timeoutMs })
  return {
    async page(filter, { limit, cursor, withContent }) {
      const exclude = withContent ? [] : CONTENT
      const { points, next } = await entries.page(conditions(filter), { limit, cursor, exclude })
      return { entries: points.map(({ id, payload }) => ({ key: id, payload })), next }
    },

    count: async (filter) => entries.count(conditions(filter)),

    countBy: async (member, filter, limit) => entries.countBy(member, conditions(filter), limit),

    async delete(keys, filter) {
      const must = conditions(filter)
      if (keys.length > 0) await entries.delete([{ has_id: [...keys] }, ...must])
    },
  }
}

/** The filter in Qdrant's form. Throws a `RangeError` if it is empty. */
function conditions({
  keys,
  tenants,
  models,
  tags,
  namespaces,
  paths,
  sources,
  originalKeys,
  pairIds,
  storedBefore,
  storedSince,
  expiresBefore,
  all,
}: EntryFilter): Schemas['Condition'][] {
  const anyOf = {
    tenant: tenants,
    model: models,
    tags,
    namespace: namespaces,
    path: paths,
    source: sources,
    original_key: originalKeys,
    pair_id: pairIds,
  }
  const must: Schemas['Condition'][] = Object.entries(anyOf).flatMap(([key, values]) =>
    values === undefined ? [] : [{ key, match: { any: [...values] } }],
  )
  if (keys !== undefined) must.push({ has_id: [...keys] })
  for (const [key, range] of [
    ['stored_at', { lt: storedBefore, gte: storedSince }],
    ['expires_at', { lt: expiresBefore }],
  ] as const) {
    const limits = Object.entries(range).filter(([, instant]) => instant !== undefined)
    if (limits.some(([, instant]) => !Number.isFinite(instant)))
      throw new RangeError('not an instant')
    if (limits.length > 0) must.push({ key, range: Object.fromEntries(limits) })
  }
  if ((must.length === 0) !== (all === true))
    throw new RangeError('an empty or contradictory filter')
  return must
}
