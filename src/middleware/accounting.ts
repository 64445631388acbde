import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Api } from '../apis/api.ts'
import type { ParsedRequest } from '../apis/request.ts'
import type { Caller } from '../auth/caller.ts'
import type { AppEnv } from '../env.ts'
import type { RequestRecord } from '../ledger/record.ts'
import type { Recorder } from '../ledger/recorder.ts'
import { errorTypeOf, outcomeOf, statusOf } from './request-outcome.ts'

export interface AccountingOptions {
  readonly recorder: Recorder
  readonly now: () => number
}

/** Counts each request to this API in the ledger, refused ones included, after the last byte. */
export const accounting = (api: Api, { recorder, now }: AccountingOptions) =>
  createMiddleware<AppEnv>(async (c, next) => {
    await next()
    const observed = c.get('observed')
    const latencyMs = now() - observed.startedAt
    const enter = () => {
      recorder.request(recordOf(c, api, latencyMs))
      return recorder.flush()
    }
    const sending = observed.settled === undefined ? enter() : observed.settled.then(enter)
    if (sending !== undefined) c.executionCtx.waitUntil(sending)
  })

function recordOf(c: Context<AppEnv>, api: Api, latencyMs: number): RequestRecord {
  const observed = c.get('observed')
  // Undefined if the request was refused before they were known.
  const request = c.get('request') as ParsedRequest | undefined
  const caller = c.get('caller') as Caller | undefined
  return {
    at: observed.startedAt,
    requestId: c.get('requestId'),
    tenant: caller?.payer ?? '',
    model: request?.model ?? '',
    api: api.path,
    outcome: outcomeOf(c),
    tier: observed.tier ?? '',
    // A stream that broke off has failed, whatever its status line said.
    status: observed.broke === undefined ? statusOf(c) : 502,
    error: errorTypeOf(c),
    latencyMs,
    saved: observed.saved,
  }
}
