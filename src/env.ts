import type { JsonObject } from './cache/json.ts'
import type { Forwarding } from './cache/status.ts'
import type { Caller } from './auth/caller.ts'
import type { ParsedRequest } from './apis/request.ts'
import type { Holding } from './stream/memory-budget.ts'
import type { Trace } from './telemetry/trace.ts'
import type { ScannedBody } from './upstream/pending-body.ts'

/** A request's body: its value, or its bytes where it is only passed on. */
export type RequestBody = {
  /** What it holds in memory. */
  readonly held: Holding
} & (
  | {
      readonly value: JsonObject
      /** What the value takes beside its text. */
      readonly valueBytes: number
    }
  | {
      readonly bytes: ScannedBody
      /** For people to read. */
      readonly summary: JsonObject
    }
)

export interface Failure {
  readonly why: string
  /** LiteLLM's, or the one of the error that was to tell of it. */
  readonly status: number
  /** How long it took to know. */
  readonly afterMs: number
}

/** Per-request variables (Hono's `Env`): what each middleware learns about a request. Facts, no services. */
export interface AppEnv {
  Variables: {
    requestId: string
    trace: Trace
    caller: Caller
    /** Epoch ms. */
    authenticatedAt: number
    request: ParsedRequest
    /** Undefined once it is on its way to LiteLLM. */
    body: RequestBody | undefined
    /** Why the exact cache did not answer. */
    forward: Forwarding
    /** Why LiteLLM has no answer, where an older one may stand in for it. */
    failure: Failure | undefined
  }
}
