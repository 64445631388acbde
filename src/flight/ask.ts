import { sortedRequest } from '../cache/canonical.ts'
import { GatewayError } from '../errors.ts'
import type { AskUpstream, LiteLlmCache } from '../upstream/answer.ts'
import type { Upstream } from '../upstream/litellm.ts'
import type { Asking } from './order.ts'

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
