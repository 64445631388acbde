import type { Api } from './api.ts'
import type { Expected } from '../cache/admission.ts'
import type { Identity } from '../cache/canonical.ts'
import type { Controls } from '../cache/controls.ts'
import type { JsonObject } from '../cache/json.ts'
import type { Key } from '../cache/key.ts'

/** The one text that a semantic hit may answer in other words; or why there is none, where that is news. */
export type Eligibility = { readonly text: string } | { readonly reason: string | undefined }

/**
 * A request that has been read and understood: all that the cache needs of it. Its body is not here: it
 * is gone once it has been sent.
 */
export interface ParsedRequest {
  readonly api: Api
  readonly identity: Identity
  readonly model: string
  /** The body's length in UTF-8. */
  readonly bodyBytes: number
  /** Whether the caller wants a stream. */
  readonly stream: boolean
  /** Whether the caller wants the usage of its stream. */
  readonly wantsUsage: boolean
  /** What shapes a stream for this caller alone. */
  readonly ownOptions: JsonObject | undefined
  /** What a whole answer must bring. */
  readonly expected: Expected
  /** Undefined if the request is not cached: `bypass` says why. */
  readonly key: Key | undefined
  /** Why it is not cached. */
  readonly bypass: string | undefined
  /** When the tenant is no longer known for sure, epoch ms. */
  readonly tenantUntil: number
  /** What the caller asks of the caches. */
  readonly controls: Controls
  /** Whose verdicts on semantic hits are counted, whatever the end user. */
  readonly payer: string
  /** Whether a semantic hit may answer it, or why not. */
  readonly eligibility: Eligibility
}
