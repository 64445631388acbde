import type { JsonObject } from '../cache/json.ts'
import { inadmissible } from '../cache/admission.ts'
import type { Api } from './api.ts'

/** Body members that a trace shows as the input, if present. */
const TRACED_MEMBERS = ['model', 'input', 'prompt', 'messages'] as const

/** A JSON route that is checked like the others and passed through, never cached. */
function passthrough(path: string): Api {
  return {
    path,
    errorShape: 'openai',
    cached: false,
    semantic: false,
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

export const images = passthrough('/v1/images/generations')
export const speech = passthrough('/v1/audio/speech')
