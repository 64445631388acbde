import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { statusHeaders } from '../cache/status.ts'
import { errorResponse, GatewayError } from '../errors.ts'
import { refresh } from '../coalescing/client.ts'
import type { JoinOptions } from '../coalescing/client.ts'
import { find } from './lookup.ts'
import type { LookupOptions } from './lookup.ts'
import type { Steps } from '../env.ts'
import { warn } from '../telemetry/log.ts'
import { forwardedHeaders } from '../upstream/headers.ts'
import { hit } from './hit-response.ts'

export interface CachedOptions extends LookupOptions {
  /** Where a stale answer is refreshed behind the caller's back; undefined where it is not. */
  readonly flights: JoinOptions | undefined
}

/** Answers a question that was answered before; everything else goes on. Any failure is a miss. */
export const cached = (options: CachedOptions) =>
  createMiddleware<Steps>(async (c, next) => {
    const { question, trace } = c.var
    const later = (work: Promise<unknown>) => c.executionCtx.waitUntil(work)
    const found = await find(question, trace, later, options)
    if ('answer' in found) {
      if (found.stale && !question.controls.onlyIfCached) {
        later(refreshBehind(c, found.lookedUpAt, options))
      }
      return hit(c, found)
    }
    if (!question.controls.onlyIfCached) {
      c.set('forward', found)
      return next()
    }
    const id = question.key?.id
    const members = [{ cache: 'edge', key: id, detail: 'only-if-cached' }] as const
    const headers = statusHeaders('miss', id, members, { cache: found.lookupMs })
    const refused = errorResponse(
      new GatewayError('not_in_cache', 'The answer is not in the cache.'),
      question.api.errorShape,
    )
    for (const [name, value] of Object.entries(headers)) refused.headers.set(name, value)
    return refused
  })

/** Has the next caller find a fresh answer (RFC 5861, 3); a failure is a log line. */
async function refreshBehind(
  c: Context<Steps>,
  lookedUpAt: number,
  { flights }: CachedOptions,
): Promise<void> {
  const { question, requestId, trace } = c.var
  if (flights === undefined || !question.controls.store) return
  const span = trace.child('refresh', 'client')
  const asking = {
    question,
    headers: forwardedHeaders(c.req.raw.headers),
    apiKey: c.var.caller.upstreamKey,
    requestId,
    lookedUpAt,
    traceparent: trace.traceparent(span),
  }
  const asked = refresh(asking, flights)
  trace.waitFor(asked)
  await asked.then(
    () => trace.end(span),
    (error: unknown) => {
      trace.end(span, error)
      warn('refresh not begun', error)
    },
  )
}
