import { createMiddleware } from 'hono/factory'
import { lookUpStale } from './lookup.ts'
import type { LookupOptions } from './lookup.ts'
import type { AppEnv } from '../env.ts'
import { hitResponse } from './hit-response.ts'

/** Headers of earlier middleware (CORS), which the stale answer needs, too. */
const OF_THE_GATEWAY = /^(access-control-.*|vary)$/

/** Serves a stored entry if LiteLLM fails and the caller allows it (RFC 5861, 4). */
export const staleIfError = (options: LookupOptions) =>
  createMiddleware<AppEnv>(async (c, next) => {
    await next()
    const failure = c.get('failure')
    if (failure === undefined) return
    const { request, trace } = c.var
    const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work)
    const found = await lookUpStale(request, trace, waitUntil, options)
    if (found === undefined) return
    const failed = c.res
    c.res = undefined // otherwise the new response inherits its headers
    c.res = hitResponse(c, found, failure)
    for (const [name, value] of failed.headers) {
      if (OF_THE_GATEWAY.test(name)) c.res.headers.set(name, value)
    }
    // Errors of the replaced response no longer matter.
    failed.body?.cancel().catch(() => {})
    failure.leave?.()
  })
