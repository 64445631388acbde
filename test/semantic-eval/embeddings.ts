import * as z from 'zod'
import type { QuestionPair } from '../../src/semantic/judge.ts'
import type { OnProgress } from './progress.ts'

/** LiteLLM's address and a valid key. */
export interface LiteLlm {
  readonly url: string
  readonly apiKey: string
}

const BATCH = 64
/** Enough for a model that has to be loaded first. */
const TIMEOUT_MS = 60_000

const answerShape = z.object({ data: z.array(z.object({ embedding: z.array(z.number()) })) })

/** The cosine of the two embeddings of each pair. Throws one line when LiteLLM does not answer. */
export async function cosines(
  pairs: readonly QuestionPair[],
  model: string,
  litellm: LiteLlm,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<number[]> {
  const texts = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]
  const vectors = new Map<string, readonly number[]>()
  for (let at = 0; at < texts.length; at += BATCH) {
    const batch = texts.slice(at, at + BATCH)
    const embedded = await embed(batch, model, litellm, signal)
    for (const [place, text] of batch.entries()) vectors.set(text, embedded[place]!)
    onProgress(vectors.size, texts.length)
  }
  return pairs.map(({ a, b }) => cosine(vectors.get(a)!, vectors.get(b)!))
}

async function embed(
  input: readonly string[],
  model: string,
  { url, apiKey }: LiteLlm,
  signal: AbortSignal,
): Promise<number[][]> {
  const response = await fetch(`${url}/v1/embeddings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    // These texts must not enter LiteLLM's cache.
    body: JSON.stringify({ model, input, cache: { 'no-cache': true, 'no-store': true } }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch((error: unknown) => {
    signal.throwIfAborted()
    throw new Error(`LiteLLM does not answer at ${url}.`, { cause: error })
  })
  if (!response.ok) {
    throw new Error(`LiteLLM answered ${response.status} for embeddings by ${model}.`)
  }
  const { data } = answerShape.parse(await response.json())
  if (data.length !== input.length) throw new Error(`${model} left out some embeddings.`)
  return data.map(({ embedding }) => embedding)
}

function cosine(one: readonly number[], other: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + value * b[at]!, 0)
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other))
}
