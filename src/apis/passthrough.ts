import type { JsonObject } from '../cache/json.ts'
import { inadmissible } from '../cache/admissibility.ts'
import type { Api } from './api.ts'
import type { FormRules } from './form-fields.ts'

/** A route that is checked like the others and passed through, never cached. */
function passthrough(path: string, form?: FormRules): Api {
  return {
    path,
    errorShape: 'openai',
    cached: false,
    semantic: false,
    ...(form === undefined ? {} : { form }),
    check: () => {},
    expected: () => ({ count: 1 }),
    upstreamBody: (body) => body,
    admitJson: () => inadmissible('not a cached route'),
    admitStream: () => inadmissible('not a cached route'),
    shownAnswer: (text, mode) => (mode === 'json' ? usageOf(text) : {}),
  }
}

/** Only the usage, because the answer may be an image of several megabytes. */
function usageOf(text: string): JsonObject {
  const { usage = null } = JSON.parse(text) as JsonObject
  return { usage }
}

export const images = passthrough('/v1/images/generations')
export const speech = passthrough('/v1/audio/speech')

/** `POST /v1/audio/transcriptions` (https://platform.openai.com/docs/api-reference/audio/createTranscription). */
export const transcriptions = passthrough('/v1/audio/transcriptions', {
  files: { file: 'one' },
  required: ['file'],
  lists: ['include', 'known_speaker_names', 'known_speaker_references', 'timestamp_granularities'],
  objects: ['chunking_strategy'],
})

/** `POST /v1/images/edits` (https://platform.openai.com/docs/api-reference/images/createEdit). */
export const imageEdits = passthrough('/v1/images/edits', {
  files: { image: 'many', mask: 'many' },
  // LiteLLM has models that need none.
  required: [],
  lists: [],
  objects: [],
})
