import { createMiddleware } from 'hono/factory'
import { ageSeconds, ttlSeconds } from '../cache/policy.ts'
import { statusHeaders } from '../cache/status.ts'
import { errorResponse, GatewayError } from '../errors.ts'
import { find } from '../flight/lookup.ts'
import type { LookupOptions } from '../flight/lookup.ts'
import type { Steps } from '../steps.ts'

/** Answers a question that was answered before; everything else goes on. Any failure is a miss. */
export const cached = (options: LookupOptions) =>
  createMiddleware<Steps>(async (c, next) => {
    const { question, trace } = c.var
    const later = (work: Promise<unknown>) => c.executionCtx.waitUntil(work)
    const found = await find(question, trace, later, options)
    const id = question.key?.id
    if ('fwd' in found) {
      if (!question.controls.onlyIfCached) {
        c.set('forward', found)
        return next()
      }
      const members = [{ cache: 'edge', key: id, detail: 'only-if-cached' }] as const
      const headers = statusHeaders('miss', id, members, { cache: found.lookupMs })
      const refused = errorResponse(
        new GatewayError('not_in_cache', 'The answer is not in the cache.'),
      )
      for (const [name, value] of Object.entries(headers)) refused.headers.set(name, value)
      return refused
    }
    const { entry, place, answer, now, lookupMs } = found
    const { preview } = question.api
    trace.show(() => ({
      input: preview.input(question.identity.body),
      output: preview.output(entry.body, entry.mode),
    }))
    trace.root.attributes['cache.outcome'] = 'exact-hit'
    const detail =
      entry.source === 'semantic' ? `${place}; semantic ${entry.similarity ?? 'hit'}` : place
    const member = { cache: 'edge', hit: true, ttlSeconds: ttlSeconds(entry, now), key: id, detail }
    return c.body(answer.body, 200, {
      'content-type': answer.contentType,
      age: String(ageSeconds(entry, now)),
      ...statusHeaders('exact-hit', id, [{ ...member, cache: 'edge' }], { cache: lookupMs }),
    })
  })
