import type { Context } from 'hono'
import type { Embeddings } from '../apis/embeddings/answer.ts'
import { storedText } from '../apis/embeddings/answer.ts'
import type { ParsedRequest } from '../apis/request.ts'
import { identified } from '../cache/admission.ts'
import type { Entry } from '../cache/entry.ts'
import type { AppEnv } from '../env.ts'
import type { Store } from '../store/store.ts'
import { warn } from '../telemetry/log.ts'
import type { BatchInput } from './batch-lookup.ts'

export interface BatchEntriesOptions {
  readonly store: Store
  readonly now: () => number
}

/**
 * Stores each vector of an answer in the entry of its input, in one call to Qdrant. `inputs` are those
 * of the answer, in its order. LiteLLM was asked `askedAt`, epoch ms. A failure is only logged.
 */
export async function storeBatch(
  c: Context<AppEnv>,
  inputs: readonly BatchInput[],
  answer: Embeddings,
  askedAt: number,
  { store, now }: BatchEntriesOptions,
): Promise<void> {
  const { request, trace, collapsed } = c.var
  // The request that the call was made for stores the answer.
  if (!request.controls.store || collapsed) return
  const span = trace.child('cache store', 'client')
  try {
    await store.setMany(entriesOf(request, inputs, answer, askedAt, now()))
    trace.end(span)
  } catch (error) {
    trace.end(span, error)
    warn('entry not stored', error)
  }
}

function entriesOf(
  request: ParsedRequest,
  inputs: readonly BatchInput[],
  { envelope, items }: Embeddings,
  askedAt: number,
  now: number,
): ReadonlyMap<string, Entry> {
  // Usage and cost are those of the batch. What one input's share of them was, nobody says.
  const { usage: _, ...rest } = envelope
  const entry = {
    stored_at: now,
    expires_at: now + request.controls.ttlSeconds * 1000,
    status: 200,
    content_type: 'application/json',
    mode: 'json',
    usage: null,
    cost_usd: null,
    latency_ms: now - askedAt,
    source: 'llm',
    created: null,
  } as const
  return new Map(
    inputs.map(({ key }, at) => [
      key.id,
      { ...identified(request, key), ...entry, body: storedText(rest, items[at]!) },
    ]),
  )
}
