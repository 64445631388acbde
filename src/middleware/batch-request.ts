import type { Context } from 'hono'
import { keyBodyOf } from '../apis/embeddings/key.ts'
import type { ParsedRequest } from '../apis/request.ts'
import { canonicalRequest } from '../cache/canonical.ts'
import type { JsonObject } from '../cache/json.ts'
import { keyOf } from '../cache/key.ts'
import type { Forward, Forwarding } from '../cache/status.ts'
import type { AppEnv } from '../env.ts'
import type { Holding } from '../stream/memory-budget.ts'
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

/** A request that LiteLLM may still be asked, as text: parsed, it would take several times as much. */
interface WholeRequest {
  readonly request: ParsedRequest
  readonly body: string
}

/**
 * Looks a batch up, and narrows the request to the inputs that LiteLLM must be asked for. What it keeps
 * counts in `held`.
 */
export async function begin(
  c: Context<AppEnv>,
  held: Holding,
  options: LookupOptions,
): Promise<BegunBatch> {
  const { request, body, trace } = c.var
  if (body === undefined || !('value' in body)) throw new Error('A batch has a parsed body.')
  const { batch, part } = await lookUpBatch(request, body.value, trace, held, options)
  if (batch.missing.length === 0) return { batch, whole: undefined }
  c.set('forward', forwarding(request, batch))
  const all = { ...request, parts: batch.inputs.map(({ key }) => key) }
  if (part === undefined) {
    c.set('request', all)
    return { batch, whole: undefined }
  }
  const text = JSON.stringify(body.value)
  held.take(text.length)
  c.set('request', await partOf(request, part, batch))
  const { model = null, input = null } = part
  c.set('body', {
    held: body.held,
    value: part,
    valueBytes: body.valueBytes,
    summary: { model, inputs: batch.inputs.length, input },
  })
  return { batch, whole: { request: all, body: text } }
}

/** Goes back to what the caller asked for. */
export function restore(c: Context<AppEnv>, { request, body }: WholeRequest, held: Holding): void {
  c.set('request', request)
  c.set('body', { held, value: JSON.parse(body) as JsonObject, valueBytes: 0 })
}

/** The request for a part, as if it were the caller's: identical parts share a call. */
async function partOf(
  request: ParsedRequest,
  part: JsonObject,
  { missing }: Batch,
): Promise<ParsedRequest> {
  const canonical = canonicalRequest({ ...request.identity, body: keyBodyOf(part) })
  const expected = { ...request.expected, count: missing.length }
  const parts = missing.map(({ key }) => key)
  return { ...request, key: await keyOf(canonical), expected, parts }
}

function forwarding({ controls }: ParsedRequest, batch: Batch): Forwarding {
  const { failure, lookedUpAt, lookupMs } = batch
  const times = { lookedUpAt, lookupMs }
  if (!controls.read) return { fwd: 'request', outcome: 'refresh', ...times }
  return { fwd: reasonFor(batch), outcome: 'miss', detail: failure ?? shareKnown(batch), ...times }
}

/** Why the missing inputs are asked for, if it is the same for all (RFC 9211, 2.2). */
function reasonFor({ missing }: Batch): Forward {
  const reasons = new Set(missing.map(({ known }) => known?.refused))
  if (reasons.has(undefined)) return 'uri-miss'
  return reasons.has('expired') ? 'stale' : 'request'
}
