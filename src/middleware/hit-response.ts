import type { Context } from 'hono'
import { ageSeconds, ttlSeconds } from '../cache/freshness.ts'
import { statusHeaders, twoPlaces } from '../cache/status.ts'
import type { Outcome } from '../cache/status.ts'
import type { Found } from './lookup.ts'
import type { Failure, Steps } from '../env.ts'

const semanticDetail = (similarity: number | undefined) =>
  `semantic ${similarity === undefined ? 'hit' : twoPlaces(similarity)}`

/** An entry as an answer; with a `failure`, in the place of LiteLLM's. */
export function hit(c: Context<Steps>, found: Found, failure?: Failure): Response {
  const { entry, place, answer, stale, now, lookupMs } = found
  const { question, trace } = c.var
  const { preview } = question.api
  const outcome: Outcome = stale ? 'stale' : 'exact-hit'
  trace.show(() => ({
    input: preview.input(question.identity.body),
    output: preview.output(entry.body, entry.mode),
  }))
  trace.root.attributes['cache.outcome'] = outcome
  const semantic = entry.source === 'semantic' ? semanticDetail(entry.similarity) : undefined
  const member = {
    cache: 'edge',
    hit: true,
    ttlSeconds: ttlSeconds(entry, now),
    key: question.key?.id,
    detail: [place, semantic, failure?.why].filter((part) => part !== undefined).join('; '),
  } as const
  return c.body(answer.body, 200, {
    'content-type': answer.contentType,
    age: String(ageSeconds(entry, now)),
    ...statusHeaders(outcome, member.key, [member], {
      cache: lookupMs,
      ...(failure === undefined ? {} : { upstream: failure.afterMs }),
    }),
  })
}
