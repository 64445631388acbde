import { isObject } from '../../cache/json.ts'
import type { JsonObject } from '../../cache/json.ts'
import { tryParseJson } from '../../cache/parse-json.ts'
import { withoutRawMember, withRawMembers } from '../../cache/raw-json.ts'
import type { ServerSentEvent } from '../../stream/sse.ts'
import { hasError } from '../completions/chat-answer.ts'
import { DONE } from '../completions/chunk-events.ts'

/** The kinds of events in a stream of the Responses API. */
export type ResponseEvent =
  /** A part of the answer, also of a type that the gateway does not know. */
  | { readonly kind: 'event'; readonly type: string; readonly members: JsonObject }
  /** LiteLLM's end marker. OpenAI sends none. */
  | { readonly kind: 'done' }
  /** The answer failed or is incomplete. */
  | { readonly kind: 'failed'; readonly why: string }
  /** Keep-alive events, which are not part of the answer. OpenAI's are numbered. */
  | { readonly kind: 'noise'; readonly isNumbered: boolean }
  /** An event that cannot be read. */
  | { readonly kind: 'broken' }

/** The event that contains the complete response. */
export const COMPLETED = 'response.completed'

const FAILED = new Set(['response.failed', 'response.incomplete', 'response.cancelled'])
const KEEP_ALIVE = new Set(['keepalive', 'ping'])

/**
 * Reads an event (https://platform.openai.com/docs/api-reference/responses-streaming). Text that is
 * not JSON is noise. JSON that is truncated, ambiguous or has no type is broken.
 */
export function readResponseEvent({ event, data }: ServerSentEvent): ResponseEvent {
  if (event === 'error') return { kind: 'failed', why: 'error in the stream' }
  const text = data.trim()
  if (text === DONE) return { kind: 'done' }
  if (!/^[{[]/.test(text)) return { kind: 'noise', isNumbered: false }
  const members = tryParseJson(text)
  if (members === undefined || !isObject(members)) return { kind: 'broken' }
  const { type = null, response = null, object } = members
  if (typeof type === 'string' && FAILED.has(type)) return { kind: 'failed', why: type }
  const isFailure = type === 'error' || object === 'error' || hasError(members)
  if (isFailure || hasError(response)) return { kind: 'failed', why: 'error in the stream' }
  if (typeof type !== 'string' || (event !== '' && event !== type)) return { kind: 'broken' }
  if (KEEP_ALIVE.has(type)) {
    return { kind: 'noise', isNumbered: Object.hasOwn(members, 'sequence_number') }
  }
  return { kind: 'event', type, members }
}

/**
 * The events of a complete stream that are stored: without noise and random padding, and numbered
 * again if noise had a number.
 */
export function storedEvents(events: readonly ServerSentEvent[]): ServerSentEvent[] {
  const stored: ServerSentEvent[] = []
  let hasGap = false
  for (const event of events) {
    const read = readResponseEvent(event)
    if (read.kind === 'noise') hasGap ||= read.isNumbered
    else stored.push(read.kind === 'event' ? withoutPadding(event, read.members) : event)
  }
  return hasGap ? renumbered(stored) : stored
}

function withoutPadding(event: ServerSentEvent, members: JsonObject): ServerSentEvent {
  if (!Object.hasOwn(members, 'obfuscation')) return event
  return { ...event, data: withoutRawMember(event.data, 'obfuscation') }
}

/** Numbers the events that have a number from 0, as clients expect it. */
function renumbered(events: readonly ServerSentEvent[]): ServerSentEvent[] {
  let next = 0
  return events.map((event) => {
    const read = readResponseEvent(event)
    if (read.kind !== 'event' || !Object.hasOwn(read.members, 'sequence_number')) return event
    const data = withRawMembers(event.data, { sequence_number: String(next) })
    next += 1
    return { ...event, data }
  })
}
