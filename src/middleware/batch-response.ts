import type { Context } from 'hono'
import { itemOf, NO_USAGE } from '../apis/embeddings/answer.ts'
import type { Embeddings, EmbeddingItem } from '../apis/embeddings/answer.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { statusHeaders } from '../cache/status.ts'
import type { CacheMember, Outcome } from '../cache/status.ts'
import type { AppEnv, Failure } from '../env.ts'
import type { Holding } from '../stream/memory-budget.ts'
import { savingsOf } from '../ledger/savings.ts'
import { shownOf } from '../routes/upstream-call.ts'
import type { Batch, BatchInput } from './batch-lookup.ts'

/** How many of the inputs were known, for `Cache-Status`. */
export function shareKnown({ inputs }: Batch): string {
  const known = inputs.filter(({ known }) => known?.serves === 'now')
  return `${known.length}/${inputs.length}`
}

/** Why a batch was a miss. Its inputs are not compared with earlier ones. */
export function explainedBatch(batch: Batch): string {
  return batch.failure ?? `${shareKnown(batch)} inputs are in the cache, each on its own`
}

/** Whether every input has an entry that may be served now that LiteLLM has failed. */
export function isServable({ inputs }: Batch): boolean {
  return inputs.every(({ known }) => known !== undefined)
}

/**
 * The answer to a batch from its entries alone, as old as the oldest of them. With a `failure`, it
 * replaces LiteLLM's answer. Every input must be known. Closes `held` when it is sent.
 */
export function batchResponse(
  c: Context<AppEnv>,
  batch: Batch,
  held: Holding,
  failure?: Failure,
): Response {
  const { request, body, trace, observed } = c.var
  const known = batch.inputs.flatMap(({ known }) => known ?? [])
  const ttl = Math.min(...known.map(({ ttlSeconds }) => ttlSeconds))
  const outcome: Outcome = ttl < 0 ? 'stale' : 'exact-hit'
  if (body !== undefined) trace.showInput(() => shownOf(body))
  const model = known[0]?.model ?? request.model
  trace.showOutput(() => ({ model, vectors: known.length, usage: NO_USAGE }))
  observed.outcome = outcome
  // The entries of a batch have neither usage nor cost.
  observed.saved = outcome === 'stale' || failure ? undefined : savingsOf(undefined, undefined)
  const member: CacheMember = {
    cache: 'edge',
    // A forwarded request that failed is no hit (RFC 9211, 2.1).
    ...(failure === undefined
      ? { hit: true }
      : { fwd: c.var.forward.fwd, fwdStatus: failure.status }),
    ttlSeconds: ttl,
    detail: [shareKnown(batch), failure?.why].filter((part) => part !== undefined).join('; '),
  }
  const headers = {
    'content-type': 'application/json',
    age: String(Math.max(...known.map(({ ageSeconds }) => ageSeconds))),
    ...statusHeaders(outcome, undefined, [member], {
      cache: batch.lookupMs,
      ...(failure === undefined ? {} : { upstream: failure.afterMs }),
    }),
  }
  const items = itemsOf(batch.inputs, new Map(), request.expected.base64)
  return c.body(listOf({ object: 'list', model }, items, NO_USAGE, held), 200, headers)
}

/** LiteLLM's answer to the missing inputs, with the known ones. Closes `held` when it is sent. */
export function mergedResponse(
  c: Context<AppEnv>,
  { inputs, missing }: Batch,
  answer: Response,
  { envelope, items }: Embeddings,
  base64: boolean | undefined,
  held: Holding,
): Response {
  const { usage = NO_USAGE, ...rest } = envelope
  const fresh = new Map(missing.map((input, at) => [input, items[at]!]))
  const { model = null } = rest
  c.var.trace.showOutput(() => ({ model, vectors: inputs.length, usage }))
  const body = listOf(rest, itemsOf(inputs, fresh, base64), usage, held)
  return new Response(body, { status: answer.status, headers: answer.headers })
}

/** The items of an answer, made one by one as they are sent. */
function* itemsOf(
  inputs: readonly BatchInput[],
  fresh: ReadonlyMap<BatchInput, EmbeddingItem>,
  base64 = false,
): Generator<JsonObject> {
  for (const [index, input] of inputs.entries()) {
    const item = fresh.get(input) ?? input.known
    const made = item && itemOf(item, index, base64)
    if (made === undefined) throw new Error('A vector of a batch is missing.')
    yield made
  }
}

/** About this many characters are sent at once. */
const CHUNK_LENGTH = 65_536

/** The text of an answer as a stream: as a whole, it may be several times as large as its vectors. */
function listOf(
  envelope: JsonObject,
  items: Iterator<JsonObject>,
  usage: Json,
  held: Holding,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let text = `${JSON.stringify({ ...envelope, data: [] }).slice(0, -2)}`
  let separator = ''
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      while (text.length < CHUNK_LENGTH) {
        const { value, done } = items.next()
        if (done) {
          controller.enqueue(encoder.encode(`${text}],"usage":${JSON.stringify(usage)}}`))
          held.close()
          return controller.close()
        }
        text += separator + JSON.stringify(value)
        separator = ','
      }
      controller.enqueue(encoder.encode(text))
      text = ''
    },
    cancel: () => held.close(),
  })
}
