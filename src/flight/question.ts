import type { Api } from '../apis/api.ts'
import type { Identity } from '../cache/canonical.ts'
import type { Controls } from '../cache/controls.ts'
import type { Key } from '../cache/key.ts'
import type { Eligibility } from '../semantic/eligibility.ts'

/** A request that has been read and understood: all that the cache and LiteLLM need of it. */
export interface Question {
  readonly api: Api
  readonly identity: Identity
  readonly model: string
  /** Whether the caller wants a stream. */
  readonly stream: boolean
  /** The entry's name; undefined for a request without a canonical form, or too large for one. */
  readonly key: Key | undefined
  /** Why it has no name. */
  readonly bypass: string | undefined
  /** What the caller asks of the caches. */
  readonly controls: Controls
  /** Whose verdicts on semantic hits are counted: the caller's tenant, whatever the end user. */
  readonly payer: string
  /** Whether a semantic hit may answer it, or why not. */
  readonly eligibility: Eligibility
}
