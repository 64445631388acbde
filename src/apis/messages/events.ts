import { isObject } from '../../cache/json.ts'
import type { JsonObject } from '../../cache/json.ts'
import { tryParseJson } from '../../cache/parse-json.ts'
import { rawMembers } from '../../cache/raw-json.ts'
import type { RawObject } from '../../cache/raw-json.ts'
import type { ServerSentEvent } from '../../stream/sse.ts'

/** An event of a message stream. */
export type MessageEvent =
  | {
      readonly kind: 'event'
      readonly type: string
      readonly value: JsonObject
      /** The same as source text. */
      readonly raw: RawObject
    }
  /** The answer failed. */
  | { readonly kind: 'error' }
  /** Pings and empty events, which are not part of the answer. */
  | { readonly kind: 'noise' }
  /** A part of the answer that cannot be read. */
  | { readonly kind: 'broken' }

/**
 * Reads an event of a message stream (https://docs.anthropic.com/en/api/messages-streaming). Anthropic's
 * SDKs choose by the event's name, other clients by the `type` in its data, so the two must be equal.
 */
export function readMessageEvent(event: ServerSentEvent): MessageEvent {
  if (event.event === 'error') return { kind: 'error' }
  if (isNoise(event)) return { kind: 'noise' }
  const value = tryParseJson(event.data)
  if (value === undefined || !isObject(value)) return { kind: 'broken' }
  const { type, error } = value
  if (error || type === 'error') return { kind: 'error' }
  if (typeof type !== 'string' || type !== event.event) return { kind: 'broken' }
  return { kind: 'event', type, value, raw: rawMembers(event.data) }
}

/** The events of a complete stream that are stored. */
export function storedMessageEvents(events: readonly ServerSentEvent[]): ServerSentEvent[] {
  return events.filter((event) => !isNoise(event))
}

/** Events without a name are read by nobody, but only those without content are surely noise. */
function isNoise({ event, data }: ServerSentEvent): boolean {
  if (event !== '') return event === 'ping'
  const text = data.trim()
  // Some servers end every stream as OpenAI does.
  return text === '' || text === '[DONE]' || /^\{\s*"type"\s*:\s*"ping"\s*\}$/.test(text)
}
