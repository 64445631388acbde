import { GatewayError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import type { AnswerEnd, Attributes, CachedUpstream, SpanRecord } from '../upstream/answer.ts'

/** How an answer begins. */
export interface AnswerHead {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly cached?: CachedUpstream | undefined
  readonly note?: string | undefined
  readonly facts: Attributes
  readonly spans: readonly SpanRecord[]
  readonly stored: boolean
  /** Whether the upstream call was made for another request. */
  readonly collapsed: boolean
}

/** What a seat gives for a request. Plain data and streams: it crosses the RPC border. */
export type SeatAnswer =
  | {
      readonly kind: 'answer'
      readonly head: AnswerHead
      readonly body: ReadableStream<Uint8Array> | Uint8Array
      /** Given with a whole body, to the request that the call was made for. */
      readonly end?: AnswerEnd | undefined
    }
  /** There is no answer. */
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }
  /** The request makes a call of its own. */
  | { readonly kind: 'alone'; readonly why: string }

/** How the body of an answer ended: with an error, or with what became of the answer. */
export interface SeatEnd {
  readonly error?: { readonly code: ErrorCode; readonly message: string }
  /** Only for the request that the call was made for. */
  readonly end?: AnswerEnd
}

/** One request's place in a flight. Leave it when the caller leaves, and when the answer has ended. */
export interface Seat {
  /** Resolves with the answer as soon as it begins. Never rejects for LiteLLM's failures. */
  answer(): Promise<SeatAnswer>
  /** Resolves when the body has ended. An errored RPC stream loses its reason: it is here. */
  ended(): Promise<SeatEnd>
  leave(): void
}

/** A seat that sends its request on its own. */
export function seatAlone(why: string): Seat {
  return { answer: async () => alone(why), ended: async () => ({}), leave: () => {} }
}

export const alone = (why: string): SeatAnswer => ({ kind: 'alone', why })

/** A failure that is not LiteLLM's but the flight's own must not fail the caller. */
export function failed(error: unknown): SeatAnswer {
  return error instanceof GatewayError
    ? { kind: 'failed', code: error.code, message: error.message }
    : alone('the flight failed')
}
