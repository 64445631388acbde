import { connect } from './qdrant-client.ts'
import type { QdrantAddress } from './qdrant-points.ts'

export interface SemanticPurgeOptions extends QdrantAddress {
  /** LiteLLM's collection. */
  readonly collection: string
  /** Whether no request can find the answers under this LiteLLM cache key any more. */
  readonly isOver: (cacheKey: string) => boolean
  /** Deletions in one run; the next run continues. */
  readonly maxDeletes?: number
  readonly timeoutMs?: number
}

/** Cache keys per query, and per deletion. */
const PAGE = 1_000
/** The page does not grow beyond this. Expired keys hidden behind more live keys wait. */
const LARGEST_PAGE = 64_000

/** The result of one run. */
export interface SemanticPurge {
  /** The number of deleted points. */
  readonly deleted: number
  /** False if points may be left: the run was too long, or Qdrant cannot list all cache keys. */
  readonly done: boolean
}

/**
 * Deletes expired entries from LiteLLM's semantic cache, because LiteLLM never does. Needs LiteLLM's keyword index on `litellm_cache_key`. Rejects if Qdrant
 * fails.
 */
export async function purgeSemantic(options: SemanticPurgeOptions): Promise<SemanticPurge> {
  const { collection, isOver, maxDeletes = 100, timeoutMs = 20_000 } = options
  const qdrant = connect(options).api()
  const place = { collection_name: collection }
  const key = 'litellm_cache_key'
  const signal = AbortSignal.timeout(timeoutMs)
  let deleted = 0
  let deletes = 0
  for (let limit = PAGE; limit <= LARGEST_PAGE;) {
    const { data } = await qdrant.facet({ ...place, key, limit }, { signal })
    const hits = data.result?.hits ?? []
    const over = hits.map(({ value }) => String(value)).filter(isOver)
    for (let at = 0; at < over.length; at += PAGE) {
      if (deletes === maxDeletes) return { deleted, done: false }
      deletes += 1
      // Never empty: an empty filter would match the whole collection.
      const filter = { must: [{ key, match: { any: over.slice(at, at + PAGE) } }] }
      const counted = await qdrant.countPoints({ ...place, filter, exact: true }, { signal })
      await qdrant.deletePoints({ ...place, wait: true, filter }, { signal })
      deleted += counted.data.result?.count ?? 0
    }
    if (hits.length < limit) return { deleted, done: true }
    // Live keys may fill the page. A larger one shows what is behind them.
    if (over.length === 0) limit *= 2
  }
  return { deleted, done: false }
}
