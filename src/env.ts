import type { GatewayError } from './errors.ts'
import type { JsonObject } from './cache/json.ts'
import type { Forwarding } from './cache/status.ts'
import type { LedgerOutcome, LedgerTier, Savings } from './ledger/record.ts'
import type { Caller } from './auth/caller.ts'
import type { Kept } from './explain/recent-request.ts'
import type { ParsedRequest } from './apis/request.ts'
import type { Holding } from './stream/memory-budget.ts'
import type { Trace } from './telemetry/trace.ts'
import type { FormContent } from './upstream/form-content.ts'
import type { ScannedBody } from './upstream/pending-body.ts'

/** A request's body: its parsed value, or its bytes if it is only passed through. */
export type RequestBody = {
  /** The memory that it holds. */
  readonly held: Holding
} & (
  | {
      /** The JSON text as it came; undefined if the value was needed, or differs from it. */
      readonly raw?: Uint8Array | undefined
      /** Throws `overloaded` (503) if there is no memory to parse it. */
      readonly value: JsonObject
      /** Estimated memory of the parsed value, besides its text. */
      readonly valueBytes: number
      /** Shown in traces instead of the value, if that is a part of what the caller sent. */
      readonly summary?: JsonObject
    }
  | {
      readonly bytes: ScannedBody | FormContent
      /** Shown in traces instead of the body. */
      readonly summary: JsonObject
    }
)

/** What becomes known of a request on its way, for those who describe it: log, ledger, trace, explanation. */
export interface Observed {
  /** When it arrived, epoch ms. */
  readonly startedAt: number
  /** Undefined until a cache or LiteLLM has answered. */
  outcome?: LedgerOutcome
  tier?: LedgerTier
  saved?: Savings | undefined
  /** What the cache keeps of LiteLLM's answer; undefined if it was another request's, or one to a batch. */
  kept?: Kept | undefined
  /** Why LiteLLM's semantic cache did not answer, as in `Cache-Status`. */
  semantic?: string | undefined
  /** The id of the two questions that a semantic hit has matched. */
  pairId?: string | undefined
  /** The gateway's own error that was answered. One that is thrown is in Hono's `c.error`. */
  refused?: GatewayError
  /** Why an answer that had begun well broke off. */
  broke?: string
  /** Resolves when the rest is known, after the last byte. Undefined if nothing is left. */
  settled?: Promise<unknown>
}

/** Why LiteLLM has no answer. */
export interface Failure {
  readonly why: string
  /** LiteLLM's status, or that of the gateway's error. */
  readonly status: number
  /** How long the failed call took, in ms. */
  readonly afterMs: number
  /** Gives LiteLLM's answer up, if another one replaces it. */
  readonly leave?: (() => void) | undefined
}

/** Per-request variables (Hono's `Env`): data that each middleware adds, no services. */
export interface AppEnv {
  Variables: {
    requestId: string
    observed: Observed
    trace: Trace
    caller: Caller
    /** Epoch ms. */
    authenticatedAt: number
    request: ParsedRequest
    /** Undefined once the upstream call has taken it over. */
    body: RequestBody | undefined
    /** Why the exact cache did not answer. */
    forward: Forwarding
    /** Whether the caller wants to know why it was a miss. */
    explain: boolean
    /** Why it was a miss, for a caller who wants to know. Never rejects. */
    explanation: Promise<string> | undefined
    /** Set if LiteLLM failed and a stale answer may be served instead. */
    failure: Failure | undefined
  }
}
