import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../cache/json.ts'
import { parseEvents } from '../stream/sse.ts'
import type { ServerSentEvent } from '../stream/sse.ts'
import { inadmissible } from '../cache/admission.ts'
import type { Api } from './api.ts'
import { admitCompletion } from './chat-answer.ts'
import { requireShortStreamOptions } from './checks.ts'
import { mergeChunks } from './chat-merge.ts'
import { ownOptions, storedEvents, usageFrames, wantsUsage } from './chat-stream.ts'
import { splitCompletion } from './chat-split.ts'

/** `POST /v1/chat/completions` (https://platform.openai.com/docs/api-reference/chat/create). */
export const chatCompletions: Api = {
  path: '/v1/chat/completions',
  errorShape: 'openai',
  cached: true,
  semantic: true,

  check(body) {
    requireShortStreamOptions(body)
    const { messages, n } = body
    const isMessage = (message: unknown) => typeof message === 'object' && message !== null
    if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage)) {
      throw new GatewayError('invalid_request', 'messages must be a list of messages.', 'messages')
    }
    if (n !== undefined && n !== null && !(Number.isInteger(n) && (n as number) >= 1)) {
      throw new GatewayError('invalid_request', 'n must be a whole number from 1.', 'n')
    }
  },

  expected: ({ n }) => ({ count: typeof n === 'number' ? n : 1 }),

  /** Always requests usage, so that a stored stream can serve callers who want it. */
  upstreamBody(body) {
    if (body['stream'] !== true) return body
    const options = body['stream_options']
    const given = typeof options === 'object' && !Array.isArray(options) ? options : {}
    return { ...body, stream_options: { ...given, include_usage: true } }
  },

  admitJson: admitCompletion,

  admitStream(events, expected) {
    const merged = mergeChunks(events)
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
    assemble(events) {
      const merged = mergeChunks(events)
      if (typeof merged === 'string' || !merged.lossless) return undefined
      return JSON.stringify(merged.completion)
    },
    split: splitCompletion,
    usage: { isWanted: wantsUsage, frames: usageFrames },
    ownOptions,
    storedEvents,
  },

  preview: {
    input: ({ model = null, messages = [] }) => ({ model, messages }),
    output(text, mode) {
      if (mode === 'json') return JSON.parse(text) as JsonObject
      return completionOf(parseEvents(text)) ?? {}
    },
  },
}

const idOf = ({ data }: ServerSentEvent) => tryParse(data)?.['id']

function completionOf(events: readonly ServerSentEvent[]): JsonObject | undefined {
  const merged = mergeChunks(events)
  return typeof merged === 'string' ? undefined : merged.completion
}

function tryParse(data: string): JsonObject | null | undefined {
  try {
    return JSON.parse(data) as JsonObject | null
  } catch {
    return undefined
  }
}
