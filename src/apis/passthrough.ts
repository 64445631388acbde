import type { JsonObject } from '../cache/json.ts'
import { inadmissible } from '../cache/admission.ts'
import type { Api } from './api.ts'

/** Body members that a trace shows as the input, if present. */
const TRACED_MEMBERS = ['model', 'input', 'prompt', 'query', 'documents', 'messages'] as const

interface PassthroughOptions {
  /** Whether LiteLLM has a default model for this API. */
  readonly modelOptional?: boolean
}

/** A JSON route that is checked like the others and passed through, never cached. */
function passthrough(path: string, options: PassthroughOptions = {}): Api {
  const { modelOptional = false } = options
  return {
    path,
    errorShape: 'openai',
    cached: false,
    semantic: false,
    modelOptional,
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
