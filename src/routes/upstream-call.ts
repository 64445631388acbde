import type { Context } from 'hono'
import type { Api } from '../apis/api.ts'
import { mayHaveCredentials, withoutCredentials } from '../apis/credentials.ts'
import { NOT_COUNTED, sortedRequest } from '../cache/canonical.ts'
import type { JsonObject } from '../cache/json.ts'
import type { AppEnv, RequestBody } from '../env.ts'
import type { ShownRequest, Span } from '../telemetry/trace.ts'
import type { UpstreamCall } from '../upstream/call.ts'
import { forwardedHeaders } from '../upstream/headers.ts'
import { PendingBody } from '../upstream/pending-body.ts'

/**
 * The call to LiteLLM for a request, alone or in a flight. `lookedUpAt` in epoch ms. Throws if the
 * body has been sent.
 */
export function upstreamCall(
  c: Context<AppEnv>,
  span: Span,
  lookedUpAt: number,
  isShared: boolean,
): UpstreamCall {
  const { caller, request, body, requestId, trace } = c.var
  if (body === undefined) throw new Error('The body has been sent.')
  const { api, eligibility } = request
  return {
    request,
    body: pendingBody(body, api, 'text' in eligibility),
    // Only requests that share a call are compared.
    uncounted: isShared && 'value' in body ? uncountedOf(body.value) : '',
    headers: forwardedHeaders(c.req.raw.headers),
    apiKey: caller.upstreamKey,
    requestId,
    lookedUpAt,
    traceparent: trace.traceparent(span),
    showsAnswer: trace.showsContent,
  }
}

/**
 * What traces show of a body: all of it but credentials, as text if no one has parsed it, or its
 * summary.
 */
export function shownOf(body: RequestBody): ShownRequest {
  if (!('value' in body) || body.summary !== undefined) {
    return { content: body.summary ?? {}, isBody: false }
  }
  const { raw } = body
  if (raw !== undefined && !mayHaveCredentials(raw)) return { content: raw, isBody: true }
  const content = withoutCredentials(body.value)
  return { content, isBody: content === body.value }
}

/** Members that go upstream but are not in the cache key. */
const UNCOUNTED = Object.keys(NOT_COUNTED).filter((name) => name !== 'cache' && name !== 'stream')

function pendingBody(body: RequestBody, api: Api, isEligible: boolean): PendingBody {
  const { held } = body
  held.count() // it may wait for minutes
  if (!('value' in body)) return new PendingBody(body.bytes, held)
  const { cache: _own, ...sent } = api.upstreamBody(body.value)
  // LiteLLM's semantic cache depends on member order; ours does not.
  const text = JSON.stringify(isEligible ? sortedRequest(sent) : sent)
  held.release(body.valueBytes)
  return new PendingBody(text, held)
}

function uncountedOf(body: JsonObject): string {
  return JSON.stringify(UNCOUNTED.map((name) => body[name]))
}
