import type { Context } from 'hono'
import { ageSeconds, ttlSeconds } from '../cache/policy.ts'
import { statusHeaders } from '../cache/status.ts'
import type { Outcome } from '../cache/status.ts'
import type { Found } from '../flight/lookup.ts'
import type { Steps } from '../steps.ts'

/** An entry as an answer. `because` says why it was given although it is not fresh. */
export function hit(c: Context<Steps>, found: Found, because?: string): Response {
  const { entry, place, answer, stale, now, lookupMs } = found
  const { question, trace } = c.var
  const { preview } = question.api
  const outcome: Outcome = stale ? 'stale' : 'exact-hit'
  trace.show(() => ({
    input: preview.input(question.identity.body),
    output: preview.output(entry.body, entry.mode),
  }))
  trace.root.attributes['cache.outcome'] = outcome
  const semantic = entry.source === 'semantic' ? `semantic ${entry.similarity ?? 'hit'}` : undefined
  const member = {
    cache: 'edge',
    hit: true,
    ttlSeconds: ttlSeconds(entry, now),
    key: question.key?.id,
    detail: [place, semantic, because].filter((part) => part !== undefined).join('; '),
  } as const
  return c.body(answer.body, 200, {
    'content-type': answer.contentType,
    age: String(ageSeconds(entry, now)),
    ...statusHeaders(outcome, member.key, [member], { cache: lookupMs }),
  })
}
