import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../cache/json.ts'
import { inadmissible } from '../cache/admissibility.ts'
import { parseEvents } from '../stream/sse.ts'
import type { Api } from './api.ts'
import { requireShortOptions } from './completions/stream-options.ts'
import { admitResponse } from './responses/answer.ts'
import { storedEvents } from './responses/events.ts'
import {
  labelsOf,
  unclearLabels,
  withoutClientMetadata,
  withoutLabels,
} from './responses/labels.ts'
import { completedResponse } from './responses/merge.ts'
import { splitResponse } from './responses/split.ts'
import { reasonToBypass } from './responses/state.ts'

/** `POST /v1/responses` (https://platform.openai.com/docs/api-reference/responses/create). */
export const responses: Api = {
  path: '/v1/responses',
  errorShape: 'openai',
  operation: 'chat',
  cached: true,
  semantic: false,

  keyBody: withoutClientMetadata,

  bypass: (body) => reasonToBypass(body) ?? unclearLabels(body),

  check(body) {
    requireShortOptions(body)
    const { input = null } = body
    if (input !== null && typeof input !== 'string' && !Array.isArray(input)) {
      throw new GatewayError('invalid_request', 'input must be text or a list of items.', 'input')
    }
  },

  expected: (body) => ({ count: 1, labels: labelsOf(body) }),

  upstreamBody: (body) => body,

  admitJson: admitResponse,

  admitStream(events) {
    const completed = completedResponse(events)
    return typeof completed === 'string'
      ? inadmissible(completed)
      : admitResponse(JSON.parse(completed.text))
  },

  modes: {
    assemble(events) {
      const completed = completedResponse(events)
      return typeof completed === 'string' ? undefined : completed.text
    },
    split: splitResponse,
    ownOptions,
    storedEvents,
  },

  storedForm: withoutLabels,

  shownAnswer(text, mode) {
    if (mode === 'json') return text
    const completed = completedResponse(parseEvents(text))
    return typeof completed === 'string' ? {} : (JSON.parse(completed.text) as JsonObject)
  },
}

/** All stream options affect one caller only (`include_obfuscation`); undefined if there are none. */
function ownOptions({ stream_options }: JsonObject): JsonObject | undefined {
  const isGiven = typeof stream_options === 'object' && !Array.isArray(stream_options)
  if (!isGiven || stream_options === null) return undefined
  return Object.keys(stream_options).length === 0 ? undefined : stream_options
}
