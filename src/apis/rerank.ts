import * as z from 'zod'
import { GatewayError } from '../errors.ts'
import { admissible, inadmissible } from '../cache/admissibility.ts'
import type { Usage } from '../cache/admissibility.ts'
import { itemsOf } from '../cache/json.ts'
import type { Api } from './api.ts'
import { hasError } from './completions/chat-answer.ts'
import { tokenUsage } from './token-usage.ts'

const answerShape = z.object({
  id: z.string().min(1).nullish().catch(null),
  results: z.array(
    z.object({ index: z.number().int().nonnegative(), relevance_score: z.number() }),
  ),
  meta: z
    .object({
      tokens: z.unknown().optional(),
      billed_units: z.object({ total_tokens: z.unknown().optional() }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
})

/**
 * `POST /v1/rerank`, in Cohere's format (https://docs.cohere.com/reference/rerank). LiteLLM answers
 * its versions 1 and 2 alike.
 */
export const rerank: Api = {
  path: '/v1/rerank',
  errorShape: 'openai',
  cached: true,
  semantic: false,

  check({ query, documents }) {
    if (typeof query !== 'string') {
      throw new GatewayError('invalid_request', 'query must be text.', 'query')
    }
    if (itemsOf(documents).length === 0) {
      const message = 'documents must be a list of documents.'
      throw new GatewayError('invalid_request', message, 'documents')
    }
  },

  /** With an invalid `top_n`, no answer is complete. */
  expected({ documents, top_n = null }) {
    const { length } = itemsOf(documents)
    const most = top_n === null ? length : Number.isInteger(top_n) ? (top_n as number) : 0
    return { count: Math.min(most, length), documents: length }
  },

  upstreamBody: (body) => body,

  admitJson(answer, { count, documents = 0 }) {
    if (hasError(answer)) return inadmissible('error in the body')
    const parsed = answerShape.safeParse(answer)
    if (!parsed.success) return inadmissible('not a ranking')
    const { results, id, meta } = parsed.data
    const indexes = new Set(results.map(({ index }) => index).filter((index) => index < documents))
    // Some providers ignore `top_n`, and rank all documents.
    if (count < 1 || indexes.size < count || indexes.size !== results.length) {
      return inadmissible('results missing')
    }
    return admissible({ usage: usageOf(meta), created: null, id: id ?? null })
  },

  admitStream: () => inadmissible('rankings do not stream'),

  shownAnswer: (text) => text,
}

/** Some providers bill by tokens, some report them, some do neither. */
function usageOf(meta: z.output<typeof answerShape>['meta']): Usage | null {
  const billed = { input_tokens: meta?.billed_units?.total_tokens }
  return tokenUsage(meta?.tokens) ?? tokenUsage(billed)
}
