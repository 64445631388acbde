import type { Context } from 'hono'
import { ageSeconds, ttlSeconds } from '../cache/freshness.ts'
import { statusHeaders, twoPlaces } from '../cache/status.ts'
import type { CacheMember, Outcome } from '../cache/status.ts'
import type { CacheHit } from './lookup.ts'
import type { Failure, AppEnv } from '../env.ts'
import { savingsOf } from '../ledger/savings.ts'
import { shownOf } from '../routes/upstream-call.ts'

const semanticDetail = (similarity: number | undefined) =>
  `semantic ${similarity === undefined ? 'hit' : twoPlaces(similarity)}`

/** Builds the response of a cache hit. With a `failure`, the entry replaces LiteLLM's answer. */
export function hitResponse(c: Context<AppEnv>, found: CacheHit, failure?: Failure): Response {
  const { entry, tier, answer, stale, now, lookupMs } = found
  const request = c.get('request')
  const body = c.get('body')
  const trace = c.get('trace')
  const observed = c.get('observed')
  const { api } = request
  const outcome: Outcome = stale ? 'stale' : 'exact-hit'
  if (body !== undefined) trace.showInput(() => shownOf(body))
  trace.showOutput(() => api.shownAnswer(entry.body, entry.mode))
  observed.outcome = outcome
  observed.tier = tier
  // A stale answer saves nothing: it is refreshed behind, or the call that it stands in for was made.
  observed.saved = stale || failure ? undefined : savingsOf(entry, now - observed.startedAt)
  const semantic = entry.source === 'semantic' ? semanticDetail(entry.similarity) : undefined
  const member: CacheMember = {
    cache: 'edge',
    // A forwarded request that failed is no hit, whatever is served instead (RFC 9211, 2.1).
    ...(failure === undefined
      ? { hit: true }
      : { fwd: c.get('forward').fwd, fwdStatus: failure.status }),
    ttlSeconds: ttlSeconds(entry, now),
    key: request.key?.id,
    detail: [tier, semantic, failure?.why].filter((part) => part !== undefined).join('; '),
  }
  return c.body(answer.body, 200, {
    'content-type': answer.contentType,
    age: String(ageSeconds(entry, now)),
    ...statusHeaders(outcome, member.key, [member], {
      cache: lookupMs,
      ...(failure === undefined ? {} : { upstream: failure.afterMs }),
    }),
  })
}
