import type { ServerSentEvent } from '../stream/sse.ts'
import type { Expected } from './admission.ts'
import type { Entry } from './entry.ts'
import type { JsonObject } from './json.ts'
import { mapFramesOf, parseEvents } from '../stream/sse.ts'

/** Converts complete answers between JSON and streams, without loss. */
export interface Modes {
  /** JSON text from the events of a complete stream; undefined if something would be lost. */
  assemble(events: readonly ServerSentEvent[]): string | undefined
  /** Stream text from JSON text. */
  split(json: string): string
  /** How streams differ for callers who want usage; undefined if all callers get it. */
  readonly usage?: UsageOption
  /** Stream options that affect this caller only. Such a stream is not replayed to others. */
  ownOptions(body: JsonObject): JsonObject | undefined
  /** The events of a complete stream that are stored. */
  storedEvents(events: readonly ServerSentEvent[]): ServerSentEvent[]
}

/** How answers are stored, if not as they came. */
export interface StoredForm {
  /** The text that is stored of an answer. */
  pack(text: string, mode: 'json' | 'sse', expected: Expected): string
  /** The answer to a request; undefined if the stored text cannot answer it. */
  unpack(stored: string, mode: 'json' | 'sse', expected: Expected): string | undefined
}

/** OpenAI's `stream_options.include_usage`. */
export interface UsageOption {
  /** Whether the caller requested usage. */
  isWanted(body: JsonObject): boolean
  /** Returns a function that rewrites the frames of one stream, in order; "" drops a frame. */
  frames(isWanted: boolean): (frame: string) => string
}

/** A stored answer in the mode that a caller requested. */
export interface Replayed {
  readonly contentType: string
  readonly body: string
}

/**
 * Replays an entry as a stream or as JSON. Undefined, which is a miss, if it was recorded in the
 * other mode and cannot be converted without loss.
 */
export function replay(
  entry: Pick<Entry, 'mode' | 'body' | 'content_type'>,
  stream: boolean,
  wantsUsage: boolean,
  modes: Modes | undefined,
): Replayed | undefined {
  const recorded = { contentType: entry.content_type, body: entry.body }
  if (!stream) {
    if (entry.mode === 'json') return recorded
    const body = modes?.assemble(parseEvents(entry.body))
    return body === undefined ? undefined : { contentType: 'application/json', body }
  }
  if (modes === undefined) return undefined
  const text = entry.mode === 'sse' ? entry.body : modes.split(entry.body)
  const body = modes.usage ? mapFramesOf(text, modes.usage.frames(wantsUsage)) : text
  return entry.mode === 'sse'
    ? { ...recorded, body }
    : { contentType: 'text/event-stream; charset=utf-8', body }
}
