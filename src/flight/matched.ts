import canonicalize from 'canonicalize'
import type { Entry } from '../cache/entry.ts'
import type { JsonObject } from '../cache/json.ts'
import { GatewayError } from '../errors.ts'
import { disagreement } from '../semantic/guard.ts'
import { semanticScope } from '../semantic/scope.ts'
import type { Original } from '../store/store.ts'
import type { Memory } from '../stream/memory-budget.ts'
import { parseEvents } from '../stream/sse.ts'
import { peek } from '../stream/peek.ts'
import type { Question } from './question.ts'

/** How LiteLLM's semantic hits are looked at before they are given. */
export interface Guard {
  /** The one entry that an answer was made for; undefined where it is not known in time. */
  readonly original: (wanted: Original) => Promise<Entry | undefined>
  /** Whether hits are only looked at, and never given. */
  readonly shadow: boolean
}

/** LiteLLM's own cache answered. */
export interface SemanticHit {
  readonly similarity: number | undefined
  /** When the answer was made, epoch ms; undefined where only the answer itself can tell. */
  readonly storedAt?: number | undefined
}

/** A hit that was not given. */
export interface Unserved {
  /** In one line, for people. */
  readonly why: string
  readonly similarity: number | undefined
  /** In shadow: why the guard would have refused it; undefined where it would not have. */
  readonly refused: string | undefined
  /** In shadow: the answer's bytes. */
  readonly answer?: { readonly text: string; readonly mode: 'json' | 'sse' } | undefined
}

/** LiteLLM's answer, and what its semantic cache had to do with it. */
export interface Asked {
  readonly response: Response
  readonly semantic?: SemanticHit
  readonly unserved?: Unserved
  /** The namespace within which it was matched and kept there; undefined where it was not. */
  readonly scope?: string
}

export interface MatchedOptions {
  /** Asks LiteLLM once with this body text. */
  readonly ask: (body: string) => Promise<Response>
  /** Undefined where hits are given as they are. */
  readonly guard: Guard | undefined
  readonly maxEntryBytes: number
  /** Where answers count that are read whole; recordings are dropped while it is short. */
  readonly memory?: Memory | undefined
  readonly now: () => number
}

/**
 * Asks LiteLLM, within the question's semantic scope where it may be matched by meaning. A hit from
 * outside of the scope would be another question's answer, and one that the guard speaks against may
 * be: they are refused, and LiteLLM is asked again without reading its cache. Throws a `GatewayError`
 * `upstream_unsound` (502) when LiteLLM answers from its cache where it was told not to.
 */
export async function askMatched(question: Question, options: MatchedOptions): Promise<Asked> {
  const { api, identity, matching, controls } = question
  const { ask, now } = options
  const askWith = async (cache: JsonObject) => {
    const { cache: _theirs, ...body } = api.upstreamBody(identity.body)
    const whole = { ...body, cache }
    // LiteLLM's own buckets depend on the order of members.
    const text = 'wording' in matching ? (canonicalize(whole) ?? '') : JSON.stringify(whole)
    const response = await ask(text)
    return { response, cacheKey: response.headers.get('x-litellm-cache-key') }
  }
  const askModel = async (cache: JsonObject): Promise<Response> => {
    const { response, cacheKey } = await askWith(cache)
    if (cacheKey === null) return response
    await response.body?.cancel()
    throw new GatewayError('upstream_unsound', 'LiteLLM answered from its cache, told not to.')
  }
  if (!('wording' in matching)) {
    return { response: await askModel({ 'no-cache': true, 'no-store': true }) }
  }

  const { read, store, ttlSeconds, maxAgeSeconds = ttlSeconds } = controls
  const scope = await semanticScope(identity, ttlSeconds, now())
  const within: JsonObject = {
    namespace: scope,
    's-maxage': Math.min(ttlSeconds, maxAgeSeconds),
    ...(store ? {} : { 'no-store': true }),
  }
  const askAnew = () => askModel({ ...within, 'no-cache': true })
  // An answer made in this very second would do for LiteLLM, and not for the caller.
  if (!read || maxAgeSeconds === 0) return { response: await askAnew(), scope }
  const { response, cacheKey } = await askWith(within)
  if (cacheKey === null) return { response, scope }
  const similarity = similarityOf(response.headers)
  if (!cacheKey.startsWith(`${scope}:`)) {
    await response.body?.cancel()
    const why = 'guard: namespace'
    const unserved = { why, similarity, refused: 'namespace' }
    return { response: await askAnew(), scope, unserved }
  }
  if (options.guard === undefined) return { response, semantic: { similarity }, scope }
  const looked = await lookAt(response, question, scope, similarity, options.guard, options)
  if ('semantic' in looked) return { ...looked, scope }
  return { response: await askAnew(), scope, unserved: looked }
}

/** The hit, to be given; or why it is not. */
async function lookAt(
  response: Response,
  { api, identity, matching, model }: Question,
  scope: string,
  similarity: number | undefined,
  guard: Guard,
  { maxEntryBytes, memory }: MatchedOptions,
): Promise<{ response: Response; semantic: SemanticHit } | Unserved> {
  const mode = isEventStream(response) ? 'sse' : 'json'
  // In shadow all of it is read, to be compared.
  const enough = (text: string) =>
    mode === 'sse' && !guard.shadow && parseEvents(text).some(({ data }) => data !== '')
  const peeked = await peek(response.body, maxEntryBytes, enough, memory)
  const answerId = api.answerId?.(peeked.text, mode)
  const original =
    answerId === undefined
      ? undefined
      : await guard.original({ answerId, tenant: identity.tenant, model, scope })
  const wording = 'wording' in matching ? matching.wording : ''
  const refused =
    original?.question === undefined
      ? 'original question unknown'
      : disagreement(wording, original.question, similarity ?? 0)
  if (refused === undefined && original !== undefined && !guard.shadow) {
    const semantic = { similarity, storedAt: original.stored_at }
    return { response: new Response(peeked.stream(), response), semantic }
  }
  await peeked.cancel()
  const verdict = refused === undefined ? 'hit' : `refused: ${refused}`
  return guard.shadow
    ? {
        why: `shadow: ${verdict} ${similarity ?? ''}`.trim(),
        similarity,
        refused,
        answer: { text: peeked.text, mode },
      }
    : { why: `guard: ${refused}`, similarity, refused }
}

function isEventStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') ?? false
}

function similarityOf(headers: Headers): number | undefined {
  const value = Number.parseFloat(headers.get('x-litellm-semantic-similarity') ?? '')
  return Number.isNaN(value) ? undefined : value
}
