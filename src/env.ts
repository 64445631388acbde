import type { Forwarding } from './cache/status.ts'
import type { Caller } from './auth/caller.ts'
import type { Question } from './apis/request.ts'
import type { Trace } from './telemetry/trace.ts'

export interface Failure {
  readonly why: string
  /** How long it took to know. */
  readonly afterMs: number
}

/** What the steps of a request learn about it, each for the ones behind it. Facts, no services. */
export interface Steps {
  Variables: {
    requestId: string
    trace: Trace
    caller: Caller
    question: Question
    /** Why the exact cache did not answer. */
    forward: Forwarding
    /** Why LiteLLM has no answer, where an older one may stand in for it. */
    failure: Failure | undefined
  }
}
