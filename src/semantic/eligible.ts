import type { Json, JsonObject } from '../cache/json.ts'

/** The one text question of a request; or why it may not be matched by meaning, where that is news. */
export type Matching = { readonly wording: string } | { readonly why: string | undefined }

export interface EligibleLimits {
  /** Of all text, what the question must be at least, 0 … 1. */
  readonly minQuestionShare: number
  readonly maxChars: number
  readonly maxMessages: number
}

/** Members that make an answer more than the text of its question; unless null or false. */
const BEYOND_TEXT: Readonly<Record<string, string>> = {
  tools: 'tools',
  functions: 'tools',
  tool_choice: 'tools',
  function_call: 'tools',
  web_search_options: 'web search',
  response_format: 'response_format',
  audio: 'audio',
  modalities: 'modalities',
  logprobs: 'logprobs',
  top_logprobs: 'logprobs',
  seed: 'seed',
}

/**
 * Whether LiteLLM may match this chat completion by meaning: it must be one text question. LiteLLM
 * embeds the text of all messages joined, so where much of it is shared, everything is alike; and what
 * is not text (pictures, sound, tools) it does not compare at all.
 */
export function eligibility(body: JsonObject, limits: EligibleLimits): Matching {
  const beyond = Object.keys(BEYOND_TEXT).find((name) => (body[name] ?? false) !== false)
  if (beyond !== undefined) return { why: BEYOND_TEXT[beyond]! }
  if ((body['n'] ?? 1) !== 1) return { why: 'n' }
  const { messages } = body
  if (!Array.isArray(messages) || messages.length > limits.maxMessages) {
    return { why: 'conversation' }
  }
  const texts: string[] = []
  for (const message of messages) {
    const read = readMessage(message)
    if ('why' in read) return read
    texts.push(read.wording)
  }
  const wording = texts.at(-1) ?? ''
  if ((messages.at(-1) as JsonObject)['role'] !== 'user') return { why: 'last message' }
  const chars = texts.reduce((sum, text) => sum + text.length, 0)
  if (wording.trim() === '') return { why: 'no text' }
  if (chars > limits.maxChars) return { why: `${chars} characters` }
  const share = wording.length / chars
  // Rounded down: what is shown is what was too little.
  const shown = (Math.floor(share * 100) / 100).toFixed(2)
  return share < limits.minQuestionShare ? { why: `share ${shown}` } : { wording }
}

/** A message's text, where it has nothing else. */
function readMessage(message: Json): Matching {
  if (message === null || typeof message !== 'object' || Array.isArray(message)) {
    return { why: 'message' }
  }
  const { role, content } = message
  const usesTools = role === 'tool' || role === 'function'
  if (usesTools || (message['tool_calls'] ?? message['function_call'] ?? null) !== null) {
    return { why: 'tools' }
  }
  if (typeof content === 'string') return { wording: content }
  if (!Array.isArray(content)) return { why: 'no text' }
  const texts: string[] = []
  for (const part of content) {
    const { type, text } = (part ?? {}) as JsonObject
    if (type !== 'text' || typeof text !== 'string') return { why: partName(type) }
    texts.push(text)
  }
  return { wording: texts.join('') }
}

/** OpenAI's types of content, for people. */
function partName(type: Json | undefined): string {
  if (type === 'image_url') return 'images'
  if (type === 'input_audio') return 'audio'
  return type === 'file' ? 'files' : 'content'
}
