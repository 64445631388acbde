import type { Api } from './api.ts'
import type { Expected } from '../cache/admissibility.ts'
import type { Identity } from '../cache/canonical.ts'
import type { Controls } from '../cache/controls.ts'
import type { JsonObject } from '../cache/json.ts'
import type { Key } from '../cache/key.ts'
import type { Policy } from '../cache/policy.ts'

/** The question that a semantic hit may answer, or why there is none, if that is worth reporting. */
export type Eligibility = { readonly text: string } | { readonly reason: string | undefined }

/**
 * A parsed request: all that the cache needs of it. Its body is separate, because it is released once
 * it is sent.
 */
export interface ParsedRequest {
  readonly api: Api
  readonly identity: Identity
  readonly model: string
  /** The end user and the session that it names, for its trace. */
  readonly user: string | undefined
  readonly session: string | undefined
  /** The body's length in UTF-8. */
  readonly bodyBytes: number
  /** Whether the caller wants a stream. */
  readonly stream: boolean
  /** Whether the caller requested usage. */
  readonly wantsUsage: boolean
  /** Stream options that affect this caller only. */
  readonly ownOptions: JsonObject | undefined
  /** What a complete answer must contain. */
  readonly expected: Expected
  /**
   * The keys of its inputs, in order, if each has an entry of its own, as in a batch of embeddings.
   * `key` only identifies the request then.
   */
  readonly parts?: readonly Key[]
  /** The cache key; undefined if the request is not cached. */
  readonly key: Key | undefined
  /** Why it is not cached. */
  readonly bypass: string | undefined
  /** Until when the tenant may be relied on, epoch ms. */
  readonly tenantUntil: number
  /** The caller's cache controls, within the policy's limits. */
  readonly controls: Controls
  /** What the operator decides for such requests. */
  readonly policy: Policy
  /** The tenant or key that verdicts on semantic hits are counted for, whatever the end user. */
  readonly payer: string
  /** Whether a semantic hit may answer it, or why not. */
  readonly eligibility: Eligibility
}
