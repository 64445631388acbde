import type { ParsedRequest } from '../apis/request.ts'
import { admit } from '../cache/admission.ts'
import type { WholeAnswer, Admission } from '../cache/admission.ts'
import { readUpTo } from '../stream/buffered-body.ts'
import type { Memory } from '../stream/memory-budget.ts'
import { record } from '../stream/record.ts'
import { responseCost, returnedHeaders } from './headers.ts'

/** LiteLLM's cache controls for one request (https://docs.litellm.ai/docs/proxy/caching). */
export interface LiteLlmCache {
  /** Keeps answers apart: LiteLLM's keys begin with it. */
  readonly namespace?: string
  readonly 'no-cache'?: boolean
  readonly 'no-store'?: boolean
}

/** Attributes for a trace. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

/** A span of work behind an answer, for the trace; timestamps in epoch ms. */
export interface SpanRecord {
  readonly name: string
  readonly startedAt: number
  readonly endedAt: number
  readonly attributes: Attributes
}

/** A cache behind the gateway answered, and no model. */
export interface CachedUpstream {
  /** Of the two questions, where it was a semantic hit, -1 … 1. */
  readonly similarity: number | undefined
  /** The probability that one answer serves both questions; undefined where nobody verified it. */
  readonly same: number | undefined
  /** When the answer was made, epoch ms; undefined where only the answer itself can tell. */
  readonly storedAt: number | undefined
  /** In one line, for `Cache-Status`. */
  readonly detail: string
}

/** LiteLLM's answer, and what a cache there had to do with it. */
export interface UpstreamAnswer {
  readonly response: Response
  readonly cached?: CachedUpstream
  /** Why a cached answer was not served, or not looked for; in one line, for `Cache-Status`. */
  readonly note?: string | undefined
  /** Stored with the answer, to find it again as the original of a semantic hit. */
  readonly origin?: { readonly question: string; readonly scope: string }
  readonly facts?: Attributes
  readonly spans?: readonly SpanRecord[]
  /** Compares the whole answer with one that was not served. */
  readonly compare?: (text: string, mode: 'json' | 'sse') => Promise<Attributes>
}

export interface AskAndRecordOptions {
  /** Asks LiteLLM for this request. */
  readonly ask: () => Promise<UpstreamAnswer>
  readonly maxEntryBytes: number
  /** Where answers count that are read whole; recordings are dropped while it is short. */
  readonly memory?: Memory | undefined
  readonly now: () => number
  /** Whether semantic hits are stored. */
  readonly storeSemanticHits: boolean
}

/** An answer on its way to the caller, and what becomes of it. */
export interface RecordedAnswer {
  readonly status: number
  /** Those that a caller may see. */
  readonly headers: Headers
  /** Bytes where the answer was read whole before it is delivered. */
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null
  readonly cached: CachedUpstream | undefined
  /** Why LiteLLM's cache did not answer, where that is news. */
  readonly note: string | undefined
  /** What the trace says of it. */
  readonly facts: Attributes
  readonly spans: readonly SpanRecord[]
  /** Whether it is known already that the answer will be kept: of a stream it never is. */
  readonly stored: boolean
  /** After the last byte: the answer's text as far as it was recorded, and whether it is kept. */
  readonly recorded: Promise<AnswerEnd>
  /** The same, with what the trace says once a comparison is made. */
  readonly ended: Promise<AnswerEnd>
  /** Resolves as soon as it is clear that a stream won't be recorded whole. */
  readonly dropped?: Promise<void>
  /** What `ended` will be, where that is known already. */
  readonly end?: AnswerEnd | undefined
}

export interface AnswerEnd {
  readonly text: string | undefined
  readonly mode: 'json' | 'sse'
  readonly admission: Admission
  /** What the trace says once the whole answer is known. */
  readonly facts?: Attributes | undefined
}

/** Asks LiteLLM, hands its answer on as it comes, and records it on the way. */
export async function askAndRecord(
  request: ParsedRequest,
  options: AskAndRecordOptions,
): Promise<RecordedAnswer> {
  const { now, maxEntryBytes, storeSemanticHits, memory } = options
  const startedAt = now()
  const asked = await options.ask()
  const { response: answer, cached, note, origin, facts = {}, spans = [], compare } = asked
  const headers = returnedHeaders(answer.headers)
  if (cached?.similarity !== undefined) {
    headers.set('x-litellm-semantic-similarity', String(cached.similarity))
  }
  const contentType = answer.headers.get('content-type') ?? 'application/json'
  const delivered = (bytes: Uint8Array, mode: 'json' | 'sse'): WholeAnswer => ({
    bytes,
    mode,
    contentType,
    latencyMs: now() - startedAt,
    costUsd: responseCost(answer.headers),
    cached,
    origin,
  })

  const { status } = answer
  const passing = { status, headers, cached, note, facts, spans, stored: false }

  if (status !== 200) {
    const admission = { why: `status ${status}` }
    return { ...passing, body: answer.body, ...untold(admission) }
  }

  const isStream = contentType.startsWith('text/event-stream')
  if (!isStream && !/\bjson\b/.test(contentType)) {
    // Sound, for one: nothing to understand, and nothing to wait for.
    const admission = { why: `content type ${contentType}` }
    return { ...passing, body: answer.body, ...untold(admission) }
  }

  if (answer.body === null || !isStream) {
    const taken = await readUpTo(answer.body, maxEntryBytes, memory)
    if ('stream' in taken) {
      const admission = { why: 'too large' }
      return { ...passing, body: taken.stream, ...untold(admission) }
    }
    const whole = delivered(taken.whole, 'json')
    const admission = admit(request, whole, storeSemanticHits, now())
    const text = textOf(whole.bytes)
    const end: AnswerEnd = { text, mode: 'json', admission }
    const ended =
      compare === undefined
        ? Promise.resolve(end)
        : compare(text, 'json').then((facts) => ({ ...end, facts }))
    return {
      ...passing,
      body: taken.whole,
      stored: 'entry' in admission,
      recorded: Promise.resolve(end),
      ended,
      end: compare === undefined ? end : undefined,
    }
  }

  const { stream, recording, dropped } = record(answer.body, maxEntryBytes, memory)
  const recorded = recording.then((kept): AnswerEnd => {
    if (kept.outcome !== 'whole') return nothing({ why: kept.outcome })
    const whole = delivered(kept.bytes, 'sse')
    const admission = admit(request, whole, storeSemanticHits, now())
    return { text: textOf(whole.bytes), mode: 'sse', admission }
  })
  const ended = recorded.then(async (end) => {
    if (end.text === undefined || compare === undefined) return end
    return { ...end, facts: await compare(end.text, 'sse') }
  })
  return { ...passing, body: stream, recorded, ended, dropped }
}

/** Statuses whose responses have no body (https://fetch.spec.whatwg.org/#null-body-status). */
const NO_BODY = new Set([101, 103, 204, 205, 304])

/** The answer as a response. */
export function responseOf({ status, headers, body }: RecordedAnswer): Response {
  return new Response(NO_BODY.has(status) ? null : body, { status, headers })
}

/** For people to read. */
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** The end of an answer that was not recorded. */
const nothing = (admission: Admission): AnswerEnd => ({ text: undefined, mode: 'json', admission })
function untold(admission: Admission): Pick<RecordedAnswer, 'recorded' | 'ended'> {
  const end = Promise.resolve(nothing(admission))
  return { recorded: end, ended: end }
}
