import type { Identity } from '../cache/canonical.ts'
import type { Controls } from '../cache/controls.ts'
import type { Entry } from '../cache/entry.ts'
import { twoPlaces } from '../cache/status.ts'
import type { Original } from '../store/store.ts'
import type { Memory } from '../stream/memory-budget.ts'
import { peekEvent, peekWhole } from '../stream/peek.ts'
import type { Peeked } from '../stream/peek.ts'
import type { AskUpstream, Facts, LiteLlmCache, UpstreamAnswer } from '../upstream/answer.ts'
import type { Eligibility } from './eligibility.ts'
import { semanticNamespace } from './namespace.ts'
import { recordShadow } from './shadow.ts'
import type { Verified, Verifier } from './verify.ts'

type Mode = 'json' | 'sse'

/** What the semantic layer has to know of a call. */
export interface SemanticCall {
  readonly question: {
    readonly identity: Identity
    readonly model: string
    readonly controls: Controls
    readonly eligibility: Eligibility
    readonly api: {
      answerId?(text: string, mode: Mode): string | undefined
      answerText?(text: string, mode: Mode): string | undefined
    }
  }
  readonly apiKey: string
  readonly requestId: string
  readonly traceparent?: string | undefined
}

export interface SemanticOptions {
  /** Finds the entry that an answer was made for: undefined where there is none, or more than one. */
  readonly findOriginal: (wanted: Original) => Promise<Entry | undefined>
  /** Undefined where LiteLLM's similarity alone decides. */
  readonly verifier: Verifier | undefined
  /** Whether hits are only looked at, and never served. */
  readonly shadow: boolean
  /** How much of a hit is read to find out what it is. */
  readonly limitBytes: number
  readonly memory: Memory
  readonly now: () => number
}

/**
 * LiteLLM with its semantic cache made safe: eligible requests take part in it, each within its own
 * namespace, and a hit is served only once it is verified. A hit that is refused costs one more call,
 * which does not read LiteLLM's cache. Every other request takes no part.
 */
export function semanticUpstream<Call extends SemanticCall>(
  ask: AskUpstream<Call>,
  options: SemanticOptions,
): AskUpstream<Call> {
  const { verifier, shadow, now } = options
  return async (call, signal) => {
    const { eligibility, identity, controls } = call.question
    if (!('text' in eligibility)) return ask(call, signal)
    const unavailable = verifier?.unavailable(identity.tenant)
    if (unavailable !== undefined) return { ...(await ask(call, signal)), note: unavailable }

    const scope = await semanticNamespace(identity, controls.ttlSeconds, now())
    const cache: LiteLlmCache = {
      namespace: scope,
      ...(controls.store ? {} : { 'no-store': true }),
    }
    const origin = { question: eligibility.text, scope }
    const askModel = () => ask(call, signal, { ...cache, 'no-cache': true })
    if (!controls.read || controls.maxAgeSeconds === 0) return { ...(await askModel()), origin }
    const answer = await ask(call, signal, cache)
    const cacheKey = answer.response.headers.get('x-litellm-cache-key')
    if (cacheKey === null) return { ...answer, origin }

    const isOurs = cacheKey.startsWith(`${scope}:`)
    const hit = await readHit(answer.response, isOurs, call, scope, signal, options)
    const decision = isOurs ? await decide(hit, call, signal, options) : OTHER_NAMESPACE
    const told = traceOf(hit, decision, now())
    if (decision.refused === undefined && !shadow) return { ...servedFrom(hit, decision), ...told }
    await hit.cancel()
    const fresh = { ...(await askModel()), ...told, origin }
    if (!shadow) return { ...fresh, note: decision.refused }
    const note = `semantic: shadow ${verdictOf(decision)}`
    return { ...fresh, note, compare: comparison(hit, decision, call) }
  }
}

/** A hit by meaning, its body held until it is served or cancelled. */
interface Hit extends Peeked {
  readonly response: Response
  readonly mode: Mode
  readonly similarity: number | undefined
  readonly original: Entry | undefined
  /** When all of this was known, epoch ms. */
  readonly readAt: number
}

const OTHER_NAMESPACE: Verified = { refused: 'semantic: other namespace' }

