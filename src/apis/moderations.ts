import * as z from 'zod'
import { GatewayError } from '../errors.ts'
import { admissible, inadmissible } from '../cache/admissibility.ts'
import type { Json } from '../cache/json.ts'
import type { Api } from './api.ts'
import { hasError } from './completions/chat-answer.ts'

const answerShape = z.object({
  id: z.string().min(1).nullish().catch(null),
  results: z.array(z.object({ flagged: z.boolean() })),
})

/**
 * `POST /v1/moderations`. Without a model, LiteLLM or the provider chooses one
 * (https://platform.openai.com/docs/api-reference/moderations/create).
 */
export const moderations: Api = {
  path: '/v1/moderations',
  errorShape: 'openai',
  cached: true,
  semantic: false,
  modelOptional: true,

  check({ input }) {
    if (countInputs(input) === 0) {
      const message = 'input must be text, a list of texts, or a list of content parts.'
      throw new GatewayError('invalid_request', message, 'input')
    }
  },

  expected: ({ input }) => ({ count: countInputs(input) }),

  upstreamBody: (body) => body,

  admitJson(answer, { count }) {
    if (hasError(answer)) return inadmissible('error in the body')
    const parsed = answerShape.safeParse(answer)
    if (!parsed.success) return inadmissible('not a moderation')
    const { results, id } = parsed.data
    if (results.length !== count) return inadmissible('results missing')
    return admissible({ usage: null, created: null, id: id ?? null })
  },

  admitStream: () => inadmissible('moderations do not stream'),

  shownAnswer: (text) => text,
}

/** Each text has its own result; content parts (text and images) have one together. */
function countInputs(input: Json | undefined): number {
  if (typeof input === 'string') return 1
  if (!Array.isArray(input) || input.length === 0) return 0
  if (input.every((part) => typeof part === 'string')) return input.length
  return input.every((part) => typeof part === 'object' && part !== null) ? 1 : 0
}
