import type { Upstream } from '../upstream/litellm.ts'
import type { Asking } from './order.ts'

/** Asks LiteLLM once, with this body text; ends when `signal` fires. */
export type Ask = (asking: Asking, body: string, signal: AbortSignal) => Promise<Response>

/** Asks with the gateway's own key. */
export function askWith(upstream: Upstream, apiKey: string): Ask {
  return ({ question, headers: given, requestId, traceparent }, body, signal) => {
    const headers = new Headers(given)
    headers.set('content-type', 'application/json')
    return upstream.ask({
      method: 'POST',
      path: question.api.path,
      headers,
      body,
      apiKey,
      requestId,
      ...(traceparent === undefined ? {} : { traceparent }),
      signal,
    })
  }
}
