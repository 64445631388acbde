import * as z from 'zod'
import { admissible, inadmissible } from '../cache/admissibility.ts'
import { anthropicError } from './messages/anthropic-error.ts'
import type { Api } from './api.ts'
import { hasError } from './completions/chat-answer.ts'
import { withoutBillingLine } from './messages/billing-line.ts'
import { requireMessages, serverSideState, userIdOf } from './messages.ts'

/** LiteLLM answers 0 if it cannot read the provider's count. No request has 0 tokens. */
const countShape = z.object({
  input_tokens: z.number().int().positive(),
  litellm_count_source: z.unknown().optional(),
})

/** `POST /v1/messages/count_tokens` (https://docs.anthropic.com/en/api/messages-count-tokens). */
export const countTokens: Api = {
  path: '/v1/messages/count_tokens',
  errorShape: 'anthropic',
  cached: true,
  semantic: false,
  keyBody: withoutBillingLine,
  endUser: userIdOf,
  bypass: serverSideState,
  errorBody: anthropicError,
  check: requireMessages,
  expected: () => ({ count: 1 }),
  upstreamBody: (body) => body,

  admitJson(answer) {
    if (hasError(answer)) return inadmissible('error in the body')
    const { data } = countShape.safeParse(answer)
    if (data === undefined) return inadmissible('not a token count')
    // LiteLLM guesses if the provider does not count. The next time it may.
    if (data.litellm_count_source === 'local_estimate') return inadmissible('a local estimate')
    return admissible({ usage: null, created: null, id: null })
  },

  admitStream: () => inadmissible('token counts do not stream'),

  shownAnswer: (text) => text,
}
