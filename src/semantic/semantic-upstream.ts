import { spentOn } from '../cache/entry.ts'
import type { Entry } from '../cache/entry.ts'
import type { DecisionRecord } from '../ledger/record.ts'
import type { JsonObject } from '../cache/json.ts'
import { twoPlaces } from '../cache/status.ts'
import type { Original } from '../store/store.ts'
import { readWhole } from '../stream/buffered-body.ts'
import type { Memory } from '../stream/memory-budget.ts'
import type { Attributes, LiteLlmCache, UpstreamAnswer } from '../upstream/answer.ts'
import type { AskUpstream, UpstreamCall } from '../upstream/call.ts'
import { semanticNamespace } from './namespace.ts'
import { recordShadow } from './shadow.ts'
import { CALLER_LEFT, JUDGE_UNAVAILABLE } from './verify.ts'
import type { Decision, Verifier } from './verify.ts'

type Mode = 'json' | 'sse'

export interface SemanticOptions {
  /** Finds the entry that an answer was made for; undefined if there is none, or more than one. */
  readonly findOriginal: (wanted: Original) => Promise<Entry | undefined>
  /** Undefined if LiteLLM's similarity alone decides. */
  readonly verifier: Verifier | undefined
  /** Whether hits are only logged and traced, never served. */
  readonly shadow: boolean
  /** Larger hits are not served. */
  readonly limitBytes: number
  readonly memory: Memory
  /** Is told of each hit and what was decided. */
  readonly onDecision: (record: DecisionRecord) => void
  readonly now: () => number
}

/**
 * Adds verified semantic hits to `ask`. Eligible requests use LiteLLM's semantic cache, each in its
 * own namespace. A hit is served only after verification. A refused hit costs one more call, which
 * does not read LiteLLM's cache. Other requests do not use that cache.
 */
export function semanticUpstream(ask: AskUpstream, options: SemanticOptions): AskUpstream {
  const { verifier, shadow, onDecision, now } = options
  return async (call, signal) => {
    const { eligibility, identity, controls, payer } = call.request
    if (!('text' in eligibility)) return ask(call, signal)
    const unavailable = verifier?.unavailable(payer)
    if (unavailable !== undefined) return { ...(await ask(call, signal)), note: unavailable }

    const body = JSON.parse(call.body.text) as JsonObject
    const scope = await semanticNamespace({ ...identity, body }, controls.ttlSeconds, now())
    const cache: LiteLlmCache = {
      namespace: scope,
      ...(controls.store ? {} : { 'no-store': true }),
    }
    const origin = { question: eligibility.text, scope }
    const askModel = async () => ({
      ...(await ask(call, signal, { ...cache, 'no-cache': true })),
      origin,
    })
    if (!controls.read || controls.maxAgeSeconds === 0) return askModel()
    const answer = await ask(call, signal, cache)
    const cacheKey = answer.response.headers.get('x-litellm-cache-key')
    if (cacheKey === null) return { ...answer, origin }

    const hit = await readHit(answer.response, cacheKey, call, scope, signal, options)
    const deciding = decide(hit, eligibility.text, call, signal, options)
    if (shadow) {
      // The verdict decides nothing, so do not wait for it.
      deciding.catch(() => {})
      const compare = async (fresh: string | undefined, mode: Mode) => {
        const text = fresh && call.request.api.answerText?.(fresh, mode)
        const decision = await deciding
        const { facts, agrees } = recordShadow(hit, decision, text)
        onDecision({ ...recordOf(call, decision, now()), shadow, agrees })
        return facts
      }
      try {
        return { ...(await askModel()), note: 'semantic: shadow', compare }
      } catch (error) {
        // There is nothing to compare, but the verdict has its price. It was asked for first.
        const decision = await deciding.catch(() => undefined)
        if (decision !== undefined) {
          onDecision({ ...recordOf(call, decision, now()), shadow, agrees: undefined })
        }
        throw error
      }
    }
    const decision = await deciding
    onDecision(recordOf(call, decision, now()))
    signal.throwIfAborted()
    const told = traceOf(hit, decision, now())
    return decision.refused === undefined
      ? { ...servedFrom(answer.response, hit, decision), ...told }
      : { ...(await askModel()), ...told, note: decision.refused }
  }
}

/** A semantic hit, read completely, and its original. */
interface Hit {
  /** Undefined if it broke off or is too large. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined
  /** The text of the answer. */
  readonly answer: string | undefined
  readonly similarity: number | undefined
  readonly isOurs: boolean
  readonly original: Entry | undefined
  /** When the hit and its original were read, epoch ms. */
  readonly readAt: number
}

