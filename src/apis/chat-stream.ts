import { parseJson } from '../cache/parse-json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { formatEvent, parseEvents } from '../stream/sse.ts'
import type { ServerSentEvent } from '../stream/sse.ts'
import { hasError } from './chat-answer.ts'

/** Whether an event says that the answer failed. */
export function isError({ event, data }: ServerSentEvent): boolean {
  return event === 'error' || (data.includes('"error"') && hasError(parsed(data)))
}

/** Whether the caller asked for the usage of its stream. */
export function wantsUsage({ stream_options }: JsonObject): boolean {
  return objectOf(stream_options)?.['include_usage'] === true
}

/**
 * What shapes a stream for one caller alone (`include_obfuscation`, `continuous_usage_stats`); undefined
 * if there is nothing. Usage is always asked for, and given to those who want it.
 */
export function ownOptions({ stream_options }: JsonObject): JsonObject | undefined {
  const { include_usage: _usage, ...own } = objectOf(stream_options) ?? {}
  return Object.keys(own).length === 0 ? undefined : own
}

/**
 * A frame of a stream as its caller gets it: the usage chunk as OpenAI documents it, without choices,
 * for a caller who asked for usage; nothing of it for any other. All other frames stay as they are.
 * (https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options)
 */
export function frameFor(frame: string, wantsUsage: boolean): string {
  if (!frame.includes('"usage"')) return frame
  const [event, ...others] = parseEvents(frame)
  const chunk = event === undefined || others.length > 0 ? undefined : usageChunkOf(event)
  if (event === undefined || chunk === undefined) return frame
  if (!wantsUsage) return ''
  return isEmptyList(chunk['choices']) ? frame : formatEvent(withoutChoices(event, chunk))
}

/**
 * The events of a whole stream that are stored: those that carry something, the usage chunk without
 * choices, and no random padding.
 */
export function storedEvents(events: readonly ServerSentEvent[]): ServerSentEvent[] {
  return events
    .filter(({ data }) => data !== '')
    .map((event) => {
      const { data } = event
      const usage = data.includes('"usage"') ? usageChunkOf(event) : undefined
      const shown = usage === undefined ? event : withoutChoices(event, usage)
      if (!data.includes('"obfuscation"')) return shown
      const { obfuscation = null, ...chunk } = objectOf(parsed(shown.data)) ?? {}
      return obfuscation === null ? shown : { ...event, data: JSON.stringify(chunk) }
    })
}

/**
 * The chunk that `include_usage` adds: it tells the usage and nothing of the answer. LiteLLM's has a choice
 * with an empty delta; providers add members of their own.
 */
function usageChunkOf(event: ServerSentEvent): JsonObject | undefined {
  const chunk = objectOf(parsed(event.data))
  if (chunk === undefined || objectOf(chunk['usage']) === undefined) return undefined
  const { choices = [] } = chunk
  const isSilent = Array.isArray(choices) && choices.every((choice) => saysNothing(choice, LABELS))
  return isSilent && !isError(event) ? chunk : undefined
}

/** Members of a choice and its delta that are no part of the answer. */
const LABELS = new Set(['index', 'role'])

/** Null, and what is empty all the way down. */
function saysNothing(value: Json, labels: ReadonlySet<string>): boolean {
  if (value === null || value === '') return true
  if (typeof value !== 'object') return false
  return Object.entries(value).every(
    ([name, member]) => labels.has(name) || saysNothing(member, labels),
  )
}

function withoutChoices(event: ServerSentEvent, chunk: JsonObject): ServerSentEvent {
  return { ...event, data: JSON.stringify({ ...chunk, choices: [] }) }
}

const isEmptyList = (value: Json | undefined) => Array.isArray(value) && value.length === 0

function objectOf(value: Json | undefined): JsonObject | undefined {
  return value && typeof value === 'object' && !Array.isArray(value) ? value : undefined
}

/** Undefined for what is not JSON; numbers keep all their digits. */
function parsed(data: string): Json | undefined {
  try {
    return parseJson(data).value
  } catch {
    return undefined
  }
}
