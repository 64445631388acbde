import type { ErrorShape } from '../errors.ts'
import type { JsonObject } from '../cache/json.ts'
import type { Modes } from '../cache/replay.ts'
import type { Admissibility, Expected } from '../cache/admission.ts'
import type { ServerSentEvent } from '../stream/sse.ts'

/** One LLM API and what it means to a cache. */
export interface Api {
  /** The canonical path with `/v1`; also the upstream path, and part of the key. */
  readonly path: string
  readonly errorShape: ErrorShape
  /** Whether its answers are kept at all. */
  readonly cached: boolean
  /** Whether LiteLLM's semantic cache looks at this API, and marks its hits. */
  readonly semantic: boolean
  /** Whether LiteLLM finds a model where the request names none. */
  readonly modelOptional?: boolean
  /** Checks what the cache needs of a body; throws a `GatewayError` that names the field. */
  check(body: JsonObject): void
  /** What a whole answer to this body must bring. */
  expected(body: JsonObject): Expected
  /** The body as it goes upstream, so that what comes back can answer every caller. */
  upstreamBody(body: JsonObject): JsonObject
  /** Whether a JSON answer with status 200 may be kept. */
  admitJson(answer: unknown, expected: Expected): Admissibility
  /** Whether the events of a stream that came to its end may be kept. */
  admitStream(events: readonly ServerSentEvent[], expected: Expected): Admissibility
  /** An answer's own id, from its JSON text or from events of its stream. */
  readonly answerId?: (text: string, mode: 'json' | 'sse') => string | undefined
  /** What an answer says, for comparing two. */
  readonly answerText?: (text: string, mode: 'json' | 'sse') => string | undefined
  /** One entry, both modes; undefined for an API that doesn't stream. */
  readonly modes?: Modes
  /** What a person reads in a trace: the question, and the answer from stored text. */
  readonly preview: Preview
}

export interface Preview {
  input(body: JsonObject): JsonObject
  output(text: string, mode: 'json' | 'sse'): JsonObject
}
