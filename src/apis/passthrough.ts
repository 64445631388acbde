import type { ErrorShape } from '../errors.ts'
import type { JsonObject } from '../cache/json.ts'
import { inadmissible } from '../cache/admission.ts'
import type { Api } from './api.ts'
import type { FormRules } from './form-fields.ts'

/** Body members that a trace shows as the input, if present. */
const TRACED_MEMBERS = ['model', 'input', 'prompt', 'query', 'documents', 'messages'] as const

interface PassthroughOptions {
  /** Whether LiteLLM has a default model for this API. */
  readonly modelOptional?: boolean
  readonly errorShape?: ErrorShape
  readonly form?: FormRules
}

/** A route that is checked like the others and passed through, never cached. */
function passthrough(path: string, options: PassthroughOptions = {}): Api {
  const { modelOptional = false, errorShape = 'openai', form } = options
  return {
    path,
    errorShape,
    cached: false,
    semantic: false,
    modelOptional,
    ...(form === undefined ? {} : { form }),
    check: () => {},
    expected: () => ({ count: 1 }),
    upstreamBody: (body) => body,
    admitJson: () => inadmissible('not a cached route'),
    admitStream: () => inadmissible('not a cached route'),
    preview: {
      input: (body) =>
        Object.fromEntries(
          TRACED_MEMBERS.filter((name) => Object.hasOwn(body, name)).map((name) => [
            name,
            body[name]!,
          ]),
        ),
      output: (text, mode) => (mode === 'json' ? usageOf(text) : {}),
    },
  }
}

/** Only the usage, because the answer may be an image of several megabytes. */
function usageOf(text: string): JsonObject {
  const { usage = null, input_tokens = null } = JSON.parse(text) as JsonObject
  return { usage, input_tokens }
}

export const moderations = passthrough('/v1/moderations', { modelOptional: true })
export const rerank = passthrough('/v1/rerank')
export const images = passthrough('/v1/images/generations')
export const speech = passthrough('/v1/audio/speech')
export const countTokens = passthrough('/v1/messages/count_tokens', { errorShape: 'anthropic' })

/** `POST /v1/audio/transcriptions` (https://platform.openai.com/docs/api-reference/audio/createTranscription). */
export const transcriptions = passthrough('/v1/audio/transcriptions', {
  form: {
    files: { file: 'one' },
    required: ['file'],
    lists: [
      'include',
      'known_speaker_names',
      'known_speaker_references',
      'timestamp_granularities',
    ],
    objects: ['chunking_strategy'],
  },
})

/** `POST /v1/images/edits` (https://platform.openai.com/docs/api-reference/images/createEdit). */
export const imageEdits = passthrough('/v1/images/edits', {
  form: {
    files: { image: 'many', mask: 'one' },
    // LiteLLM has models that need none.
    required: [],
    lists: [],
    objects: [],
  },
})
