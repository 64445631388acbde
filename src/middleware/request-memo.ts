import type { ControlHeaders } from '../cache/controls.ts'
import { sha256 } from '../cache/key.ts'
import type { Key } from '../cache/key.ts'
import { Lru } from '../store/memory.ts'
import type { RequestFacts } from './request-facts.ts'

/** Everything that a request's facts and key follow from, besides its body. */
export interface RequestOrigin {
  /** SHA-256 of the caller's key. */
  readonly callerId: string
  /** The canonical path, with what counts of its query string. */
  readonly path: string
  /** The model in the path, on Azure's. */
  readonly model: string | undefined
  readonly controls: ControlHeaders
  /** Other headers that count in the cache key. */
  readonly counted: Readonly<Record<string, string>>
}

/** What was found out about a request. */
export interface KnownRequest {
  readonly facts: RequestFacts
  /** The tenant that the key was made for. A caller's tenant can change. */
  readonly tenant: string
  readonly key: Key
}

const LIMIT_BYTES = 2 * 1024 * 1024
/** Estimated size of a known request without its text. */
const OVERHEAD_BYTES = 1_024

/**
 * Remembers the facts and keys of requests by the digest of their bytes, so that a repeated request is
 * neither scanned nor parsed. Only a caller's own requests are found. Requests that were refused are
 * not remembered.
 */
export class RequestMemo {
  private readonly known = new Lru<KnownRequest & { readonly bytes: number }>(
    LIMIT_BYTES,
    ({ bytes }) => bytes,
  )

  /** The name of a request: equal for requests that mean the same. */
  async nameOf(body: Uint8Array<ArrayBuffer>, origin: RequestOrigin): Promise<string> {
    const { callerId, path, model, controls, counted } = origin
    return JSON.stringify([await sha256(body), callerId, path, model, controls, counted])
  }

  get(name: string): KnownRequest | undefined {
    return this.known.get(name)
  }

  set(name: string, request: KnownRequest): void {
    // JavaScript stores text with one or two bytes per character; assume two.
    const bytes = OVERHEAD_BYTES + 2 * (name.length + JSON.stringify(request).length)
    this.known.set(name, { ...request, bytes })
  }
}
