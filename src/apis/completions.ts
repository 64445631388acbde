import { GatewayError } from '../errors.ts'
import { parseEvents } from '../stream/sse.ts'
import { inadmissible } from '../cache/admissibility.ts'
import type { Api } from './api.ts'
import { requireChoiceCount } from './checks.ts'
import { assembleChunks, mergeChunks } from './completions/chunk-merge.ts'
import { splitAnswer } from './completions/chunk-split.ts'
import { admitTextCompletion } from './completions/completion-answer.ts'
import { completionChunks } from './completions/completion-chunks.ts'
import { textInputs } from './text-inputs.ts'
import {
  ownOptions,
  requireShortOptions,
  storedEvents,
  usageOption,
  withUsage,
} from './completions/stream-options.ts'

/**
 * `POST /v1/completions`, OpenAI's legacy API
 * (https://platform.openai.com/docs/api-reference/completions/create).
 */
export const completions: Api = {
  path: '/v1/completions',
  errorShape: 'openai',
  operation: 'text_completion',
  cached: true,
  semantic: false,

  check(body) {
    requireShortOptions(body)
    if (textInputs(body['prompt']) === undefined) {
      throw new GatewayError('invalid_request', 'prompt must be text or tokens.', 'prompt')
    }
    requireChoiceCount(body)
  },

  /** `n` choices for each prompt. `logprobs: 0` asks for those of the chosen tokens. */
  expected: ({ prompt, n, logprobs = null }) => ({
    count: (textInputs(prompt)?.length ?? 1) * (typeof n === 'number' ? n : 1),
    logprobs: logprobs !== null && logprobs !== false,
  }),

  upstreamBody: withUsage,

  admitJson: admitTextCompletion,

  admitStream(events, expected) {
    const merged = mergeChunks(events, completionChunks)
    return typeof merged === 'string'
      ? inadmissible(merged)
      : admitTextCompletion(merged.completion, expected)
  },

  modes: {
    assemble: (events) => assembleChunks(events, completionChunks),
    split: (text) => splitAnswer(text, completionChunks),
    usage: usageOption,
    ownOptions,
    storedEvents,
  },

  shownAnswer(text, mode) {
    if (mode === 'json') return text
    const merged = mergeChunks(parseEvents(text), completionChunks)
    return typeof merged === 'string' ? {} : merged.completion
  },
}
