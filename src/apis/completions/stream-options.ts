import { GatewayError } from '../../errors.ts'
import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'
import { rawMembers, rawObject, withoutRawMember } from '../../cache/raw-json.ts'
import type { UsageOption } from '../../cache/replay.ts'
import { formatEvent, parseEvents } from '../../stream/sse.ts'
import type { ServerSentEvent } from '../../stream/sse.ts'
import { readChunkEvent } from './chunk-events.ts'

/** In characters. */
const LONGEST_OPTIONS = 4_096

/** Requires short `stream_options`: they are held in memory for the whole request. */
export function requireShortOptions({ stream_options = null }: JsonObject): void {
  if (JSON.stringify(stream_options).length > LONGEST_OPTIONS) {
    throw new GatewayError('invalid_request', 'stream_options are too long.', 'stream_options')
  }
}

/** Always requests the usage of a stream, so that a stored one can serve callers who want it. */
export function withUsage(body: JsonObject): JsonObject {
  if (body['stream'] !== true) return body
  const options = body['stream_options']
  const given = typeof options === 'object' && !Array.isArray(options) ? options : {}
  return { ...body, stream_options: { ...given, include_usage: true } }
}

/** Whether the caller requested usage. */
function wantsUsage({ stream_options }: JsonObject): boolean {
  return optionsOf(stream_options)['include_usage'] === true
}

/**
 * Stream options that affect one caller only (`include_obfuscation`, `continuous_usage_stats`);
 * undefined if there are none. Not `include_usage`: usage is always requested, and dropped if
 * unwanted.
 */
export function ownOptions({ stream_options }: JsonObject): JsonObject | undefined {
  const { include_usage: _usage, ...own } = optionsOf(stream_options)
  return Object.keys(own).length === 0 ? undefined : own
}

/**
 * Returns a function that rewrites the frames of one stream. With `wantsUsage`, the usage chunk has no
 * choices, as OpenAI documents it; otherwise it is dropped (`""`). Other frames are unchanged.
 * (https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options)
 */
function usageFrames(wantsUsage: boolean): (frame: string) => string {
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
    return isEmptyList(chunk['choices']) ? frame : formatEvent(withoutChoices(event))
  }
}

/** `stream_options.include_usage`, as chat and legacy completions have it. */
export const usageOption: UsageOption = { isWanted: wantsUsage, frames: usageFrames }

/**
 * The events of a complete stream that are stored: without noise and random padding, and with a usage
 * chunk without choices.
 */
export function storedEvents(events: readonly ServerSentEvent[]): ServerSentEvent[] {
  let hasFinished = false
  const stored: ServerSentEvent[] = []
  for (const event of events) {
    if (readChunkEvent(event).kind === 'noise') continue
    const usage = USAGE.test(event.data) ? usageChunkOf(event, hasFinished) : undefined
    hasFinished ||= FINISH.test(event.data)
    stored.push(withoutPadding(usage === undefined ? event : withoutChoices(event)))
  }
  return stored
}

/** Whether a value is empty all the way down, labels aside. */
export function saysNothing(value: Json): boolean {
  if (value === null || value === '') return true
  if (typeof value !== 'object') return false
  return Object.entries(value).every(([name, member]) => LABELS.has(name) || saysNothing(member))
}

/** Members that only label a choice or its delta. */
const LABELS = new Set(['index', 'role'])
/** Matches a non-null usage, and a non-null finish reason. */
const USAGE = /"usage"\s*:\s*\{/
const FINISH = /"finish_reason"\s*:\s*"[^"]/

/**
 * The chunk that `include_usage` adds: usage without any answer. LiteLLM's has a choice with an empty
 * delta; providers add other members. Before the finish reason, such a choice may be the beginning of
 * the answer.
 */
function usageChunkOf(event: ServerSentEvent, hasFinished: boolean): JsonObject | undefined {
  const read = readChunkEvent(event)
  if (read.kind !== 'chunk' || !isObject(read.chunk['usage'] ?? null)) return undefined
  const choices = read.chunk['choices'] ?? []
  if (!Array.isArray(choices) || (choices.length > 0 && !hasFinished)) return undefined
  return choices.every(saysNothing) ? read.chunk : undefined
}

/** The usage chunk with an empty list of choices. */
function withoutChoices({ event, data }: ServerSentEvent): ServerSentEvent {
  return { event, data: rawObject(rawMembers(data).set('choices', '[]')) }
}

function withoutPadding(event: ServerSentEvent): ServerSentEvent {
  if (!event.data.includes('"obfuscation"')) return event
  const read = readChunkEvent(event)
  if (read.kind !== 'chunk' || !Object.hasOwn(read.chunk, 'obfuscation')) return event
  return { ...event, data: withoutRawMember(event.data, 'obfuscation') }
}

const isEmptyList = (value: Json | undefined) => Array.isArray(value) && value.length === 0

function optionsOf(options: Json | undefined): JsonObject {
  return options !== undefined && isObject(options) ? options : {}
}
