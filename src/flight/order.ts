import type { Api } from '../apis/api.ts'
import type { Question } from './question.ts'

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
