import type { Context, Handler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { readEmbeddings } from '../apis/embeddings/answer.ts'
import type { Embeddings } from '../apis/embeddings/answer.ts'
import type { Expected } from '../cache/admission.ts'
import { tryParse } from '../cache/parse-json.ts'
import type { AppEnv } from '../env.ts'
import { readUpTo } from '../stream/buffered-body.ts'
import type { Holding, MemoryBudget } from '../stream/memory-budget.ts'
import { record } from '../stream/record.ts'
import { storeBatch } from './batch-entries.ts'
import type { Batch, BatchInput } from './batch-lookup.ts'
import { begin } from './batch-request.ts'
import type { WholeRequest } from './batch-request.ts'
import { batchResponse, isServable, mergedResponse } from './batch-response.ts'
import { notInCache } from './cache-lookup.ts'
import type { LookupOptions } from './lookup.ts'

export interface EmbeddingBatchOptions extends LookupOptions {
  readonly memory: MemoryBudget
  /** Asks LiteLLM. */
  readonly proxy: Handler<AppEnv>
}

/** A larger answer is passed on, and not stored. It may hold half of the memory of an isolate. */
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024

/** LiteLLM's statuses that may be about one input, by its number in the list. */
const ABOUT_AN_INPUT: ReadonlySet<number> = new Set([400, 413, 422])

/** An answer, and what it says about which inputs once it is complete. */
interface Answered {
  readonly response: Response
  readonly inputs?: readonly BatchInput[]
  readonly read?: Promise<Embeddings | undefined>
}

/**
 * Answers a request for several embeddings from the entries of its inputs, and asks LiteLLM for the
 * others only, for equal ones once. If LiteLLM's answer to a part cannot be merged, it is asked for the
 * whole, and its answer is passed on as it is.
 */
export const embeddingBatch = (options: EmbeddingBatchOptions) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const { request, caller } = c.var
    const { controls, key, expected } = request
    if (key === undefined || expected.count < 2 || !(controls.read || controls.store)) return next()
    const { batch, whole } = await begin(c, options)
    if (batch.missing.length === 0) return batchResponse(c, batch, options.now())
    if (controls.onlyIfCached) return notInCache(c, undefined, batch.lookupMs)
    const held = options.memory.holdingOf(caller.id, c.req.raw)
    const ask = async () => (await options.proxy(c, next)) as Response
    const askedAt = options.now()
    let answered: Answered
    try {
      answered = await answer(c, batch, whole, ask, held, options)
    } catch (error) {
      held.close()
      throw error
    }
    const { inputs = [], read } = answered
    const stored = Promise.resolve(read)
      .then((vectors) => vectors && storeBatch(c, inputs, vectors, askedAt, options))
      .finally(() => held.close())
    c.var.trace.waitFor(stored)
    c.executionCtx.waitUntil(stored)
    return answered.response
  })

async function answer(
  c: Context<AppEnv>,
  { inputs, missing, ...batch }: Batch,
  whole: WholeRequest | undefined,
  ask: () => Promise<Response>,
  held: Holding,
  { now }: EmbeddingBatchOptions,
): Promise<Answered> {
  const { expected } = c.var.request
  const first = await ask()
  const { failure } = c.var
  if (failure !== undefined) {
    const known = { inputs, missing, ...batch }
    if (!isServable(known) || now() >= c.var.request.tenantUntil) return { response: first }
    first.body?.cancel().catch(() => {}) // its errors no longer matter
    failure.leave?.()
    return { response: batchResponse(c, known, now(), failure) }
  }
  if (whole === undefined) return passOn(first, inputs, expected, held)
  const read = first.status === 200 ? await readAnswer(first, expected, held) : undefined
  if (read !== undefined && isOfOneKind(read, inputs)) {
    const response = mergedResponse({ inputs, missing, ...batch }, first, read, expected.base64)
    return { response, inputs: missing, read: Promise.resolve(read) }
  }
  if (first.status !== 200 && !ABOUT_AN_INPUT.has(first.status)) return { response: first }
  first.body?.cancel().catch(() => {})
  c.set('body', whole.body)
  c.set('request', whole.request)
  return passOn(await ask(), inputs, whole.request.expected, held)
}

/** Passes a complete answer on as it is, and reads it as it passes. */
function passOn(
  response: Response,
  inputs: readonly BatchInput[],
  expected: Expected,
  held: Holding,
): Answered {
  if (response.status !== 200 || response.body === null) return { response }
  const { stream, recording } = record(response.body, LARGEST_ANSWER_BYTES, held)
  const read = recording.then((kept) =>
    kept.outcome === 'whole' ? readBytes(kept.bytes, expected) : undefined,
  )
  return { response: new Response(stream, response), inputs, read }
}

/** Reads an answer completely; undefined if it is incomplete, malformed or too large. */
async function readAnswer(
  { body }: Response,
  expected: Expected,
  held: Holding,
): Promise<Embeddings | undefined> {
  const taken = await readUpTo(body, LARGEST_ANSWER_BYTES, held)
  if ('whole' in taken) return readBytes(taken.whole, expected)
  taken.stream.cancel().catch(() => {})
  return undefined
}

function readBytes(bytes: Uint8Array, expected: Expected): Embeddings | undefined {
  const answer = tryParse(new TextDecoder().decode(bytes))
  const read = answer === undefined ? '' : readEmbeddings(answer, expected)
  return typeof read === 'string' ? undefined : read
}

/** Vectors of different lengths are of different models. */
function isOfOneKind({ dimensions }: Embeddings, inputs: readonly BatchInput[]): boolean {
  return inputs.every(({ known }) => known === undefined || known.dimensions === dimensions)
}
