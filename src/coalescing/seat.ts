import { GatewayError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import type { AnswerEnd, Attributes, CachedUpstream, SpanRecord } from '../upstream/answer.ts'

/** The beginning of an answer: status, headers and cache details. */
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
  /** Whether the body's frames are adapted to this request. An earlier version does not say so. */
  readonly adapted?: boolean
}

/** What a seat offers its request. Plain data and streams, because it crosses RPC. */
export type SeatAnswer =
  | {
      readonly kind: 'answer'
      readonly head: AnswerHead
      readonly body: ReadableStream<Uint8Array> | Uint8Array
      /** Set with a complete body: what became of it. */
      readonly end?: AnswerEnd | undefined
    }
  /** There is no answer. */
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }
  /** The request makes its own call. */
  | { readonly kind: 'alone'; readonly why: string }

/** How a body ended: with an error, or with what became of the answer. */
export interface SeatEnd {
  readonly error?: { readonly code: ErrorCode; readonly message: string }
  /** Others than the request that the call was made for have nothing to store. */
  readonly end?: AnswerEnd
}

/** One request's place in a flight. Leave it when the caller leaves, and when the answer has ended. */
export interface Seat {
  /** Resolves when the answer begins. Does not reject if LiteLLM fails. */
  answer(): Promise<SeatAnswer>
  /** Resolves when the body has ended, with its error, which an RPC stream loses. */
  ended(): Promise<SeatEnd>
  leave(): void
}

/** A seat whose request makes its own call. */
export function seatAlone(why: string): Seat {
  return { answer: async () => alone(why), ended: async () => ({}), leave: () => {} }
}

/** Tells the request to make its own call, and why. */
export const alone = (why: string): SeatAnswer => ({ kind: 'alone', why })

/** Passes on LiteLLM's failure. After any other one, the request makes its own call. */
export function failed(error: unknown): SeatAnswer {
  return error instanceof GatewayError
    ? { kind: 'failed', code: error.code, message: error.message }
    : alone('the flight failed')
}
