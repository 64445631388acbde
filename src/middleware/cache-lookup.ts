import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { statusHeaders } from '../cache/status.ts'
import { errorResponse, GatewayError } from '../errors.ts'
import { coloOf, mayShare, refresh } from '../coalescing/client.ts'
import type { CoalescingOptions } from '../coalescing/client.ts'
import { lookUp } from './lookup.ts'
import type { LookupOptions } from './lookup.ts'
import type { AppEnv } from '../env.ts'
import { warn } from '../telemetry/log.ts'
import { explanationInTime } from './explain.ts'
import { hitResponse } from './hit-response.ts'
import { explainUnforwarded } from './recent-requests.ts'
import type { RecentRequestsOptions } from './recent-requests.ts'
import { upstreamCall } from '../routes/upstream-call.ts'

export interface CacheLookupOptions extends LookupOptions {
  /** Where stale answers are refreshed in the background; undefined if coalescing is off. */
  readonly coalescing: CoalescingOptions | undefined
  readonly explaining: RecentRequestsOptions
}

/** Answers from the exact cache, or passes the request on. Any failure is a miss. */
export const cacheLookup = (options: CacheLookupOptions) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const request = c.get('request')
    const trace = c.get('trace')
    const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work)
    const found = await lookUp(request, trace, waitUntil, options)
    if ('answer' in found) {
      if (found.stale && !request.controls.onlyIfCached) {
        waitUntil(refreshBehind(c, found.lookedUpAt, options))
      }
      return hitResponse(c, found)
    }
    c.set('forward', found)
    if (!request.controls.onlyIfCached) return next()
    explainUnforwarded(c, options.explaining)
    return notInCache(c, request.key?.id, found.lookupMs)
  })

/**
 * The answer to `only-if-cached` if the cache has none (RFC 9111, 5.2.1.7). Its message explains the
 * miss, if the caller wants to know.
 */
export async function notInCache(
  c: Context<AppEnv>,
  key: string | undefined,
  lookupMs: number,
): Promise<Response> {
  c.var.observed.outcome = 'miss'
  const members = [{ cache: 'edge', key, detail: 'only-if-cached' }] as const
  const why = await explanationInTime(c)
  if (why !== undefined) c.set('explanation', Promise.resolve(why))
  const message = `The answer is not in the cache${why === undefined ? '' : `: ${why}`}.`
  const error = new GatewayError('not_in_cache', message)
  c.var.observed.refused = error
  const refused = errorResponse(error, c.var.request.api.errorShape)
  const headers = statusHeaders('miss', key, members, { cache: lookupMs })
  for (const [name, value] of Object.entries(headers)) refused.headers.set(name, value)
  return refused
}

/** Fetches a fresh answer for the next caller (RFC 5861, 3). A failure is only logged. */
async function refreshBehind(
  c: Context<AppEnv>,
  lookedUpAt: number,
  { coalescing }: CacheLookupOptions,
): Promise<void> {
  const { request, trace } = c.var
  if (coalescing === undefined || !mayShare(request, coalescing)) return
  const span = trace.child('refresh', 'client')
  try {
    const call = upstreamCall(c, span, lookedUpAt, true)
    const asked = refresh(call, coloOf(c.req.raw), coalescing)
    trace.waitFor(asked)
    await asked
    trace.end(span)
  } catch (error) {
    trace.end(span, error)
    warn('refresh not begun', error)
  }
}
