import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../env.ts'
import { GatewayError } from '../errors.ts'
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
      const lineLevel = c.res.status >= 500 ? 'warn' : 'debug'
      if (isLogged(lineLevel)) log(lineLevel, 'request', factsOf(c, now()))
    })
  })

/** No query string, no body and no header: they may hold content or a key. */
function factsOf(c: Context<AppEnv>, now: number): LogFacts {
  const { observed, caller, request, trace } = c.var as Partial<AppEnv['Variables']>
  return {
    method: c.req.method,
    path: c.req.path,
    status: c.res.status,
    latency_ms: observed && now - observed.startedAt,
    outcome: observed?.outcome,
    tier: observed?.tier || undefined,
    tenant: caller?.payer,
    model: request?.model,
    trace_id: trace?.traceId || undefined,
    error: errorTypeOf(c),
  }
}

/** OpenTelemetry's `error.type`: the code of the gateway's error, or LiteLLM's status. Undefined if it did not. */
export function errorTypeOf(c: Context<AppEnv>): string | undefined {
  const { status } = c.res
  if (status < 400) return c.get('observed').broke
  return gatewayErrorOf(c)?.code ?? `status ${status}`
}

/** The gateway's own error that this response tells; undefined if it tells none. */
export function gatewayErrorOf(c: Context<AppEnv>): GatewayError | undefined {
  if (c.res.status < 400) return undefined
  return c.error instanceof GatewayError ? c.error : c.get('observed').refused
}
