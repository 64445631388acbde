import { GatewayError } from '../errors.ts'
import type { LiteLlmCache, UpstreamAnswer } from './answer.ts'
import type { Upstream } from './litellm.ts'
import type { ParsedRequest } from '../apis/request.ts'
import { withErrorBody } from './error-body.ts'
import type { PendingBody } from './pending-body.ts'

/** An upstream call: a request, and all that LiteLLM needs for it. */
export interface UpstreamCall {
  readonly request: ParsedRequest
  readonly body: PendingBody
  /** Members that go upstream but are not in the cache key, as text. LiteLLM may refuse them. */
  readonly uncounted: string
  /** The caller's headers that go upstream. */
  readonly headers: Headers
  /** The key that goes upstream: the caller's, or the gateway's. */
  readonly apiKey: string
  readonly requestId: string
  /** When the cache lookup began, epoch ms. */
  readonly lookedUpAt: number
  /** The span of this call, which LiteLLM's spans join. */
  readonly traceparent: string | undefined
  /** Whether its trace shows the answer. */
  readonly showsAnswer: boolean
}

/**
 * Calls LiteLLM once; aborted when `signal` fires. Without `cache`, LiteLLM's cache is not used.
 * Throws a `GatewayError` if there is no answer, or if LiteLLM used its cache although told not to.
 */
export type AskUpstream = (
  call: UpstreamCall,
  signal: AbortSignal,
  cache?: LiteLlmCache,
) => Promise<UpstreamAnswer>

/** LiteLLM's cache is neither read nor written. */
const NO_PART: LiteLlmCache = { 'no-cache': true, 'no-store': true }

/** Calls LiteLLM with the call's key. Throws `upstream_unsound` (502) as `AskUpstream` describes. */
export function askLiteLlm(upstream: Upstream): AskUpstream {
  return async (call, signal, cache) => {
    const { request, body, headers: given, apiKey, requestId, traceparent } = call
    const headers = new Headers(given)
    headers.set('content-type', body.contentType)
    const response = await upstream.ask({
      method: 'POST',
      path: request.identity.path,
      headers,
      // With `cache`, the same body may be sent again.
      body: cache === undefined ? body.sendLast(NO_PART) : body.withCache(cache),
      apiKey,
      requestId,
      ...(traceparent === undefined ? {} : { traceparent }),
      signal,
    })
    const mayBeCached = cache !== undefined && cache['no-cache'] !== true
    if (mayBeCached || !response.headers.has('x-litellm-cache-key')) {
      const { errorBody } = request.api
      return { response: errorBody ? await withErrorBody(response, errorBody) : response }
    }
    response.body?.cancel().catch(() => {}) // its errors do not matter
    throw new GatewayError(
      'upstream_unsound',
      'LiteLLM answered from its cache although it was told not to.',
    )
  }
}
