import { connect } from './qdrant.ts'
import type { QdrantAddress } from './qdrant.ts'

export interface SemanticPurgeOptions extends QdrantAddress {
  /** LiteLLM's collection. */
  readonly collection: string
  /** Whether nothing can find the answers under this cache key of LiteLLM's any more. */
  readonly isOver: (cacheKey: string) => boolean
  /** Bounds one run; the next one goes on. */
  readonly maxDeletes?: number
  readonly timeoutMs?: number
}

/** Cache keys in one answer of Qdrant's, and in one deletion. */
const PAGE = 1_000
/** A page never grows beyond this: what live keys hide behind waits until they are over. */
const LARGEST_PAGE = 64_000

/**
 * Deletes from LiteLLM's semantic cache what no request can find any more, since LiteLLM deletes nothing
 * itself; tells how many points it deleted. Needs the keyword index on `litellm_cache_key` that LiteLLM
 * makes. Rejects where Qdrant fails.
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
      // Never empty: an empty filter would empty the collection.
      const filter = { must: [{ key, match: { any: over.slice(at, at + PAGE) } }] }
      const counted = await qdrant.countPoints({ ...place, filter, exact: true }, { signal })
      await qdrant.deletePoints({ ...place, wait: true, filter }, { signal })
      deleted += counted.data.result?.count ?? 0
    }
    if (hits.length < limit) break
    // What is left may fill the page: a larger one shows what is behind.
    if (over.length === 0) limit *= 2
  }
  return deleted
}
