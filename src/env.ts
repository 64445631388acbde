import type { Forwarding } from './cache/status.ts'
import type { Caller } from './auth/caller.ts'
import type { ParsedRequest } from './apis/request.ts'
import type { Trace } from './telemetry/trace.ts'

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
    request: ParsedRequest
    /** Why the exact cache did not answer. */
    forward: Forwarding
    /** Why LiteLLM has no answer, where an older one may stand in for it. */
    failure: Failure | undefined
  }
}
