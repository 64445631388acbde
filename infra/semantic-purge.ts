/**
 * `make semantic-purge`: deletes from LiteLLM's semantic cache what no request can find any more, as
 * the gateway's cron does with SEMANTIC_PURGE=on. What others keep there is left alone.
 */

import { endedBefore, PURGE_GRACE_SECONDS } from '../src/semantic/namespace.ts'
import { purgeSemantic } from '../src/store/semantic-purge.ts'

const url = (process.env.QDRANT_URL || 'http://127.0.0.1:6333').replace(/\/+$/, '')
/** A test may be from later, epoch seconds. */
const now = Number(process.env.PURGE_NOW || Date.now() / 1000)

try {
  const deleted = await purgeSemantic({
    url,
    apiKey: process.env.QDRANT_API_KEY,
    collection: process.env.SEMANTIC_COLLECTION || 'litellm_semantic_cache',
    isOver: (cacheKey) => endedBefore(cacheKey, now - PURGE_GRACE_SECONDS),
    // Nobody waits for the next run.
    maxDeletes: Number.POSITIVE_INFINITY,
    timeoutMs: 600_000,
  })
  console.log(`Deleted ${deleted} answers whose time is over.`)
} catch (error) {
  const { status } = error as { status?: number }
  const how = status === undefined ? 'does not answer' : `answered ${status}`
  console.error(`Qdrant ${how} at ${url}; QDRANT_URL names another place.`)
  process.exit(1)
}
