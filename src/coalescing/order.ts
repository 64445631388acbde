import type { Api } from '../apis/api.ts'
import type { ParsedRequest } from '../apis/request.ts'
import type { UpstreamCall } from '../upstream/call.ts'

/** The same as plain data: what a Worker hands to the object where flights meet. */
export interface Order {
  readonly path: string
  readonly request: Omit<ParsedRequest, 'api'>
  readonly headers: readonly (readonly [string, string])[]
  readonly apiKey: string
  readonly requestId: string
  readonly lookedUpAt: number
  readonly traceparent?: string | undefined
  /** Nobody waits: make a new answer, and keep it. */
  readonly refresh: boolean
}

export function orderOf(call: UpstreamCall, refresh: boolean): Order {
  const { api, ...request } = call.request
  const { headers, apiKey, requestId, lookedUpAt, traceparent } = call
  return {
    path: api.path,
    request,
    headers: [...headers],
    apiKey,
    requestId,
    lookedUpAt,
    traceparent,
    refresh,
  }
}

/** Undefined where the API is none that this version of the gateway knows. */
export function callOf(order: Order, apis: readonly Api[]): UpstreamCall | undefined {
  const api = apis.find(({ path }) => path === order.path)
  if (api === undefined) return undefined
  const { request, headers, apiKey, requestId, lookedUpAt, traceparent } = order
  return {
    request: { ...request, api },
    headers: new Headers(headers.map(([name, value]): [string, string] => [name, value])),
    apiKey,
    requestId,
    lookedUpAt,
    traceparent,
  }
}
