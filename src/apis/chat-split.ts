import { parseJson } from '../cache/parse-json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { formatEvent } from '../stream/sse.ts'
import { DONE } from './chunk-events.ts'

/** Members that every chunk repeats; other members come once. */
const ENVELOPE = new Set(['id', 'object', 'created', 'model', 'system_fingerprint', 'service_tier'])
/** Reasoning comes first: clients show a stream in its order. */
const REASONING = new Set([
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'thinking_blocks',
])

/**
 * Converts a chat completion's JSON text to a stream: per choice one chunk with the reasoning, if any,
 * one with the message and one with the end, then the usage chunk and the end marker. The text is not
 * cut into words, which would only cost bytes. The inverse of `mergeChunks`.
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

/** Adds the position to each tool call, as streams need it. */
function withIndexes(message: JsonObject): JsonObject {
  const calls: Json | undefined = message['tool_calls']
  if (!Array.isArray(calls)) return message
  return {
    ...message,
    tool_calls: calls.map((call, index) => ({ ...(call as JsonObject), index })),
  }
}
