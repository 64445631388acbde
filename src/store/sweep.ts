import type { QdrantClient } from '@qdrant/js-client-rest'
import { warn } from '../telemetry/log.ts'
import { isTimeout, untilAborted, withTimeout } from '../stream/timeout.ts'

/** The limits of one run. The next run continues where this one stopped. */
export interface SweepBounds {
  readonly pageSize?: number
  readonly maxPages?: number
  readonly timeoutMs?: number
}

export interface SweepOptions extends SweepBounds {
  readonly collection: string
  /** Entries that expired before this instant (epoch ms) are deleted. */
  readonly expiredBefore: number
}

/** The result of one run. */
export interface Sweep {
  /** How many entries it selected for deletion. */
  readonly swept: number
  /** How many expired entries are left; null if Qdrant did not count them. */
  readonly left: number | null
}

/** How long counting the rest may take. */
const COUNT_TIMEOUT_MS = 5_000

/**
 * Deletes expired entries page by page, within its limits. Each deletion repeats the age condition,
 * so an entry that was refreshed in between survives. Rejects if Qdrant fails.
 */
export async function sweep(
  qdrant: ReturnType<QdrantClient['api']>,
  options: SweepOptions,
): Promise<Sweep> {
  if (!Number.isFinite(options.expiredBefore))
    throw new RangeError('expiredBefore is not an instant')
  const { collection, expiredBefore, pageSize = 1_000, maxPages = 50, timeoutMs = 20_000 } = options
  const place = { collection_name: collection }
  const expired = { key: 'expires_at', range: { lt: expiredBefore } }
  let swept = 0

  /** Deletes pages; true if nothing is left. */
  async function deletePages(signal: AbortSignal): Promise<boolean> {
    for (let page = 0; page < maxPages; page += 1) {
      const { data } = await qdrant.scrollPoints(
        { ...place, filter: { must: [expired] }, limit: pageSize, with_payload: false },
        { signal },
      )
      const ids = (data.result?.points ?? []).map(({ id }) => id)
      // An empty filter would match everything, so never delete without ids.
      if (ids.length === 0) return true
      const filter = { must: [{ has_id: ids }, expired] }
      await qdrant.deletePoints({ ...place, wait: true, filter }, { signal })
      swept += ids.length
      if (ids.length < pageSize) return true
    }
    return false
  }

  async function count(signal: AbortSignal): Promise<number> {
    const filter = { must: [expired] }
    const { data } = await qdrant.countPoints({ ...place, filter, exact: true }, { signal })
    return data.result?.count ?? 0
  }

  const isDone = await inTime(timeoutMs, deletePages).catch((error: unknown) => {
    if (isTimeout(error)) return false
    throw error
  })
  if (isDone) return { swept, left: 0 }
  const left = await inTime(COUNT_TIMEOUT_MS, count).catch((error: unknown) => {
    warn('entries left not counted', error)
    return null
  })
  return { swept, left }
}

/** Rejects with a `TimeoutError` in time, even if the client ignores the signal. */
function inTime<Result>(
  ms: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return withTimeout(ms, (signal) => untilAborted(work(signal), signal))
}
