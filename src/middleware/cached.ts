import { createMiddleware } from 'hono/factory'
import { statusHeaders } from '../cache/status.ts'
import { errorResponse, GatewayError } from '../errors.ts'
import { find } from '../flight/lookup.ts'
import type { LookupOptions } from '../flight/lookup.ts'
import type { Steps } from '../steps.ts'
import { hit } from './hit.ts'

/** Answers a question that was answered before; everything else goes on. Any failure is a miss. */
export const cached = (options: LookupOptions) =>
  createMiddleware<Steps>(async (c, next) => {
    const { question, trace } = c.var
    const later = (work: Promise<unknown>) => c.executionCtx.waitUntil(work)
    const found = await find(question, trace, later, options)
    if ('answer' in found) return hit(c, found)
    if (!question.controls.onlyIfCached) {
      c.set('forward', found)
      return next()
    }
    const id = question.key?.id
    const members = [{ cache: 'edge', key: id, detail: 'only-if-cached' }] as const
    const headers = statusHeaders('miss', id, members, { cache: found.lookupMs })
    const refused = errorResponse(
      new GatewayError('not_in_cache', 'The answer is not in the cache.'),
    )
    for (const [name, value] of Object.entries(headers)) refused.headers.set(name, value)
    return refused
  })
