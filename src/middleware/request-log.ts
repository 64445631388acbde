import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../env.ts'
import { GatewayError } from '../errors.ts'
import { storedName } from '../ledger/batch.ts'
import { isLogged, log, withLogContext } from '../telemetry/log.ts'
import type { LogFacts, LogLevel } from '../telemetry/log.ts'

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
    outcome: observed?.outcome,
    tier: observed?.tier || undefined,
    tenant: caller?.payer,
    model: request && storedName(request.model),
    trace_id: trace?.traceId || undefined,
    error: errorTypeOf(c),
  }
}

/** As nginx counts callers who leave before they have an answer. */
const CLIENT_CLOSED_REQUEST = 499

/** The status of the response; 499 if the caller left before there was one, so that nobody got it. */
export function statusOf(c: Context<AppEnv>): number {
  const isOwn = c.error === undefined || c.error instanceof GatewayError
  return !isOwn && c.req.raw.signal.aborted ? CLIENT_CLOSED_REQUEST : c.res.status
}

/** OpenTelemetry's `error.type`: the code of the gateway's error, or LiteLLM's status. Undefined if it did not. */
export function errorTypeOf(c: Context<AppEnv>): string | undefined {
  const status = statusOf(c)
  if (status === CLIENT_CLOSED_REQUEST && c.error !== undefined) return 'caller_left'
  if (status < 400) return c.get('observed').broke
  return gatewayErrorOf(c)?.code ?? `status ${status}`
}

/** The gateway's own error that this response tells; undefined if it tells none. */
export function gatewayErrorOf(c: Context<AppEnv>): GatewayError | undefined {
  if (c.res.status < 400) return undefined
  return c.error instanceof GatewayError ? c.error : c.get('observed').refused
}
