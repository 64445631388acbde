import * as z from 'zod'
import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../cache/json.ts'
import { inadmissible, admissible } from '../cache/admission.ts'
import type { Api } from './api.ts'
import { hasError, readUsage } from './chat-answer.ts'
import { countTexts } from './count-texts.ts'

const answerShape = z.object({
  data: z.array(
    z.object({
      index: z.number().int().nonnegative(),
      embedding: z.union([z.string().min(1), z.array(z.number()).min(1)]),
    }),
  ),
  usage: z.unknown().optional(),
})

/** `POST /v1/embeddings` (https://platform.openai.com/docs/api-reference/embeddings/create). */
export const embeddings: Api = {
  path: '/v1/embeddings',
  errorShape: 'openai',
  cached: true,
  semantic: false,

  check(body) {
    if (countTexts(body['input']) === 0) {
      throw new GatewayError('invalid_request', 'input must be text or tokens.', 'input')
    }
  },

  expected: ({ input, dimensions, encoding_format }) => ({
    count: countTexts(input),
    dimensions: typeof dimensions === 'number' ? dimensions : undefined,
    base64: encoding_format === 'base64',
  }),

  upstreamBody: (body) => body,

  admitJson(answer, { count, dimensions, base64 = false }) {
    if (hasError(answer)) return inadmissible('error in the body')
    const parsed = answerShape.safeParse(answer)
    if (!parsed.success) return inadmissible('not a list of embeddings')
    const { data, usage } = parsed.data
    const indexes = new Set(data.map(({ index }) => index).filter((index) => index < count))
    if (data.length !== count || indexes.size !== count) return inadmissible('vectors missing')
    const lengths = new Set(data.map(({ embedding }) => lengthOf(embedding, base64)))
    if (lengths.has(undefined)) return inadmissible('vectors of another encoding')
    const [length] = lengths
    if (lengths.size > 1 || (dimensions !== undefined && length !== dimensions)) {
      return inadmissible('vectors of another length')
    }
    return admissible({ usage: readUsage(usage), created: null, id: null })
  },

  admitStream: () => inadmissible('embeddings do not stream'),

  preview: {
    input: ({ model = null, input = null }) => ({ model, input }),
    output(text) {
      const { model = null, data, usage = null } = JSON.parse(text) as JsonObject
      return { model, vectors: Array.isArray(data) ? data.length : 0, usage }
    },
  },
}

/** The length of a vector; undefined if it is not in the requested encoding. */
function lengthOf(vector: string | number[], wantsBase64: boolean): number | undefined {
  if (typeof vector !== 'string') return wantsBase64 ? undefined : vector.length
  if (!wantsBase64) return undefined
  try {
    const floats = atob(vector).length / Float32Array.BYTES_PER_ELEMENT
    return Number.isInteger(floats) && floats > 0 ? floats : undefined
  } catch {
    return undefined
  }
}
