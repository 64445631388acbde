/**
 * `make semantic-purge`: deletes expired entries from LiteLLM's semantic cache, as the gateway's cron
 * does with SEMANTIC_PURGE=on. Leaves entries of other clients alone.
 */

import { endedBefore, PURGE_GRACE_SECONDS } from '../src/semantic/namespace.ts'
import { purgeSemantic } from '../src/store/semantic-purge.ts'

const url = (process.env.QDRANT_URL || 'http://127.0.0.1:6333').replace(/\/+$/, '')
/** Epoch seconds. PURGE_NOW lets a test run in the future. */
const now = Number(process.env.PURGE_NOW || Date.now() / 1000)

try {
  const { deleted } = await purgeSemantic({
    url,
    apiKey: process.env.QDRANT_API_KEY,
    collection: process.env.SEMANTIC_COLLECTION || 'litellm_semantic_cache',
    isOver: (cacheKey) => endedBefore(cacheKey, now - PURGE_GRACE_SECONDS),
    // No cron continues this run, so there is no limit.
    maxDeletes: Number.POSITIVE_INFINITY,
    timeoutMs: 600_000,
  })
  console.log(`Deleted ${deleted} answers that had expired.`)
} catch (error) {
  const { status } = error as { status?: number }
  const how = status === undefined ? 'does not answer' : `answered ${status}`
  console.error(`Qdrant ${how} at ${url}; set QDRANT_URL to use another one.`)
  process.exit(1)
}
