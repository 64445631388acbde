import type { Eligibility } from '../apis/request.ts'
import { NOT_COUNTED } from '../cache/canonical.ts'
import { isObject } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { twoPlaces } from '../cache/status.ts'

/** Limits for requests that a semantic hit may answer. */
export interface EligibilityLimits {
  /** The least share of the last message in all text, 0 … 1. */
  readonly minQuestionShare: number
  /** The most characters in all messages. */
  readonly maxChars: number
  readonly maxMessages: number
}

/** The only members that an eligible request may have. */
const ALLOWED: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'stop',
  'presence_penalty',
  'frequency_penalty',
  'reasoning_effort',
  'verbosity',
  'service_tier',
  ...Object.keys(NOT_COUNTED),
])

const isAbsent = (value: Json | undefined) =>
  value === undefined || value === null || value === false

/** The `response_format` that equals the default. */
const PLAIN_TEXT = '{"type":"text"}'

/** The members of a message that contains text only. */
const MESSAGE = new Set(['role', 'content', 'name'])
const TEXT_PART = new Set(['type', 'text'])

/**
 * Whether a semantic hit may answer a chat completion. LiteLLM compares only the joined text of all
 * messages, cut at the embedding model's window. So only a request that is one text question
 * qualifies. Members are on an allow-list: an unknown one may change the answer in a way that no
 * embedding sees.
 */
export function eligibility(body: JsonObject, limits: EligibilityLimits): Eligibility {
  const barrier = Object.entries(body).find(([name, value]) => !isAllowed(name, value))?.[0]
  if (barrier !== undefined) return { reason: nameForPeople(barrier) }
  const { messages } = body
  if (!Array.isArray(messages) || messages.length > limits.maxMessages) {
    return { reason: 'conversation' }
  }
  const texts: string[] = []
  for (const message of messages) {
    const read = readMessage(message)
    if ('reason' in read) return read
    texts.push(read.text)
  }
  const last = messages.at(-1) as JsonObject | undefined
  if (last?.['role'] !== 'user') return { reason: 'last message' }
  // How LiteLLM joins several text parts is not documented.
  if (Array.isArray(last['content']) && last['content'].length !== 1) return { reason: 'content' }
  const text = texts.at(-1) ?? ''
  if (text.trim() === '') return { reason: 'no text' }
  const chars = texts.reduce((sum, { length }) => sum + length, 0)
  if (chars > limits.maxChars) return { reason: `${chars} characters` }
  const share = text.length / chars
  return share < limits.minQuestionShare ? { reason: `share ${twoPlaces(share)}` } : { text }
}

function isAllowed(name: string, value: Json): boolean {
  if (isAbsent(value)) return true
  if (name === 'n') return value === 1
  if (name === 'response_format') return JSON.stringify(value) === PLAIN_TEXT
  if (name === 'stop') return [value].flat().every((text) => typeof text === 'string')
  return ALLOWED.has(name)
}

/** A message's text, if it contains nothing else. */
function readMessage(message: Json): Eligibility {
  if (!isObject(message)) return { reason: 'message' }
  const more = Object.entries(message).find(
    ([name, value]) => !MESSAGE.has(name) && !isAbsent(value),
  )
  if (more !== undefined) return { reason: nameForPeople(more[0]) }
  if (message['role'] === 'tool' || message['role'] === 'function') return { reason: 'tools' }
  const { content = null } = message
  if (typeof content === 'string') return { text: content }
  if (!Array.isArray(content)) return { reason: 'no text' }
  const texts: string[] = []
  for (const part of content) {
    if (!isObject(part) || typeof part['text'] !== 'string' || part['type'] !== 'text') {
      return { reason: isObject(part) ? nameForPeople(part['type'] ?? 'content') : 'content' }
    }
    const unknown = Object.keys(part).find((name) => !TEXT_PART.has(name))
    if (unknown !== undefined) return { reason: nameForPeople(unknown) }
    texts.push(part['text'])
  }
  return { text: texts.join('') }
}

/** The caller's name for a member, unless it is too odd for a header. */
function nameForPeople(name: Json): string {
  return typeof name === 'string' && /^[\w.-]{1,64}$/.test(name) ? name : 'unknown member'
}
