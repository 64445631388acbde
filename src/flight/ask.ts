import type { Upstream } from '../upstream/litellm.ts'
import type { Asking } from './order.ts'

/** Asks LiteLLM once, with this body text; ends when `signal` fires. */
export type Ask = (asking: Asking, body: string, signal: AbortSignal) => Promise<Response>

/** Asks with the key that the request came to. */
export function askWith(upstream: Upstream): Ask {
  return ({ question, headers: given, apiKey, requestId, traceparent }, body, signal) => {
    const headers = new Headers(given)
    headers.set('content-type', 'application/json')
    return upstream.ask({
      method: 'POST',
      path: question.identity.path,
      headers,
      body,
      apiKey,
      requestId,
      ...(traceparent === undefined ? {} : { traceparent }),
      signal,
    })
  }
}
