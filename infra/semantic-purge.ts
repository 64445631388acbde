/**
 * `make semantic-purge`: deletes from LiteLLM's semantic cache what no question can find any more.
 * LiteLLM forgets nothing by itself; the gateway's namespaces end with the second at which their
 * stretch of time does. What others keep there is left alone.
 */

import { endedBefore } from '../src/semantic/scope.ts'

const url = (process.env.QDRANT_URL || 'http://127.0.0.1:6333').replace(/\/+$/, '')
const collection = process.env.SEMANTIC_COLLECTION || 'litellm_semantic_cache'
const apiKey = process.env.QDRANT_API_KEY
/** An entry that is just being answered must not vanish. */
const GRACE_SECONDS = 60
/** Names in one answer of Qdrant's, and in one deletion. */
const PAGE = 1_000

async function qdrant<Result>(path: string, body: unknown): Promise<Result> {
  const response = await fetch(`${url}/collections/${collection}/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(apiKey ? { 'api-key': apiKey } : {}),
    },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Error(`Qdrant does not answer at ${url}; QDRANT_URL names another place.`)
  })
  if (!response.ok) throw new Error(`Qdrant answered ${response.status} to ${path}.`)
  return ((await response.json()) as { result: Result }).result
}

/** How many points have one of these names. */
async function purge(names: readonly string[]): Promise<number> {
  // An empty filter would empty the collection.
  if (names.length === 0) return 0
  const filter = { must: [{ key: 'litellm_cache_key', match: { any: names } }] }
  const { count } = await qdrant<{ count: number }>('points/count', { filter, exact: true })
  await qdrant('points/delete?wait=true', { filter })
  return count
}

/** A test may be from later. */
const now = Number(process.env.PURGE_NOW || Date.now() / 1000)
const before = now - GRACE_SECONDS
let deleted = 0
for (let limit = PAGE; ;) {
  const { hits } = await qdrant<{ hits: { value: string }[] }>('facet', {
    key: 'litellm_cache_key',
    limit,
  }).catch((error: Error) => {
    console.error(error.message)
    process.exit(1)
  })
  const old = hits.map(({ value }) => value).filter((name) => endedBefore(name, before))
  for (let at = 0; at < old.length; at += PAGE) deleted += await purge(old.slice(at, at + PAGE))
  if (hits.length < limit) break
  // What is left may fill the page: a larger one shows what is behind.
  if (old.length === 0) limit *= 2
}
console.log(`Deleted ${deleted} answers whose time is over.`)
