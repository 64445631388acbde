import { isObject } from '../../cache/json.ts'
import type { JsonObject } from '../../cache/json.ts'
import { tryParseJson } from '../../cache/parse-json.ts'
import type { ServerSentEvent } from '../../stream/sse.ts'
import { hasError } from './chat-answer.ts'

/** The kinds of events in a stream of chunks. */
export type ChunkEvent =
  | { readonly kind: 'chunk'; readonly chunk: JsonObject }
  /** The end marker of OpenAI's streams. */
  | { readonly kind: 'done' }
  /** The answer failed. */
  | { readonly kind: 'error' }
  /** Keep-alive comments and empty events, which are not part of the answer. */
  | { readonly kind: 'noise' }
  /** A part of the answer that cannot be read. */
  | { readonly kind: 'broken' }

/** The data of the end marker. */
export const DONE = '[DONE]'

/**
 * Reads an event of a stream of chunks, of chat or of legacy completions
 * (https://platform.openai.com/docs/api-reference/chat-streaming).
 * Text that is not JSON is noise. JSON that is truncated or ambiguous is broken.
 */
export function readChunkEvent({ event, data }: ServerSentEvent): ChunkEvent {
  if (event === 'error') return { kind: 'error' }
  const text = data.trim()
  if (text === DONE) return { kind: 'done' }
  if (!/^[{[]/.test(text)) return { kind: 'noise' }
  const chunk = tryParseJson(text)
  if (chunk === undefined || !isObject(chunk)) return { kind: 'broken' }
  if (hasError(chunk) || chunk['object'] === 'error' || chunk['type'] === 'error') {
    return { kind: 'error' }
  }
  const { choices, usage } = chunk
  if (choices === undefined && usage === undefined) return { kind: 'noise' }
  const isReadable = choices === undefined || choices === null || Array.isArray(choices)
  return isReadable ? { kind: 'chunk', chunk } : { kind: 'broken' }
}
