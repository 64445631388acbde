import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../env.ts'
import { storedName } from '../ledger/batch.ts'
import { isLogged, log, withLogContext } from '../telemetry/log.ts'
import type { LogFacts, LogLevel } from '../telemetry/log.ts'
import { errorTypeOf, outcomeOf, statusOf } from './request-outcome.ts'

export interface RequestLogOptions {
  readonly level: LogLevel
  readonly now: () => number
}

/**
 * Writes one line for each request: a warning if it failed, else for LOG_LEVEL=debug, because a line
 * takes a fifth of a hit's time. All lines of a request carry its id.
 */
export const requestLog = ({ level, now }: RequestLogOptions) =>
  createMiddleware<AppEnv>((c, next) => {
    c.set('observed', { startedAt: now() })
    return withLogContext({ level, requestId: c.get('requestId') }, async () => {
      await next()
      const lineLevel = hasFailed(c) ? 'warn' : 'debug'
      if (isLogged(lineLevel)) log(lineLevel, 'request', factsOf(c, now()))
    })
  })

/** A 504 for `only-if-cached` is what the caller asked for. */
const hasFailed = (c: Context<AppEnv>) => statusOf(c) >= 500 && errorTypeOf(c) !== 'not_in_cache'

/** No query string, no body and no header: they may hold content or a key. */
function factsOf(c: Context<AppEnv>, now: number): LogFacts {
  const { observed, caller, request, trace } = c.var as Partial<AppEnv['Variables']>
  return {
    method: c.req.method,
    path: c.req.path,
    status: statusOf(c),
    latency_ms: observed && now - observed.startedAt,
    // Other routes than those of LLM APIs have no trace, and ask no cache.
    outcome: trace && outcomeOf(c),
    tier: observed?.tier || undefined,
    tenant: caller?.payer,
    model: request && storedName(request.model),
    trace_id: trace?.traceId || undefined,
    error: errorTypeOf(c),
  }
}
