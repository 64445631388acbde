import * as z from 'zod'
import { responseCost } from './headers.ts'
import type { Upstream } from './litellm.ts'
import { withTimeout } from '../stream/timeout.ts'

/** A decision model behind LiteLLM. */
export interface DecisionModelOptions {
  readonly upstream: Upstream
  readonly model: string
  readonly timeoutMs: number
  readonly now: () => number
}

/** The key that pays for a decision, and the request that it belongs to. */
export interface DecisionCall {
  readonly apiKey: string
  readonly requestId: string
  readonly traceparent?: string | undefined
  readonly signal: AbortSignal
}

/** A probability, 0 … 1, for each predicate. */
export interface Decision<Name extends string> {
  readonly probabilities: Readonly<Record<Name, number>>
  readonly latencyMs: number
  /** In USD, as LiteLLM reports it; null if it does not. */
  readonly costUsd: number | null
}

/** Thrown if there is no usable decision: late, refused or malformed. */
export class DecisionUnavailable extends Error {
  override readonly name = 'DecisionUnavailable'
  /** LiteLLM's status, if it answered. */
  readonly status: number | undefined
  constructor(message: string, status?: number) {
    super(message)
    this.status = status
  }
}

/** Only the members that a verdict depends on. */
const answerShape = z.looseObject({
  answers: z.array(
    z.looseObject({ name: z.unknown().optional(), probability: z.unknown().optional() }),
  ),
})

/**
 * Asks a decision model once whether predicates apply to a text: `POST /v1/decisions` (OpenAI's
 * Decisions format). Rejects with `DecisionUnavailable`, or the signal's reason if the caller has
 * left.
 */
export async function decide<Name extends string>(
  input: string,
  predicates: Readonly<Record<Name, string>>,
  { signal, traceparent, ...call }: DecisionCall,
  { upstream, model, timeoutMs, now }: DecisionModelOptions,
): Promise<Decision<Name>> {
  const names = Object.keys(predicates) as Name[]
  const questions = names.map((name) => ({
    type: 'predicate',
    name,
    instructions: predicates[name],
  }))
  const startedAt = now()
  const ask = async (late: AbortSignal): Promise<Decision<Name>> => {
    const response = await upstream.ask({
      method: 'POST',
      path: '/v1/decisions',
      headers: new Headers({ 'content-type': 'application/json' }),
      body: JSON.stringify({ model, input, questions }),
      ...call,
      ...(traceparent === undefined ? {} : { traceparent }),
      signal: AbortSignal.any([signal, late]),
    })
    if (response.status !== 200) {
      response.body?.cancel().catch(() => {})
      throw new DecisionUnavailable(`LiteLLM answered ${response.status}`, response.status)
    }
    const probabilities = readProbabilities(names, await response.json())
    return { probabilities, latencyMs: now() - startedAt, costUsd: responseCost(response.headers) }
  }
  try {
    return await withTimeout(timeoutMs, ask)
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof DecisionUnavailable ? error : new DecisionUnavailable(reasonOf(error))
  }
}

/** A `SyntaxError` quotes the text that it could not parse, which may quote a prompt. */
const reasonOf = (error: unknown) => (error instanceof SyntaxError ? 'not JSON' : String(error))

/** Each name must appear once, with a finite number in 0 … 1. Anything else is no decision. */
function readProbabilities<Name extends string>(names: readonly Name[], answer: unknown) {
  const answers = answerShape.safeParse(answer).data?.answers ?? []
  const read = names.map((name) => {
    const [only, ...more] = answers.filter((one) => one.name === name)
    const probability = only?.probability
    const isValid = typeof probability === 'number' && probability >= 0 && probability <= 1
    if (!isValid || more.length > 0) throw new DecisionUnavailable(`no valid answer to ${name}`)
    return [name, probability] as const
  })
  return Object.fromEntries(read) as Record<Name, number>
}
