import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../cache/json.ts'
import { parseEvents } from '../stream/sse.ts'
import type { ServerSentEvent } from '../stream/sse.ts'
import { inadmissible } from '../cache/admissibility.ts'
import type { Api } from './api.ts'
import { admitCompletion } from './completions/chat-answer.ts'
import { requireChoiceCount } from './checks.ts'
import { chatChunks } from './completions/chat-chunks.ts'
import { assembleChunks, mergeChunks } from './completions/chunk-merge.ts'
import { splitAnswer } from './completions/chunk-split.ts'
import {
  ownOptions,
  requireShortOptions,
  storedEvents,
  usageOption,
  withUsage,
} from './completions/stream-options.ts'

/** `POST /v1/chat/completions` (https://platform.openai.com/docs/api-reference/chat/create). */
export const chatCompletions: Api = {
  path: '/v1/chat/completions',
  errorShape: 'openai',
  operation: 'chat',
  cached: true,
  semantic: true,

  check(body) {
    const { messages } = body
    requireShortOptions(body)
    const isMessage = (message: unknown) => typeof message === 'object' && message !== null
    if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage)) {
      throw new GatewayError('invalid_request', 'messages must be a list of messages.', 'messages')
    }
    requireChoiceCount(body)
  },

  expected: ({ n }) => ({ count: typeof n === 'number' ? n : 1 }),

  upstreamBody: withUsage,

  admitJson: admitCompletion,

  admitStream(events, expected) {
    const merged = mergeChunks(events, chatChunks)
    return typeof merged === 'string'
      ? inadmissible(merged)
      : admitCompletion(merged.completion, expected)
  },

  answerId(text, mode) {
    const id = mode === 'json' ? tryParse(text)?.['id'] : parseEvents(text).map(idOf).find(Boolean)
    return typeof id === 'string' && id !== '' ? id : undefined
  },

  answerText(text, mode) {
    const completion = mode === 'json' ? tryParse(text) : completionOf(parseEvents(text))
    const { choices } = (completion ?? {}) as { choices?: { message?: { content?: unknown } }[] }
    const content = choices?.[0]?.message?.content
    return typeof content === 'string' ? content : undefined
  },

  modes: {
    assemble: (events) => assembleChunks(events, chatChunks),
    split: (text) => splitAnswer(text, chatChunks),
    usage: usageOption,
    ownOptions,
    storedEvents,
  },

  shownAnswer(text, mode) {
    if (mode === 'json') return text
    return completionOf(parseEvents(text)) ?? {}
  },
}

const idOf = ({ data }: ServerSentEvent) => tryParse(data)?.['id']

function completionOf(events: readonly ServerSentEvent[]): JsonObject | undefined {
  const merged = mergeChunks(events, chatChunks)
  return typeof merged === 'string' ? undefined : merged.completion
}

function tryParse(data: string): JsonObject | null | undefined {
  try {
    return JSON.parse(data) as JsonObject | null
  } catch {
    return undefined
  }
}