async function readHit(
  response: Response,
  cacheKey: string,
  { request: { api, identity, model } }: UpstreamCall,
  scope: string,
  signal: AbortSignal,
  { findOriginal, limitBytes, memory, now }: SemanticOptions,
): Promise<Hit> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  const mode = isStream ? 'sse' : 'json'
  const bytes = await readWhole(response.body, limitBytes, memory)
  signal.throwIfAborted()
  const text = new TextDecoder().decode(bytes)
  const answer = api.answerText?.(text, mode)
  const similarity = similarityOf(response.headers)
  const isOurs = cacheKey.startsWith(`${scope}:`)
  const answerId = isOurs ? api.answerId?.(text, mode) : undefined
  const wanted = answerId && { answerId, tenant: identity.tenant, model, scope }
  const found = wanted ? await findOriginal(wanted) : undefined
  // Providers choose ids and may repeat them, so compare the answer's text, too.
  const isSame =
    found && answer !== undefined && api.answerText?.(found.body, found.mode) === answer
  const original = isSame ? found : undefined
  return { bytes, answer, similarity, isOurs, original, readAt: now() }
}

/** Decides whether a hit may be served. A failure here refuses the hit; the caller never sees it. */
async function decide(
  { bytes, isOurs, original, readAt }: Hit,
  question: string,
  { request: { controls, policy, payer }, apiKey, requestId, traceparent }: UpstreamCall,
  signal: AbortSignal,
  { verifier }: SemanticOptions,
): Promise<Decision> {
  const { maxAgeSeconds } = controls
  if (!isOurs) return { refused: 'semantic: other namespace' }
  if (bytes === undefined) return { refused: 'semantic: hit unreadable' }
  if (original?.question === undefined) {
    // Without verification, the age matters only if the caller limits it.
    const isNeeded = verifier !== undefined || maxAgeSeconds !== undefined
    return { refused: isNeeded ? 'semantic: original unknown' : undefined }
  }
  if (readAt - original.stored_at > (maxAgeSeconds ?? Infinity) * 1000) {
    return { refused: 'semantic: too old' }
  }
  const pair = { a: original.question, b: question }
  const call = { apiKey, requestId, traceparent, signal }
  const { minProbability } = policy
  return verifier?.verify(pair, { payer, minProbability }, call) ?? { refused: undefined }
}

function servedFrom(response: Response, hit: Hit, { same }: Decision): UpstreamAnswer {
  const { bytes, similarity, original } = hit
  const shown = similarity === undefined ? 'unknown' : twoPlaces(similarity)
  const detail = `similarity=${shown}${same === undefined ? '' : `; same=${twoPlaces(same)}`}`
  const cached = {
    similarity,
    same,
    storedAt: original?.stored_at,
    spent: original && spentOn(original),
    detail,
  }
  return { response: new Response(bytes, response), cached }
}

/** A decision for the ledger. Its verdict is one of few, without numbers. */
function recordOf(
  { request: { payer, model } }: UpstreamCall,
  { refused, verdict }: Decision,
  now: number,
): DecisionRecord {
  // The judge was asked, and LiteLLM did not say what that cost.
  const failed = refused === JUDGE_UNAVAILABLE || refused === CALLER_LEFT ? null : undefined
  return {
    at: now,
    tenant: payer,
    model,
    verdict: refused?.replace(/^semantic: /, '').replace(/ \([\d.]+\)$/, '') ?? 'hit',
    shadow: false,
    same: verdict?.same,
    agrees: undefined,
    judgeUsd: verdict === undefined ? failed : verdict.costUsd,
    judgeMs: verdict?.latencyMs,
  }
}

/** The trace attributes of a hit, for the root span and for a span that covers verification. */
function traceOf({ similarity, readAt }: Hit, decision: Decision, now: number) {
  const { refused, same, verdict } = decision
  const facts: Attributes = {
    'semantic.verdict': refused?.replace('semantic: ', '') ?? 'hit',
    ...(similarity === undefined ? {} : { 'semantic.similarity': similarity }),
    ...(same === undefined ? {} : { 'semantic.same': same }),
  }
  const attributes: Attributes = {
    ...facts,
    ...(verdict === undefined ? {} : { 'semantic.judge.latency_ms': verdict.latencyMs }),
    ...(verdict?.costUsd == null ? {} : { 'semantic.judge.cost_usd': verdict.costUsd }),
  }
  const span = { name: 'semantic verification', startedAt: readAt, endedAt: now, attributes }
  return { facts, spans: [span] }
}

function similarityOf(headers: Headers): number | undefined {
  const value = Number.parseFloat(headers.get('x-litellm-semantic-similarity') ?? '')
  return Number.isNaN(value) ? undefined : value
}
