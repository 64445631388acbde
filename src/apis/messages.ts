import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../cache/json.ts'
import { parseEvents } from '../stream/sse.ts'
import { anthropicError } from './messages/anthropic-error.ts'
import type { Api } from './api.ts'
import { withoutBillingLine } from './messages/billing-line.ts'
import { admitMessage, admitMessageStream } from './messages/answer.ts'
import { storedMessageEvents } from './messages/events.ts'
import { mergeMessage } from './messages/merge.ts'
import { splitMessage } from './messages/split.ts'

/** `POST /v1/messages` (https://docs.anthropic.com/en/api/messages). */
export const messages: Api = {
  path: '/v1/messages',
  errorShape: 'anthropic',
  operation: 'chat',
  cached: true,
  semantic: false,
  // Not a parameter of this API, so nothing is known of its effect.
  counted: ['stream_options'],
  keyBody: withoutBillingLine,
  endUser: userIdOf,
  bypass: serverSideState,
  errorBody: anthropicError,
  check: requireMessages,
  expected: () => ({ count: 1 }),
  upstreamBody: (body) => body,
  admitJson: admitMessage,
  admitStream: admitMessageStream,

  modes: {
    assemble(events) {
      const merged = mergeMessage(events)
      return 'why' in merged || !merged.lossless ? undefined : merged.text
    },
    split: splitMessage,
    ownOptions: () => undefined,
    storedEvents: storedMessageEvents,
  },

  shownAnswer(text, mode) {
    if (mode === 'json') return text
    const merged = mergeMessage(parseEvents(text))
    return 'why' in merged ? {} : (JSON.parse(merged.text) as JsonObject)
  },
}

/** Requires a list of messages. */
export function requireMessages({ messages }: JsonObject): void {
  const isMessage = (message: unknown) => typeof message === 'object' && message !== null
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage)) {
    throw new GatewayError('invalid_request', 'messages must be a list of messages.', 'messages')
  }
}

/** The end user: Anthropic's `metadata.user_id`. */
export function userIdOf({ metadata }: JsonObject): JsonObject[string] | undefined {
  const isNamed = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
  return isNamed ? metadata['user_id'] : undefined
}

/**
 * Why the answer depends on more than the request: it uses state on a server. A `thread` can be
 * continued once, so two callers must not start from the same answer. The SDKs' tool runners use one
 * by default (https://github.com/anthropics/anthropic-sdk-typescript/blob/main/helpers.md).
 */
export function serverSideState(body: JsonObject): string | undefined {
  const { container, mcp_servers, thread } = body
  const isUsed = [container, mcp_servers, thread].some((one) => one !== undefined && one !== null)
  return isUsed ? 'server-side state' : undefined
}
