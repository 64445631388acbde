import { GatewayError } from '../errors.ts'
import type { LiteLlmCache, UpstreamAnswer } from './answer.ts'
import type { Upstream } from './litellm.ts'
import type { ParsedRequest } from '../apis/request.ts'
import type { PendingBody } from './pending-body.ts'

/** A request on its way to LiteLLM: what is asked, and what goes with it. */
export interface UpstreamCall {
  readonly request: ParsedRequest
  readonly body: PendingBody
  /** The members outside the cache key that go upstream, as text: LiteLLM may refuse them. */
  readonly uncounted: string
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

/**
 * Asks LiteLLM once; ends when `signal` fires. Without `cache` LiteLLM's cache takes no part. Throws a
 * `GatewayError` where there is no answer, or one from the cache although that was not to be read.
 */
export type AskUpstream = (
  call: UpstreamCall,
  signal: AbortSignal,
  cache?: LiteLlmCache,
) => Promise<UpstreamAnswer>

/** LiteLLM's cache neither reads nor stores. */
const NO_PART: LiteLlmCache = { 'no-cache': true, 'no-store': true }

/** Asks with the key that the request came to. Throws `upstream_unsound` (502) as its type says. */
export function askLiteLlm(upstream: Upstream): AskUpstream {
  return async (call, signal, cache) => {
    const { request, body, headers: given, apiKey, requestId, traceparent } = call
    const headers = new Headers(given)
    headers.set('content-type', 'application/json')
    const response = await upstream.ask({
      method: 'POST',
      path: request.identity.path,
      headers,
      // With the cache taking part, it may be asked again.
      body: cache === undefined ? body.sendLast(NO_PART) : body.withCache(cache),
      apiKey,
      requestId,
      ...(traceparent === undefined ? {} : { traceparent }),
      signal,
    })
    const mayBeCached = cache !== undefined && cache['no-cache'] !== true
    if (mayBeCached || !response.headers.has('x-litellm-cache-key')) return { response }
    response.body?.cancel().catch(() => {}) // its errors don't matter
    throw new GatewayError('upstream_unsound', 'LiteLLM answered from its cache, told not to.')
  }
}
