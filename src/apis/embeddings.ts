import { GatewayError } from '../errors.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { inadmissible, admissible } from '../cache/admission.ts'
import type { Api } from './api.ts'
import { readUsage } from './completions/chat-answer.ts'
import { itemOf, NO_USAGE, readEmbeddings, storedText } from './embeddings/answer.ts'
import { keyBodyOf } from './embeddings/key.ts'
import { textInputs } from './text-inputs.ts'

/** OpenAI's limit; more would take a second of digests. */
const MOST_INPUTS = 2_048

/** The encodings that one stored form answers. */
const ENCODINGS: ReadonlySet<Json | undefined> = new Set([undefined, null, 'float', 'base64'])

const ONE = { count: 1 } as const

/**
 * `POST /v1/embeddings` (https://platform.openai.com/docs/api-reference/embeddings/create). Each input
 * has an entry of its own: `embeddingBatch` answers requests with several.
 */
export const embeddings: Api = {
  path: '/v1/embeddings',
  errorShape: 'openai',
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

  expected: ({ input, dimensions, encoding_format }) => ({
    count: textInputs(input)?.length ?? 1,
    dimensions: typeof dimensions === 'number' ? dimensions : undefined,
    base64: encoding_format === 'base64',
  }),

  bypass({ input, encoding_format }) {
    const inputs = textInputs(input)
    if (inputs === undefined) return 'input is neither text nor tokens'
    if (inputs.length > MOST_INPUTS) return 'too many inputs'
    return ENCODINGS.has(encoding_format) ? undefined : 'encoding_format'
  },

  upstreamBody: (body) => body,

  admitJson(answer, expected) {
    const read = readEmbeddings(answer as Json, expected)
    if (typeof read === 'string') return inadmissible(read)
    return admissible({ usage: readUsage(read.envelope['usage']), created: null, id: null })
  },

  admitStream: () => inadmissible('embeddings do not stream'),

  storedForm: {
    pack(text) {
      const read = readEmbeddings(JSON.parse(text) as Json, ONE)
      const [only] = typeof read === 'string' ? [] : read.items
      return typeof read === 'string' || only === undefined ? text : storedText(read.envelope, only)
    },
    unpack(stored, _mode, { base64 = false }) {
      const read = readEmbeddings(JSON.parse(stored) as Json, ONE)
      const [only] = typeof read === 'string' ? [] : read.items
      const item = only && itemOf(only, 0, base64)
      if (typeof read === 'string' || item === undefined) return undefined
      const { usage = NO_USAGE, ...envelope } = read.envelope
      return JSON.stringify({ ...envelope, data: [item], usage })
    },
  },

  preview: {
    input: ({ model = null, input = null }) => ({ model, input }),
    output(text) {
      const { model = null, data, usage = null } = JSON.parse(text) as JsonObject
      return { model, vectors: Array.isArray(data) ? data.length : 0, usage }
    },
  },
}
