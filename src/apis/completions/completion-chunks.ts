import { isObject } from '../../cache/json.ts'
import type { Json } from '../../cache/json.ts'
import type { ChunkFormat } from './chunk-merge.ts'

/**
 * The chunks of legacy completions, which look like the complete answer. A choice contains what is
 * new (`text`, `logprobs`) beside what is known so far, so an unknown member that changes is a loss
 * (https://platform.openai.com/docs/api-reference/completions/create#completions-create-stream).
 */
export const completionChunks: ChunkFormat = {
  object: 'text_completion',
  chunkObject: 'text_completion',
  rule: 'known',

  contentOf: ({ text = null, logprobs = null }) => [text, logprobs],

  /** LiteLLM leaves null members out of chunks. */
  complete: (joined) => ({
    choice: { text: '', logprobs: null, ...joined },
    lossless: isAligned(joined['logprobs'] ?? null),
  }),

  /** One part with the text and one with the end: some clients stop reading at the finish reason. */
  split: ({ index = 0, text = '', logprobs = null, finish_reason = null, ...more }) => [
    { index, text, logprobs, finish_reason: null },
    { index, text: '', logprobs: null, ...more, finish_reason },
  ],
}

/** Whether all lists have an item for each token. They do not if a chunk lacked one of them. */
function isAligned(logprobs: Json): boolean {
  if (!isObject(logprobs)) return true
  const lists = Object.values(logprobs).filter((list) => Array.isArray(list))
  return lists.every(({ length }) => length === lists[0]?.length)
}
