import type { Api } from '../apis/api.ts'
import type { Identity } from '../cache/canonical.ts'
import type { Key } from '../cache/key.ts'

/** A request that has been read and understood: all that the cache and LiteLLM need of it. */
export interface Question {
  readonly api: Api
  readonly identity: Identity
  readonly model: string
  /** Whether the caller wants a stream. */
  readonly stream: boolean
  /** The entry's name, or why the cache has nothing to do with this request. */
  readonly key: Key | { readonly bypass: string }
  /** How long an answer may be given, from the moment it was made. */
  readonly ttlSeconds: number
  /** The namespace within which LiteLLM may match by meaning; undefined where it may not. */
  readonly scope: string | undefined
}
