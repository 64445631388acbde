import type { ErrorShape } from '../errors.ts'
import type { JsonObject } from '../cache/json.ts'
import { notStorable } from '../cache/admission.ts'
import type { Api } from './api.ts'
import { requireModel, requireStreamFlag } from './checks.ts'

/** What people read of these in a trace, where it is there. */
const QUESTION = ['model', 'input', 'prompt', 'query', 'documents', 'messages'] as const

interface PassedOnOptions {
  readonly aliases?: readonly string[]
  /** Whether LiteLLM finds a model where the request names none. */
  readonly modelOptional?: boolean
  readonly errorShape?: ErrorShape
  readonly deployment?: string
}

/** A JSON route that is checked like the others, passed on, and never kept. */
function passedOn(path: string, options: PassedOnOptions = {}): Api {
  const { aliases = [path.replace('/v1', '')], modelOptional = false } = options
  return {
    path,
    aliases,
    ...(options.deployment === undefined ? {} : { deployment: options.deployment }),
    errorShape: options.errorShape ?? 'openai',
    cached: false,
    semantic: false,
    check(body) {
      if (!modelOptional || Object.hasOwn(body, 'model')) requireModel(body)
      requireStreamFlag(body)
    },
    upstreamBody: (body) => body,
    judgeJson: () => notStorable('not a cached route'),
    judgeStream: () => notStorable('not a cached route'),
    preview: {
      input: (body) =>
        Object.fromEntries(
          QUESTION.filter((name) => Object.hasOwn(body, name)).map((name) => [name, body[name]!]),
        ),
      output: (text, mode) => (mode === 'json' ? counted(text) : {}),
    },
  }
}

/** Of an answer that may be an image of megabytes, what was counted. */
function counted(text: string): JsonObject {
  const { usage = null, input_tokens = null } = JSON.parse(text) as JsonObject
  return { usage, input_tokens }
}

/** The routes of LiteLLM beside the LLM APIs that take and give JSON, or give sound. */
export const passedOnApis: readonly Api[] = [
  passedOn('/v1/moderations', { modelOptional: true }),
  passedOn('/v1/rerank', { aliases: ['/rerank', '/v2/rerank'] }),
  passedOn('/v1/images/generations', { deployment: 'images/generations' }),
  passedOn('/v1/audio/speech'),
  passedOn('/v1/messages/count_tokens', { aliases: [], errorShape: 'anthropic' }),
]
