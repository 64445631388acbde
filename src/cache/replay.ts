import type { ServerSentEvent } from '../stream/sse.ts'
import type { Expected } from './admissibility.ts'
import type { Entry } from './entry.ts'
import type { JsonObject } from './json.ts'
import { mapFramesOf, parseEvents } from '../stream/sse.ts'

/** Converts complete answers between JSON and streams, without loss. */
export interface Modes {
  /** JSON text from the events of a complete stream; undefined if something would be lost. */
  assemble(events: readonly ServerSentEvent[]): string | undefined
  /** The frames of a stream from JSON text, each made when it is read. */
  split(json: string): Iterable<string>
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
 * How long a stream may be that is made of JSON: as a multiple of the JSON, and in characters that
 * come on top. Answers are repeated less than ten times, but one of many tiny parts with a long id,
 * which each event repeats, would become a thousand times as long.
 */
const LONGEST_STREAM = { times: 16, more: 65_536 }

/**
 * Replays an entry as a stream or as JSON. Undefined, which is a miss, if it was recorded in the
 * other mode and cannot be converted without loss, or only to a stream that is too long.
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
  const text = entry.mode === 'sse' ? entry.body : splitText(entry.body, modes)
  if (text === undefined) return undefined
  const body = modes.usage ? mapFramesOf(text, modes.usage.frames(wantsUsage)) : text
  return entry.mode === 'sse'
    ? { ...recorded, body }
    : { contentType: 'text/event-stream; charset=utf-8', body }
}

/** The stream made of a JSON text; undefined if it gets too long, which ends its making. */
function splitText(json: string, modes: Modes): string | undefined {
  const longest = LONGEST_STREAM.times * json.length + LONGEST_STREAM.more
  const frames: string[] = []
  let length = 0
  for (const frame of modes.split(json)) {
    length += frame.length
    if (length > longest) return undefined
    frames.push(frame)
  }
  return frames.join('')
}
