import { GatewayError } from '../errors.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { inadmissible, admissible } from '../cache/admissibility.ts'
import { tryParse } from '../cache/parse-json.ts'
import type { Api } from './api.ts'
import { readUsage } from './completions/chat-answer.ts'
import { itemOf, NO_USAGE, partTexts, readEmbeddings, storedText } from './embeddings/answer.ts'
import { isSeparable, keyBodyOf } from './embeddings/key.ts'
import { textInputs } from './text-inputs.ts'

/** The encodings that one stored form answers. */
const ENCODINGS: ReadonlySet<Json | undefined> = new Set([undefined, null, 'float', 'base64'])

/**
 * `POST /v1/embeddings` (https://platform.openai.com/docs/api-reference/embeddings/create). Each input
 * has an entry of its own, where vectors do not depend on each other: `embeddingBatch` answers requests
 * with several.
 */
export const embeddings: Api = {
  path: '/v1/embeddings',
  errorShape: 'openai',
  operation: 'embeddings',
  cached: true,
  semantic: false,
  keyBody: keyBodyOf,

  check({ input }) {
    const isText = typeof input === 'string'
    if (!isText && !(Array.isArray(input) && input.length > 0)) {
      throw new GatewayError(
        'invalid_request',
        'input must be text, tokens, or a list of these.',
        'input',
      )
    }
  },

  expected(body) {
    const { input, dimensions, encoding_format } = body
    return {
      count: textInputs(input)?.length ?? 1,
      dimensions: typeof dimensions === 'number' ? dimensions : undefined,
      base64: encoding_format === 'base64',
      separable: isSeparable(body),
    }
  },

  bypass({ input, encoding_format }) {
    if (textInputs(input) === undefined) return 'input is neither text nor tokens'
    return ENCODINGS.has(encoding_format) ? undefined : 'encoding_format'
  },

  upstreamBody: (body) => body,

  admitJson(answer, expected) {
    const read = readEmbeddings(answer as Json, expected)
    if (typeof read === 'string') return inadmissible(read)
    return admissible({ usage: readUsage(read.envelope['usage']), created: null, id: null })
  },

  admitStream: () => inadmissible('embeddings do not stream'),

  partTexts(text, expected) {
    const read = readEmbeddings(tryParse(text) ?? null, expected)
    return typeof read === 'string' ? read : partTexts(read)
  },

  storedForm: {
    pack(text, _mode, { count, separable }) {
      const read = readEmbeddings(JSON.parse(text) as Json, { count })
      return typeof read === 'string' || !separable ? text : storedText(read)
    },
    unpack(stored, _mode, { count, base64 = false, separable }) {
      if (!separable) return stored
      const read = readEmbeddings(JSON.parse(stored) as Json, { count })
      if (typeof read === 'string') return undefined
      const items = read.items.map((item, index) => itemOf(item, index, base64))
      if (items.includes(undefined)) return undefined
      const { usage = NO_USAGE, ...envelope } = read.envelope
      return JSON.stringify({ ...envelope, data: items as JsonObject[], usage })
    },
  },

  shownAnswer(text) {
    const { model = null, data, usage = null } = JSON.parse(text) as JsonObject
    return { model, vectors: Array.isArray(data) ? data.length : 0, usage }
  },
}
