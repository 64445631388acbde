import type { Context } from 'hono'
import type { Forwarding } from '../cache/status.ts'
import type { AppEnv } from '../env.ts'
import { GatewayError } from '../errors.ts'
import type { LedgerOutcome } from '../ledger/record.ts'

/** As nginx counts callers who leave before they have an answer. */
const CLIENT_CLOSED_REQUEST = 499

/** The status of the response; 499 if the caller left before there was one, so that nobody got it. */
export function statusOf(c: Context<AppEnv>): number {
  const isOwn = c.error === undefined || c.error instanceof GatewayError
  return !isOwn && c.req.raw.signal.aborted ? CLIENT_CLOSED_REQUEST : c.res.status
}

/**
 * How the request was answered; `rejected` if it was refused before any cache was asked. A request
 * whose caller left before there was an answer has the outcome that it was forwarded for.
 */
export function outcomeOf(c: Context<AppEnv>): LedgerOutcome {
  const forward = c.get('forward') as Forwarding | undefined
  return c.get('observed').outcome ?? forward?.outcome ?? 'rejected'
}

/** OpenTelemetry's `error.type`: the code of the gateway's error, or the status. Undefined if all went well. */
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
