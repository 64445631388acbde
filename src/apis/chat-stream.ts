import { isObject } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { formatEvent, parseEvents } from '../stream/sse.ts'
import type { ServerSentEvent } from '../stream/sse.ts'
import { readChatEvent } from './chat-events.ts'

/** Whether the caller asked for the usage of its stream. */
export function wantsUsage({ stream_options }: JsonObject): boolean {
  return optionsOf(stream_options)['include_usage'] === true
}

/**
 * What shapes a stream for one caller alone (`include_obfuscation`, `continuous_usage_stats`); undefined
 * if there is nothing. Usage is always asked for, and given to those who want it.
 */
export function ownOptions({ stream_options }: JsonObject): JsonObject | undefined {
  const { include_usage: _usage, ...own } = optionsOf(stream_options)
  return Object.keys(own).length === 0 ? undefined : own
}

/**
 * Makes what changes the frames of one stream for its caller: the usage chunk is given as OpenAI documents
 * it, without choices, if the caller asked for usage, and taken out (`""`) if not. All other frames stay
 * as they are. (https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options)
 */
export function usageFrames(wantsUsage: boolean): (frame: string) => string {
  let hasFinished = false
  return (frame) => {
    if (!USAGE.test(frame)) {
      hasFinished ||= FINISH.test(frame)
      return frame
    }
    const [event, ...others] = parseEvents(frame)
    const chunk = event && others.length === 0 ? usageChunkOf(event, hasFinished) : undefined
    hasFinished ||= FINISH.test(frame)
    if (event === undefined || chunk === undefined) return frame
    if (!wantsUsage) return ''
    return isEmptyList(chunk['choices']) ? frame : formatEvent(withoutChoices(event, chunk))
  }
}

/**
 * The events of a whole stream that are stored: those that carry something, the usage chunk without
 * choices, and no random padding.
 */
export function storedEvents(events: readonly ServerSentEvent[]): ServerSentEvent[] {
  let hasFinished = false
  const stored: ServerSentEvent[] = []
  for (const event of events) {
    if (readChatEvent(event).kind === 'noise') continue
    const usage = USAGE.test(event.data) ? usageChunkOf(event, hasFinished) : undefined
    hasFinished ||= FINISH.test(event.data)
    stored.push(withoutPadding(usage === undefined ? event : withoutChoices(event, usage)))
  }
  return stored
}

/** Null, and what is empty all the way down; what only labels a choice or its delta says nothing. */
export function saysNothing(value: Json): boolean {
  if (value === null || value === '') return true
  if (typeof value !== 'object') return false
  return Object.entries(value).every(([name, member]) => LABELS.has(name) || saysNothing(member))
}

/** Members of a choice and its delta that are no part of the answer. */
const LABELS = new Set(['index', 'role'])
/** A usage that is not null, and an end that is not. */
const USAGE = /"usage"\s*:\s*\{/
const FINISH = /"finish_reason"\s*:\s*"[^"]/

/**
 * The chunk that `include_usage` adds: it tells the usage and nothing of the answer. LiteLLM's has a choice
 * with an empty delta; providers add members of their own. Before the end of the answer, a choice in it
 * may be its beginning.
 */
function usageChunkOf(event: ServerSentEvent, hasFinished: boolean): JsonObject | undefined {
  const read = readChatEvent(event)
  if (read.kind !== 'chunk' || !isObject(read.chunk['usage'] ?? null)) return undefined
  const choices = read.chunk['choices'] ?? []
  if (!Array.isArray(choices) || (choices.length > 0 && !hasFinished)) return undefined
  return choices.every(saysNothing) ? read.chunk : undefined
}

function withoutChoices(event: ServerSentEvent, chunk: JsonObject): ServerSentEvent {
  return { ...event, data: JSON.stringify({ ...chunk, choices: [] }) }
}

function withoutPadding(event: ServerSentEvent): ServerSentEvent {
  if (!event.data.includes('"obfuscation"')) return event
  const read = readChatEvent(event)
  if (read.kind !== 'chunk' || !Object.hasOwn(read.chunk, 'obfuscation')) return event
  const { obfuscation: _padding, ...chunk } = read.chunk
  return { ...event, data: JSON.stringify(chunk) }
}

const isEmptyList = (value: Json | undefined) => Array.isArray(value) && value.length === 0

function optionsOf(options: Json | undefined): JsonObject {
  return options !== undefined && isObject(options) ? options : {}
}
