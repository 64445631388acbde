import type { ServerSentEvent } from '../stream/sse.ts'
import type { Entry } from './entry.ts'
import type { JsonObject } from './json.ts'
import { mapFramesOf, parseEvents } from '../stream/sse.ts'

/** A whole answer as JSON text and as a stream, each made from the other without loss. */
export interface Modes {
  /** JSON text from the events of a whole stream; undefined where that would lose something. */
  assemble(events: readonly ServerSentEvent[]): string | undefined
  /** Stream text from JSON text. */
  split(json: string): string
  /**
   * Makes what changes the frames of one stream, in order, for a caller who asked for usage, or for one
   * who did not; it gives "" for no frame.
   */
  usageFrames(wantsUsage: boolean): (frame: string) => string
  /** Whether the caller asked for usage. */
  wantsUsage(body: JsonObject): boolean
  /** What shapes a stream for this caller alone: such a stream is not replayed to others. */
  ownOptions(body: JsonObject): JsonObject | undefined
  /** The events that are stored of a whole stream. */
  storedEvents(events: readonly ServerSentEvent[]): ServerSentEvent[]
}

/** A kept answer in the mode that a caller asked for. */
export interface Replayed {
  readonly contentType: string
  readonly body: string
}

/**
 * An entry's answer as a stream or as JSON, whichever way it was recorded. Undefined where the other
 * mode can't be made without loss: then it is a miss.
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
  const body = mapFramesOf(text, modes.usageFrames(wantsUsage))
  return entry.mode === 'sse'
    ? { ...recorded, body }
    : { contentType: 'text/event-stream; charset=utf-8', body }
}
