import type { Context } from 'hono'
import { keyBodyOf } from '../apis/embeddings/key.ts'
import type { ParsedRequest } from '../apis/request.ts'
import { canonicalRequest } from '../cache/canonical.ts'
import type { JsonObject } from '../cache/json.ts'
import { keyOf } from '../cache/key.ts'
import type { Forwarding } from '../cache/status.ts'
import type { AppEnv, RequestBody } from '../env.ts'
import { lookUpBatch } from './batch-lookup.ts'
import type { Batch } from './batch-lookup.ts'
import { shareKnown } from './batch-response.ts'
import type { LookupOptions } from './lookup.ts'

/** A batch that was looked up. */
export interface BegunBatch {
  readonly batch: Batch
  /** What the caller asked for, if LiteLLM is asked for a part of it. */
  readonly whole: WholeRequest | undefined
}

/** A request that LiteLLM may still be asked. Nothing else keeps its body alive. */
export interface WholeRequest {
  readonly request: ParsedRequest
  readonly body: RequestBody
}

/** Looks a batch up, and narrows the request to the inputs that LiteLLM must be asked for. */
export async function begin(c: Context<AppEnv>, options: LookupOptions): Promise<BegunBatch> {
  const { request, body, trace } = c.var
  if (body === undefined || !('value' in body)) throw new Error('A batch has a parsed body.')
  const { batch, part } = await lookUpBatch(request, body.value, trace, options)
  if (batch.missing.length === 0) return { batch, whole: undefined }
  c.set('forward', forwarding(request, batch))
  const whole = { ...request, perInput: true }
  if (part === undefined) {
    c.set('request', whole)
    return { batch, whole: undefined }
  }
  c.set('request', await partOf(whole, part, batch))
  c.set('body', { held: body.held, value: part, valueBytes: body.valueBytes })
  return { batch, whole: { request: whole, body } }
}

/** The request for a part, as if it were the caller's: identical parts share a call. */
async function partOf(
  request: ParsedRequest,
  part: JsonObject,
  { missing }: Batch,
): Promise<ParsedRequest> {
  const canonical = canonicalRequest({ ...request.identity, body: keyBodyOf(part) })
  const expected = { ...request.expected, count: missing.length }
  return { ...request, key: await keyOf(canonical), expected }
}

function forwarding({ controls }: ParsedRequest, batch: Batch): Forwarding {
  const { failure, lookedUpAt, lookupMs } = batch
  const times = { lookedUpAt, lookupMs }
  if (!controls.read) return { fwd: 'request', outcome: 'refresh', ...times }
  return { fwd: 'uri-miss', outcome: 'miss', detail: failure ?? shareKnown(batch), ...times }
}