/** Reads as much of a hit as tells which answer it is, and finds the entry that it was made for. */
async function readHit(
  response: Response,
  isOurs: boolean,
  { question: { api, identity, model } }: SemanticCall,
  scope: string,
  signal: AbortSignal,
  { findOriginal, shadow, limitBytes, memory, now }: SemanticOptions,
): Promise<Hit> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  const mode = isStream ? 'sse' : 'json'
  const idIn = (text: string) => (isOurs ? api.answerId?.(text, mode) : undefined)
  const isNamed = (event: string) => idIn(event) !== undefined
  const peeking =
    isStream && !shadow
      ? peekEvent(response.body, limitBytes, isNamed, memory)
      : peekWhole(response.body, limitBytes, memory)
  const peeked = await peeking.catch((): Peeked => {
    // What breaks off here is a hit that can't be used; the caller waits for an answer.
    signal.throwIfAborted()
    return { text: '', stream: () => new Response('').body!, cancel: async () => {} }
  })
  const answerId = idIn(peeked.text)
  const original =
    answerId === undefined
      ? undefined
      : await findOriginal({ answerId, tenant: identity.tenant, model, scope })
  const similarity = similarityOf(response.headers)
  return { ...peeked, response, mode, similarity, original, readAt: now() }
}

/** Whether a hit may be served. A failure on the way is a reason not to, never the caller's. */
async function decide(
  { original, text, readAt }: Hit,
  { question: { identity, controls, eligibility }, ...call }: SemanticCall,
  signal: AbortSignal,
  { verifier }: SemanticOptions,
): Promise<Verified> {
  const { maxAgeSeconds } = controls
  if (text === '') return { refused: 'semantic: hit unreadable' }
  if (original?.question === undefined) {
    // Without verification only a caller who wants a young answer has to know how old it is.
    const isNeeded = verifier !== undefined || maxAgeSeconds !== undefined
    return { refused: isNeeded ? 'semantic: original unknown' : undefined }
  }
  if (readAt - original.stored_at > (maxAgeSeconds ?? Infinity) * 1000) {
    return { refused: 'semantic: too old' }
  }
  const pair = { a: original.question, b: 'text' in eligibility ? eligibility.text : '' }
  return verifier?.verify(pair, identity.tenant, { ...call, signal }) ?? { refused: undefined }
}

function servedFrom(hit: Hit, { same }: Verified): UpstreamAnswer {
  const { response, similarity, original } = hit
  const shown = similarity === undefined ? 'unknown' : twoPlaces(similarity)
  const detail = `similarity=${shown}${same === undefined ? '' : `; same=${twoPlaces(same)}`}`
  return {
    response: new Response(hit.stream(), response),
    cached: { similarity, storedAt: original?.stored_at, detail },
  }
}

/** What the trace says of a hit: on its root, and as a span of the time that the judge took. */
function traceOf(hit: Hit, decision: Verified, now: number) {
  const { same, verdict } = decision
  const facts: Facts = {
    'semantic.verdict': verdictOf(decision),
    ...(hit.similarity === undefined ? {} : { 'semantic.similarity': hit.similarity }),
    ...(same === undefined ? {} : { 'semantic.same': same }),
    ...(verdict === undefined ? {} : { 'semantic.judge.latency_ms': verdict.latencyMs }),
    ...(verdict?.costUsd == null ? {} : { 'semantic.judge.cost_usd': verdict.costUsd }),
  }
  const span = { name: 'semantic verification', startedAt: hit.readAt, endedAt: now }
  return { facts, spans: [{ ...span, attributes: facts }] }
}

/** How the fresh answer will compare with the one that was not served. */
function comparison(
  { text, mode, similarity }: Hit,
  decision: Verified,
  { question: { api } }: SemanticCall,
): UpstreamAnswer['compare'] {
  const answer = api.answerText?.(text, mode)
  const hit = { similarity, same: decision.same, verdict: verdictOf(decision), answer }
  return (fresh, freshMode) => recordShadow(hit, api.answerText?.(fresh, freshMode))
}

const verdictOf = ({ refused }: Verified) => refused?.replace('semantic: ', '') ?? 'hit'

function similarityOf(headers: Headers): number | undefined {
  const value = Number.parseFloat(headers.get('x-litellm-semantic-similarity') ?? '')
  return Number.isNaN(value) ? undefined : value
}
