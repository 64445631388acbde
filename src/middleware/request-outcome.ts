import type { Context } from 'hono'
import type { AppEnv } from '../env.ts'
import { GatewayError } from '../errors.ts'

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
