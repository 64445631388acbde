import { parseJson } from '../cache/parse-json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { formatEvent } from '../stream/sse.ts'
import { DONE } from './chat-events.ts'

/** What every chunk of a stream says of itself; other members of an answer come once. */
const ENVELOPE = new Set(['id', 'object', 'created', 'model', 'system_fingerprint', 'service_tier'])
/** What a model thinks before it speaks: a client shows a stream in the order in which it comes. */
const REASONING = new Set([
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'thinking_blocks',
])

/**
 * A chat completion's JSON text as the stream that spells it: for each choice a chunk with the reasoning,
 * if there is any, one with the message and one with the end, then the usage chunk and the end marker.
 * Nothing is waited for, so cutting the text into words would only cost bytes. The inverse of
 * `mergeChunks`.
 */
export function splitCompletion(text: string): string {
  const { choices, usage, ...rest } = parseJson(text).value as JsonObject
  const [envelope, once] = partition({ ...rest, object: 'chat.completion.chunk' }, ENVELOPE)
  const chunks: JsonObject[] = []
  for (const choice of choices as JsonObject[]) {
    const { message, finish_reason = null, index = 0, logprobs, ...more } = choice
    const [reasoning, said] = partition(message as JsonObject, REASONING)
    const { role = 'assistant', ...answer } = said
    const push = (delta: JsonObject, members: JsonObject) =>
      chunks.push({ ...envelope, choices: [{ index, delta, ...members }] })
    const isFirst = Object.keys(reasoning).length === 0
    if (!isFirst) push({ role, ...reasoning }, { finish_reason: null })
    const probabilities = logprobs === undefined ? {} : { logprobs }
    const delta = withIndexes(answer)
    push(isFirst ? { role, ...delta } : delta, { ...probabilities, finish_reason: null })
    push({}, { ...more, finish_reason })
  }
  const [first, ...others] = chunks
  const all = first === undefined ? [] : [{ ...first, ...once }, ...others]
  if (usage !== undefined && usage !== null) all.push({ ...envelope, choices: [], usage })
  const events = [...all.map((chunk) => JSON.stringify(chunk)), DONE]
  return events.map((data) => formatEvent({ event: '', data })).join('')
}

/** The members with these names, and all others. */
function partition(object: JsonObject, names: ReadonlySet<string>): [JsonObject, JsonObject] {
  const entries = Object.entries(object)
  return [
    Object.fromEntries(entries.filter(([name]) => names.has(name))),
    Object.fromEntries(entries.filter(([name]) => !names.has(name))),
  ]
}

/** In a stream, tool calls carry their position, since they may come in pieces. */
function withIndexes(message: JsonObject): JsonObject {
  const calls: Json | undefined = message['tool_calls']
  if (!Array.isArray(calls)) return message
  return {
    ...message,
    tool_calls: calls.map((call, index) => ({ ...(call as JsonObject), index })),
  }
}
