import type { Api } from '../apis/api.ts'
import type { Question } from '../apis/request.ts'
import type { Asking } from '../upstream/call.ts'

/** The same as plain data: what a Worker hands to the object where flights meet. */
export interface Order {
  readonly path: string
  readonly question: Omit<Question, 'api'>
  readonly headers: readonly (readonly [string, string])[]
  readonly apiKey: string
  readonly requestId: string
  readonly lookedUpAt: number
  readonly traceparent?: string | undefined
  /** Nobody waits: make a new answer, and keep it. */
  readonly refresh: boolean
}

export function orderOf(asking: Asking, refresh: boolean): Order {
  const { api, ...question } = asking.question
  const { headers, apiKey, requestId, lookedUpAt, traceparent } = asking
  return {
    path: api.path,
    question,
    headers: [...headers],
    apiKey,
    requestId,
    lookedUpAt,
    traceparent,
    refresh,
  }
}

/** Undefined where the API is none that this version of the gateway knows. */
export function askingOf(order: Order, apis: readonly Api[]): Asking | undefined {
  const api = apis.find(({ path }) => path === order.path)
  if (api === undefined) return undefined
  const { question, headers, apiKey, requestId, lookedUpAt, traceparent } = order
  return {
    question: { ...question, api },
    headers: new Headers(headers.map(([name, value]): [string, string] => [name, value])),
    apiKey,
    requestId,
    lookedUpAt,
    traceparent,
  }
}
