import type { ErrorShape } from '../errors.ts'
import type { NOT_COUNTED } from '../cache/canonical.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import type { Modes, StoredForm } from '../cache/replay.ts'
import type { Admissibility, Expected } from '../cache/admissibility.ts'
import type { ServerSentEvent } from '../stream/sse.ts'
import type { FormRules } from './form-fields.ts'

/** One LLM API, and how to cache it. */
export interface Api {
  /** The canonical path with `/v1`: the upstream path, and part of the cache key. */
  readonly path: string
  readonly errorShape: ErrorShape
  /** OpenTelemetry's `gen_ai.operation.name`, where it has one for this API. */
  readonly operation?: 'chat' | 'text_completion' | 'embeddings'
  /** Whether its answers are cached. */
  readonly cached: boolean
  /** Whether LiteLLM's semantic cache supports this API and marks its hits. */
  readonly semantic: boolean
  /** Whether LiteLLM has a default model for this API. */
  readonly modelOptional?: boolean
  /** What its requests contain, if they are forms (multipart/form-data) instead of JSON. */
  readonly form?: FormRules
  /** Members that count in the cache key of this API only. See `NOT_COUNTED`. */
  readonly counted?: readonly Exclude<keyof typeof NOT_COUNTED, 'metadata'>[]
  /** The body that the cache key is made of, if parts of it never reach a model. */
  readonly keyBody?: (body: JsonObject) => JsonObject
  /** The end user that a body names, if not by its member `user`. */
  readonly endUser?: (body: JsonObject) => Json | undefined
  /** Why the answer to this body is never cached; undefined if it is. */
  readonly bypass?: (body: JsonObject) => string | undefined
  /** The body of LiteLLM's error in this API's shape; undefined if it needs no change. */
  readonly errorBody?: (text: string, status: number) => string | undefined
  /** Validates what the cache needs of a body. Throws a `GatewayError` that names the field. */
  check(body: JsonObject): void
  /** What a complete answer to this body must contain. */
  expected(body: JsonObject): Expected
  /** The body that goes upstream, so that the answer can serve every caller. */
  upstreamBody(body: JsonObject): JsonObject
  /** Whether a JSON answer with status 200 may be stored. */
  admitJson(answer: unknown, expected: Expected): Admissibility
  /** Whether a complete stream may be stored. */
  admitStream(events: readonly ServerSentEvent[], expected: Expected): Admissibility
  /** The answer's `id`, from its JSON or its stream events. */
  readonly answerId?: (text: string, mode: 'json' | 'sse') => string | undefined
  /** The text of an answer, to compare two. */
  readonly answerText?: (text: string, mode: 'json' | 'sse') => string | undefined
  /** Converts between JSON and streams; undefined for an API that does not stream. */
  readonly modes?: Modes
  /**
   * What is stored of an answer to several inputs, one text for each; or why nothing is. An empty list
   * stores nothing.
   */
  readonly partTexts?: (answer: string, expected: Expected) => readonly string[] | string
  /** How answers are stored; undefined if as they came. */
  readonly storedForm?: StoredForm
  /** What traces show of a stored answer. A string is the answer's JSON as it is. */
  readonly shownAnswer: (text: string, mode: 'json' | 'sse') => JsonObject | string
}
