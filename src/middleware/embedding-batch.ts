import type { Context, Handler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { isConvertible, readEmbeddings } from '../apis/embeddings/answer.ts'
import type { Embeddings } from '../apis/embeddings/answer.ts'
import { tryParse } from '../cache/parse-json.ts'
import type { AppEnv } from '../env.ts'
import { errorResponse, GatewayError } from '../errors.ts'
import { readUpTo } from '../stream/buffered-body.ts'
import type { Holding, MemoryBudget } from '../stream/memory-budget.ts'
import { LARGEST_BATCH_BYTES } from '../upstream/answer.ts'
import { areOfOneModel } from './batch-lookup.ts'
import type { Batch } from './batch-lookup.ts'
import { begin, restore } from './batch-request.ts'
import type { BegunBatch } from './batch-request.ts'
import { batchResponse, explainedBatch, isServable, mergedResponse } from './batch-response.ts'
import { notInCache } from './cache-lookup.ts'
import type { LookupOptions } from './lookup.ts'

export interface EmbeddingBatchOptions extends LookupOptions {
  readonly memory: MemoryBudget
  /** Asks LiteLLM. */
  readonly proxy: Handler<AppEnv>
}

/** LiteLLM's statuses that may be about one input, by its number in the list. */
const ABOUT_AN_INPUT: ReadonlySet<number> = new Set([400, 413, 422])

/**
 * Answers a request for several embeddings from the entries of its inputs, and asks LiteLLM for the
 * others only, for equal ones once. If LiteLLM's answer to a part cannot be merged, it is asked for the
 * whole, and its answer is passed on as it is.
 */
export const embeddingBatch = (options: EmbeddingBatchOptions) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const { request, caller } = c.var
    const { controls, key, expected } = request
    const isSplit = key !== undefined && expected.separable === true && expected.count > 1
    if (!isSplit || !(controls.read || controls.store)) return next()
    const held = options.memory.holdingOf(caller.id, c.req.raw)
    const ask = async () => (await options.proxy(c, next)) as Response
    try {
      const begun = await begin(c, held, options)
      const { batch, whole } = begun
      if (batch.missing.length === 0) return batchResponse(c, batch, held)
      if (c.var.explain) c.set('explanation', Promise.resolve(explainedBatch(batch)))
      if (controls.onlyIfCached) {
        held.close()
        return notInCache(c, undefined, batch.lookupMs)
      }
      const answered = await (whole === undefined
        ? ask().then(unmerged)
        : askForPart(c, begun, ask, held, options))
      if (answered.isMerged) return answered.response
      return answerOrStale(c, answered.response, batch, held, options)
    } catch (error) {
      held.close()
      throw error
    }
  })

interface Answered {
  readonly response: Response
  /** Whether it has known vectors in it. Otherwise it is LiteLLM's, or an error. */
  readonly isMerged: boolean
}

const unmerged = (response: Response): Answered => ({ response, isMerged: false })

/** Asks LiteLLM for the missing inputs, and merges its answer with the known ones. */
async function askForPart(
  c: Context<AppEnv>,
  { batch, whole }: BegunBatch,
  ask: () => Promise<Response>,
  held: Holding,
  options: EmbeddingBatchOptions,
): Promise<Answered> {
  const { expected } = c.var.request
  const first = await ask()
  const { status } = first
  if (c.var.failure !== undefined || whole === undefined) return unmerged(first)
  if (status !== 200 && !ABOUT_AN_INPUT.has(status)) return unmerged(first)
  const read = status === 200 ? await readAnswer(c, first, batch, held, options) : undefined
  if (read instanceof Response) return unmerged(read)
  if (read !== undefined) {
    const response = mergedResponse(c, batch, first, read, expected.base64, held)
    return { response, isMerged: true }
  }
  first.body?.cancel().catch(() => {})
  restore(c, whole, held)
  return unmerged(await ask())
}

/** The answer, or a stale one if LiteLLM has failed and every input has one (RFC 5861, 4). */
function answerOrStale(
  c: Context<AppEnv>,
  answer: Response,
  batch: Batch,
  held: Holding,
  { now }: EmbeddingBatchOptions,
): Response {
  const { failure, request } = c.var
  const isStale = failure !== undefined && isServable(batch) && now() < request.tenantUntil
  if (!isStale) {
    held.close()
    return answer
  }
  answer.body?.cancel().catch(() => {}) // its errors no longer matter
  failure.leave?.()
  return batchResponse(c, batch, held, failure)
}

/**
 * The vectors of LiteLLM's answer to the missing inputs. Undefined if they cannot be merged with the
 * known ones; an error response if the answer breaks off.
 */
async function readAnswer(
  c: Context<AppEnv>,
  { body }: Response,
  { inputs, missing }: Batch,
  held: Holding,
  { now }: EmbeddingBatchOptions,
): Promise<Embeddings | Response | undefined> {
  const startedAt = now()
  let taken: Awaited<ReturnType<typeof readUpTo>>
  try {
    // It is read even if memory is short: another call would take more.
    taken = await readUpTo(body, LARGEST_BATCH_BYTES)
  } catch (error) {
    // A stream from the coalescing object loses the reason.
    const isKnown = error instanceof GatewayError
    const known = isKnown ? error : new GatewayError('upstream_unreachable', 'LiteLLM broke off.')
    c.set('failure', { why: known.code, status: known.status, afterMs: now() - startedAt })
    c.var.observed.refused = known
    return errorResponse(known, c.var.request.api.errorShape)
  }
  if ('stream' in taken) {
    taken.stream.cancel().catch(() => {})
    return undefined
  }
  held.take(taken.whole.length)
  const answer = tryParse(new TextDecoder().decode(taken.whole)) ?? null
  // Whether the vectors have the requested length is the provider's business here.
  const read = readEmbeddings(answer, { count: missing.length })
  if (typeof read === 'string' || !isConvertible(read)) return undefined
  const { dimensions, envelope } = read
  const known = inputs.flatMap(({ known }) => (known?.serves === 'now' ? known : []))
  return areOfOneModel([...known, { dimensions, model: envelope['model'] ?? null }])
    ? read
    : undefined
}
