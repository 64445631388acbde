import type { ParsedRequest } from '../apis/request.ts'
import { admit } from '../cache/admission.ts'
import type { WholeAnswer, Admission } from '../cache/admission.ts'
import type { Match, Spent } from '../cache/entry.ts'
import { readUpTo } from '../stream/buffered-body.ts'
import type { Memory } from '../stream/memory-budget.ts'
import { record } from '../stream/record.ts'
import { responseCost, returnedHeaders } from './headers.ts'

/** LiteLLM's cache controls for one request (https://docs.litellm.ai/docs/proxy/caching). */
export interface LiteLlmCache {
  /** Prefixes LiteLLM's cache keys, which separates answers. */
  readonly namespace?: string
  readonly 'no-cache'?: boolean
  readonly 'no-store'?: boolean
}

/** Attributes for a trace. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

/** A span of upstream work, for the trace; timestamps in epoch ms. */
export interface SpanRecord {
  readonly name: string
  readonly startedAt: number
  readonly endedAt: number
  readonly attributes: Attributes
}

/** Details of a hit in LiteLLM's cache. */
export interface CachedUpstream {
  /** Similarity of the two questions, -1 … 1, for a semantic hit. */
  readonly similarity: number | undefined
  /** The probability that one answer is right for both questions; undefined if it was not verified. */
  readonly same: number | undefined
  /** When the answer was made, epoch ms; undefined if only the answer can tell. */
  readonly storedAt: number | undefined
  /** What making the original answer took; undefined if it is unknown. */
  readonly spent: Spent | undefined
  /** The questions that were matched, stored with the answer; undefined if the original is unknown. */
  readonly match: Match | undefined
  /** For `Cache-Status`. */
  readonly detail: string
}

/** LiteLLM's answer, and what its cache did. */
export interface UpstreamAnswer {
  readonly response: Response
  readonly cached?: CachedUpstream
  /** Why a semantic hit was not served or not looked for, for `Cache-Status`. */
  readonly note?: string | undefined
  /** Stored with the answer, so that it can verify later semantic hits. */
  readonly origin?: { readonly question: string; readonly scope: string }
  readonly facts?: Attributes
  readonly spans?: readonly SpanRecord[]
  /** Compares the complete answer with a hit that was not served. The text is undefined if it is unknown. */
  readonly compare?: (text: string | undefined, mode: 'json' | 'sse') => Promise<Attributes>
}

export interface AskAndRecordOptions {
  /** Calls LiteLLM for this request. */
  readonly ask: () => Promise<UpstreamAnswer>
  readonly maxEntryBytes: number
  /** Buffered answers count here. Recordings are dropped while it is short. */
  readonly memory?: Memory | undefined
  readonly now: () => number
  /** Whether semantic hits are stored. */
  readonly storeSemanticHits: boolean
}

/** An answer on its way to the caller, and what becomes of it. */
export interface RecordedAnswer {
  readonly status: number
  /** The headers that a caller may see. */
  readonly headers: Headers
  /** Bytes if the answer was read completely before delivery. */
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null
  readonly cached: CachedUpstream | undefined
  /** Why LiteLLM's cache did not answer, if that is worth reporting. */
  readonly note: string | undefined
  /** Attributes for the trace. */
  readonly facts: Attributes
  readonly spans: readonly SpanRecord[]
  /** Whether the answer is known to be stored. Never true for a stream, which is decided later. */
  readonly stored: boolean
  /** Resolves after the last byte: the recorded text, and whether it is stored. */
  readonly recorded: Promise<AnswerEnd>
  /** The same, with trace attributes after a comparison. */
  readonly ended: Promise<AnswerEnd>
  /** Resolves as soon as a stream's recording is given up. */
  readonly dropped?: Promise<void>
  /** The value of `ended`, if it is known already. */
  readonly end?: AnswerEnd | undefined
}

export interface AnswerEnd {
  readonly text: string | undefined
  readonly mode: 'json' | 'sse'
  readonly admission: Admission
  /** Trace attributes of the complete answer. */
  readonly facts?: Attributes | undefined
  /** What a shared answer took, for requests that did not have to make their own call. */
  readonly spent?: Spent | undefined
}

/** Calls LiteLLM, passes its answer on as it arrives, and records it. */
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
    maxEntryBytes,
    cached,
    origin,
  })

  const { status } = answer
  const passing = { status, headers, cached, note, facts, spans, stored: false }

  /** An answer that is passed on and not stored. */
  const passedOn = (
    body: ReadableStream<Uint8Array> | null,
    why: string,
    shown: Promise<string | undefined> = Promise.resolve(undefined),
  ): RecordedAnswer => {
    const end = shown.then((text) => nothing({ why }, text))
    const ended =
      compare === undefined
        ? end
        : end.then(async (known) => ({ ...known, facts: await compare(undefined, 'json') }))
    return { ...passing, body, recorded: end, ended }
  }

  if (status !== 200) {
    if (answer.body === null) return passedOn(null, `status ${status}`)
    // What went wrong is shown in the trace.
    const { stream, recording } = record(answer.body, LONGEST_ERROR_BYTES, memory)
    const shown = recording.then((kept) =>
      kept.outcome === 'whole' ? textOf(kept.bytes) : undefined,
    )
    return passedOn(stream, `status ${status}`, shown)
  }

  const isStream = contentType.startsWith('text/event-stream')
  if (!isStream && !/\bjson\b/.test(contentType)) {
    // For example audio, which is neither parsed nor buffered.
    return passedOn(answer.body, `content type ${contentType}`)
  }

  // The answer to a batch may be megabytes: it is passed on as it arrives.
  const isBatch = request.parts !== undefined && answer.body !== null
  if (answer.body === null || (!isStream && !isBatch)) {
    const taken = await readUpTo(answer.body, maxEntryBytes, memory)
    if ('stream' in taken) return passedOn(taken.stream, 'too large')
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

  const limitBytes = isBatch ? LARGEST_BATCH_BYTES : maxEntryBytes
  const { stream, recording, dropped } = record(answer.body, limitBytes, memory)
  const mode = isStream ? 'sse' : 'json'
  const recorded = recording.then((kept): AnswerEnd => {
    if (kept.outcome !== 'whole') return nothing({ why: kept.outcome })
    const whole = delivered(kept.bytes, mode)
    const admission = admit(request, whole, storeSemanticHits, now())
    return { text: isBatch ? undefined : textOf(whole.bytes), mode, admission }
  })
  const ended = recorded.then(async (end) => {
    if (compare === undefined) return end
    return { ...end, facts: await compare(end.text, 'sse') }
  })
  return { ...passing, body: stream, recorded, ended, dropped }
}

/** No more than this of an error is shown in its trace. */
const LONGEST_ERROR_BYTES = 16_384

/** A larger answer to a batch is passed on, and not stored: reading it takes several times its size. */
export const LARGEST_BATCH_BYTES = 24 * 1024 * 1024

/** Statuses whose responses have no body (https://fetch.spec.whatwg.org/#null-body-status). */
const NO_BODY = new Set([101, 103, 204, 205, 304])

/** The answer as a response. */
export function responseOf({ status, headers, body }: RecordedAnswer): Response {
  return new Response(NO_BODY.has(status) ? null : body, { status, headers })
}

/** Decodes leniently: the text is for people. */
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** The end of an answer that is not stored. */
const nothing = (admission: Admission, text?: string): AnswerEnd => ({
  text,
  mode: 'json',
  admission,
})
