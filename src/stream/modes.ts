import type { JsonObject } from '../cache/json.ts'
import type { ServerSentEvent } from './sse.ts'

/** A whole answer as JSON text and as a stream, each made from the other without loss. */
export interface Modes {
  /** JSON text from the events of a whole stream; undefined where that would lose something. */
  assemble(events: readonly ServerSentEvent[]): string | undefined
  /** Stream text from JSON text. */
  split(json: string): string
  /** Whether this frame of a stream is only for callers who asked for usage. */
  isUsageFrame(frame: string): boolean
  /** Whether the caller asked for it. */
  wantsUsage(body: JsonObject): boolean
}
