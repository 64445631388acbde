import type { QdrantClient } from '@qdrant/js-client-rest'

export interface SweepOptions {
  readonly collection: string
  /** Entries that expired before this instant (epoch ms) are deleted. */
  readonly expiredBefore: number
  readonly pageSize?: number
  /** Bounds one run; the next one goes on where this one stopped. */
  readonly maxPages?: number
  readonly timeoutMs?: number
}

/**
 * Deletes what expired long enough ago, page by page, and tells how many points it named. Each delete
 * repeats the age beside the ids: an entry that was refreshed in between survives.
 */
export async function sweep(
  qdrant: ReturnType<QdrantClient['api']>,
  options: SweepOptions,
): Promise<number> {
  if (!Number.isFinite(options.expiredBefore))
    throw new RangeError('expiredBefore is not an instant')
  const { collection, expiredBefore, pageSize = 1_000, maxPages = 50, timeoutMs = 20_000 } = options
  const signal = AbortSignal.timeout(timeoutMs)
  const place = { collection_name: collection }
  const expired = { key: 'expires_at', range: { lt: expiredBefore } }
  let swept = 0
  for (let page = 0; page < maxPages; page += 1) {
    const { data } = await qdrant.scrollPoints(
      { ...place, filter: { must: [expired] }, limit: pageSize, with_payload: false },
      { signal },
    )
    const ids = (data.result?.points ?? []).map(({ id }) => id)
    // An empty filter would match everything: nothing is deleted without ids.
    if (ids.length === 0) break
    const filter = { must: [{ has_id: ids }, expired] }
    await qdrant.deletePoints({ ...place, wait: true, filter }, { signal })
    swept += ids.length
    if (ids.length < pageSize) break
  }
  return swept
}
