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

/**
 * Deletes expired entries from LiteLLM's semantic cache, because LiteLLM never does; resolves with
 * the number of points. Needs LiteLLM's keyword index on `litellm_cache_key`. Rejects if Qdrant
 * fails.
 */
export async function purgeSemantic(options: SemanticPurgeOptions): Promise<number> {
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
      if (deletes === maxDeletes) return deleted
      deletes += 1
      // Never empty: an empty filter would match the whole collection.
      const filter = { must: [{ key, match: { any: over.slice(at, at + PAGE) } }] }
      const counted = await qdrant.countPoints({ ...place, filter, exact: true }, { signal })
      await qdrant.deletePoints({ ...place, wait: true, filter }, { signal })
      deleted += counted.data.result?.count ?? 0
    }
    if (hits.length < limit) break
    // Live keys may fill the page. A larger one shows what is behind them.
    if (over.length === 0) limit *= 2
  }
  return deleted
}
