import { isObject } from '../cache/json.ts'
import type { JsonObject } from '../cache/json.ts'
import { tryParseJson } from '../cache/parse-json.ts'
import type { ServerSentEvent } from '../stream/sse.ts'
import { hasError } from './chat-answer.ts'

/** What an event of a chat stream is. */
export type ChatEvent =
  | { readonly kind: 'chunk'; readonly chunk: JsonObject }
  /** The end marker of OpenAI's streams. */
  | { readonly kind: 'done' }
  /** Says that the answer failed. */
  | { readonly kind: 'error' }
  /** Keep-alive comments and empty events: not part of the answer. */
  | { readonly kind: 'noise' }
  /** Meant to be a part of the answer, and can't be read. */
  | { readonly kind: 'broken' }

export const DONE = '[DONE]'

/**
 * Reads an event of a chat stream (https://platform.openai.com/docs/api-reference/chat-streaming). Text
 * that is no JSON is noise; JSON that is cut, or that parsers read in different ways, is broken.
 */
export function readChatEvent({ event, data }: ServerSentEvent): ChatEvent {
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
