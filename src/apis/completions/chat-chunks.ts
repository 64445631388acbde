import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'
import type { ChunkFormat } from './chunk-merge.ts'
import { partition } from './chunk-split.ts'

/** Reasoning comes first: clients show a stream in its order. */
const REASONING = new Set([
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'thinking_blocks',
])

/**
 * Chat's chunks: a choice has a `delta`, which is part of its `message`
 * (https://platform.openai.com/docs/api-reference/chat-streaming).
 */
export const chatChunks: ChunkFormat = {
  object: 'chat.completion',
  chunkObject: 'chat.completion.chunk',
  rule: 'last',

  contentOf: ({ delta = null }) => delta,

  complete({ delta = null, ...rest }) {
    const said = isObject(delta) ? delta : {}
    const message = { role: 'assistant', content: null, ...said }
    return { choice: { ...rest, message }, lossless: delta === null || isObject(delta) }
  },

  /** One part with the reasoning, if any, one with the message and one with the end. */
  split({ message, finish_reason = null, index = 0, logprobs, ...more }) {
    const [reasoning, said] = partition(message as JsonObject, REASONING)
    const { role = 'assistant', ...answer } = said
    const delta = withIndexes(answer)
    const probabilities = logprobs === undefined ? {} : { logprobs }
    const end = { index, delta: {}, ...more, finish_reason }
    if (Object.keys(reasoning).length === 0) {
      return [{ index, delta: { role, ...delta }, ...probabilities, finish_reason: null }, end]
    }
    return [
      { index, delta: { role, ...reasoning }, finish_reason: null },
      { index, delta, ...probabilities, finish_reason: null },
      end,
    ]
  },
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
