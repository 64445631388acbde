import { sortedRequest } from '../cache/canonical.ts'
import { GatewayError } from '../errors.ts'
import type { AskUpstream, LiteLlmCache } from './answer.ts'
import type { Upstream } from './litellm.ts'
import type { Question } from '../apis/request.ts'

/** A request on its way to LiteLLM: what is asked, and what goes with it. */
export interface Asking {
  readonly question: Question
  /** The caller's headers that go upstream. */
  readonly headers: Headers
  /** The key that goes upstream: the caller's, or the gateway's. */
  readonly apiKey: string
  readonly requestId: string
  /** When the cache was asked for it, epoch ms. */
  readonly lookedUpAt: number
  /** The span that asks, for LiteLLM's spans to join. */
  readonly traceparent: string | undefined
}

export type Ask = AskUpstream<Asking>

/** LiteLLM's cache neither reads nor stores. */
const NO_PART: LiteLlmCache = { 'no-cache': true, 'no-store': true }

/** Asks with the key that the request came to. Throws `upstream_unsound` (502) as its type says. */
export function askWith(upstream: Upstream): Ask {
  return async ({ question, headers: given, apiKey, requestId, traceparent }, signal, cache) => {
    const { api, identity } = question
    const headers = new Headers(given)
    headers.set('content-type', 'application/json')
    const { cache: _theirs, ...body } = api.upstreamBody(identity.body)
    // LiteLLM's buckets depend on the order of members; ours don't.
    const sent = cache === undefined ? body : sortedRequest(body)
    const response = await upstream.ask({
      method: 'POST',
      path: identity.path,
      headers,
      body: JSON.stringify({ ...sent, cache: cache ?? NO_PART }),
      apiKey,
      requestId,
      ...(traceparent === undefined ? {} : { traceparent }),
      signal,
    })
    const mayBeCached = cache !== undefined && cache['no-cache'] !== true
    if (mayBeCached || !response.headers.has('x-litellm-cache-key')) return { response }
    response.body?.cancel().catch(() => {}) // what it breaks with is nobody's concern
    throw new GatewayError('upstream_unsound', 'LiteLLM answered from its cache, told not to.')
  }
}
