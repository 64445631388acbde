import { parseJson } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { formatEvent } from '../stream/sse.ts'
import { DONE } from './chat-merge.ts'

/**
 * A chat completion's JSON text as the stream that spells it: for each choice one chunk with the
 * message and one with the end, then the usage chunk and the end marker. Nothing is waited for, so
 * cutting the text into words would only cost bytes. The inverse of `mergeChunks`.
 */
export function splitCompletion(text: string): string {
  const { choices, usage, ...rest } = parseJson(text).value as JsonObject
  const envelope = { ...rest, object: 'chat.completion.chunk' }
  const chunks: JsonObject[] = []
  for (const choice of choices as JsonObject[]) {
    const { message, finish_reason = null, index = 0, ...more } = choice
    const delta = withIndexes(message as JsonObject)
    chunks.push({ ...envelope, choices: [{ index, delta, ...more, finish_reason: null }] })
    chunks.push({ ...envelope, choices: [{ index, delta: {}, finish_reason }] })
  }
  if (usage !== undefined) chunks.push({ ...envelope, choices: [], usage })
  const events = [...chunks.map((chunk) => JSON.stringify(chunk)), DONE]
  return events.map((data) => formatEvent({ event: '', data })).join('')
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
