import type { JsonObject } from '../cache/json.ts'
import { GatewayError } from '../errors.ts'
import { semanticScope } from '../semantic/scope.ts'
import type { Memory } from '../stream/memory-budget.ts'
import { record } from '../stream/record.ts'
import { take } from '../stream/take.ts'
import { returnedHeaders } from '../upstream/headers.ts'
import { keep } from './keep.ts'
import type { Delivered, Keeping } from './keep.ts'
import type { Question } from './question.ts'

export interface FillOptions {
  /** Asks LiteLLM once with this body text. */
  readonly ask: (body: string) => Promise<Response>
  /** Larger answers are passed on and not kept. */
  readonly maxEntryBytes: number
  /** Whether answers that LiteLLM matched by meaning are kept. */
  readonly keepSemantic: boolean
  /** Where answers count that are read whole; recordings are dropped while it is short. */
  readonly memory?: Memory
  readonly now: () => number
}

/** LiteLLM's own cache answered. */
export interface SemanticHit {
  readonly similarity: number | undefined
}

/** An answer on its way to the caller, and what becomes of it. */
export interface Filled {
  /** LiteLLM's status and body, with the headers that a caller may see. */
  readonly response: Response
  readonly semantic: SemanticHit | undefined
  /** Whether it is known already that the answer will be kept: of a stream it never is. */
  readonly stored: boolean
  /** After the last byte: the answer's text as far as it was recorded, and whether it is kept. */
  readonly ended: Promise<Ended>
  /** Resolves as soon as it is clear that a stream won't be recorded whole. */
  readonly dropped?: Promise<void>
}

export interface Ended {
  readonly text: string | undefined
  readonly mode: 'json' | 'sse'
  readonly keeping: Keeping
}

/** Asks LiteLLM, hands its answer on as it comes, and records it on the way. */
export async function fill(question: Question, options: FillOptions): Promise<Filled> {
  const { now, maxEntryBytes, keepSemantic, memory } = options
  const startedAt = now()
  const { response: answer, semantic } = await askWithinScope(question, options)
  const headers = returnedHeaders(answer.headers)
  if (semantic?.similarity !== undefined) {
    headers.set('x-litellm-semantic-similarity', String(semantic.similarity))
  }
  const deliver = (body: BodyInit | null) =>
    new Response(body, { status: answer.status, statusText: answer.statusText, headers })
  const contentType = answer.headers.get('content-type') ?? 'application/json'
  const delivered = (bytes: Uint8Array, mode: 'json' | 'sse'): Delivered => ({
    bytes,
    mode,
    contentType,
    latencyMs: now() - startedAt,
    costUsd: cost(answer.headers),
    semantic,
  })

  if (answer.status !== 200) {
    const keeping = { why: `status ${answer.status}` }
    return { response: deliver(answer.body), semantic, stored: false, ended: untold(keeping) }
  }

  const isStream = contentType.startsWith('text/event-stream')
  if (!isStream && !/\bjson\b/.test(contentType)) {
    // Sound, for one: nothing to understand, and nothing to wait for.
    const keeping = { why: `content type ${contentType}` }
    return { response: deliver(answer.body), semantic, stored: false, ended: untold(keeping) }
  }

  if (answer.body === null || !isStream) {
    const taken = await take(answer.body, maxEntryBytes, memory)
    if ('stream' in taken) {
      const keeping = { why: 'too large' }
      return { response: deliver(taken.stream), semantic, stored: false, ended: untold(keeping) }
    }
    const whole = delivered(taken.whole, 'json')
    const keeping = keep(question, whole, keepSemantic, now())
    const ended = Promise.resolve<Ended>({ text: textOf(whole.bytes), mode: 'json', keeping })
    return { response: deliver(taken.whole), semantic, stored: 'entry' in keeping, ended }
  }

  const { stream, recording, dropped } = record(answer.body, maxEntryBytes, memory)
  const ended = recording.then((recorded): Ended => {
    if (recorded.outcome !== 'whole') return nothing({ why: recorded.outcome })
    const whole = delivered(recorded.bytes, 'sse')
    return {
      text: textOf(whole.bytes),
      mode: 'sse',
      keeping: keep(question, whole, keepSemantic, now()),
    }
  })
  return { response: deliver(stream), semantic, stored: false, ended, dropped }
}

/** For people to read. */
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** The end of an answer that was not recorded. */
const nothing = (keeping: Keeping): Ended => ({ text: undefined, mode: 'json', keeping })
const untold = (keeping: Keeping) => Promise.resolve(nothing(keeping))

/**
 * Asks within the question's semantic scope. A hit from outside of it would be another question's
 * answer: it is refused, and LiteLLM asked again without its cache. Throws a `GatewayError`
 * `upstream_unsound` (502) when LiteLLM answers from its cache where it was told not to.
 */
async function askWithinScope(
  { api, identity, matching, controls }: Question,
  { ask, now }: FillOptions,
): Promise<{ response: Response; semantic: SemanticHit | undefined }> {
  const askWith = async (cache: JsonObject) => {
    const { cache: _theirs, ...body } = api.upstreamBody(identity.body)
    const response = await ask(JSON.stringify({ ...body, cache }))
    return { response, cacheKey: response.headers.get('x-litellm-cache-key') }
  }
  const askModel = async (cache: JsonObject) => {
    const { response, cacheKey } = await askWith(cache)
    if (cacheKey === null) return { response, semantic: undefined }
    await response.body?.cancel()
    throw new GatewayError('upstream_unsound', 'LiteLLM answered from its cache, told not to.')
  }
  if (!('wording' in matching)) return askModel({ 'no-cache': true, 'no-store': true })

  const { read, store, ttlSeconds, maxAgeSeconds = ttlSeconds } = controls
  const scope = await semanticScope(identity, ttlSeconds, now())
  const within: JsonObject = {
    namespace: scope,
    's-maxage': Math.min(ttlSeconds, maxAgeSeconds),
    ...(store ? {} : { 'no-store': true }),
  }
  // An answer made in this very second would do for LiteLLM, and not for the caller.
  if (!read || maxAgeSeconds === 0) return askModel({ ...within, 'no-cache': true })
  const { response, cacheKey } = await askWith(within)
  if (cacheKey === null) return { response, semantic: undefined }
  if (cacheKey.startsWith(`${scope}:`)) {
    return { response, semantic: { similarity: similarity(response.headers) } }
  }
  await response.body?.cancel()
  return askModel({ ...within, 'no-cache': true })
}

function similarity(headers: Headers): number | undefined {
  const value = Number.parseFloat(headers.get('x-litellm-semantic-similarity') ?? '')
  return Number.isNaN(value) ? undefined : value
}

function cost(headers: Headers): number | null {
  const value = Number.parseFloat(headers.get('x-litellm-response-cost') ?? '')
  return Number.isNaN(value) || value < 0 ? null : value
}
