import { parseList } from 'structured-headers'
import { reasonOf } from './admin-client.ts'
import { sentBody } from './warm-request.ts'
import type { WarmRequest } from './warm-request.ts'

/** What became of a request. */
export type WarmAnswer =
  /** The cache had the answer; no model was asked. */
  | { readonly outcome: 'hit' }
  /** A model answered. `costUsd` is null if LiteLLM knows no price. */
  | { readonly outcome: 'filled' | 'not stored'; readonly costUsd: number | null }
  | {
      readonly outcome: 'failed'
      /** Of the answer; `unreachable` without one; `no cache` if a model answered and Qdrant did not. */
      readonly status: number | 'unreachable' | 'no cache'
      /** What was paid nevertheless, as above. */
      readonly costUsd?: number | null
      /** The error's code, or its type. */
      readonly code: string
      readonly message: string
      /** How long to wait before the next request, in ms. */
      readonly retryAfterMs: number | undefined
    }

/** Sends a request to the gateway. Never rejects. */
export type WarmSender = (request: WarmRequest) => Promise<WarmAnswer>

/** Sends requests with a caller's key; without one, as `AUTH_MODE=none` takes them. */
export function warmSender(url: string, key: string | undefined): WarmSender {
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` }
  return async (request) => {
    try {
      const response = await fetch(`${url}${request.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...request.headers, ...authorization },
        body: JSON.stringify(sentBody(request)),
      })
      const text = await response.text()
      return response.ok ? answered(response.headers) : failed(response, text)
    } catch (error) {
      return {
        outcome: 'failed',
        status: 'unreachable',
        code: '',
        message: reasonOf(error),
        retryAfterMs: undefined,
      }
    }
  }
}

const HITS: ReadonlySet<string | null> = new Set(['exact-hit', 'semantic-hit', 'stale'])

function answered(headers: Headers): WarmAnswer {
  const outcome = headers.get('x-cache')
  if (HITS.has(outcome)) return { outcome: 'hit' }
  const { isStored, isShared, detail } = edgeStatus(headers.get('cache-status'))
  const price = Number.parseFloat(headers.get('x-litellm-response-cost') ?? '')
  // Who shares a call pays nothing: the other request has its cost.
  const costUsd = Number.isFinite(price) ? price : isShared ? 0 : null
  if (LOOKUP_FAILURE.test(detail)) return withoutCache(detail, costUsd)
  // A batch of embeddings has no key of its own, and does not say whether it is stored.
  const isBatch = outcome !== 'bypass' && !headers.has('x-cache-key')
  return { outcome: isStored || isBatch ? 'filled' : 'not stored', costUsd }
}

/** How the gateway says that it could not ask Qdrant, and so is not likely to have stored anything there. */
const LOOKUP_FAILURE = /^lookup (failed|skipped|timed out)/

const withoutCache = (detail: string, costUsd: number | null): WarmAnswer => ({
  outcome: 'failed',
  status: 'no cache',
  code: detail,
  message: 'a model answered, and Qdrant may not have the answer',
  retryAfterMs: undefined,
  costUsd,
})

interface EdgeStatus {
  readonly isStored: boolean
  readonly isShared: boolean
  readonly detail: string
}

/** What the gateway's member of `Cache-Status` says (RFC 9211). */
function edgeStatus(value: string | null): EdgeStatus {
  try {
    const [, parameters] = parseList(value ?? '').at(-1) ?? []
    const detail = parameters?.get('detail')
    return {
      isStored: parameters?.get('stored') === true,
      isShared: parameters?.get('collapsed') === true,
      detail: typeof detail === 'string' ? detail : '',
    }
  } catch {
    return { isStored: false, isShared: false, detail: '' }
  }
}

interface ErrorBody {
  readonly error?: { readonly code?: unknown; readonly type?: unknown; readonly message?: unknown }
}

/** Providers' messages can be pages long. */
const LONGEST_MESSAGE = 300

function failed({ status, headers }: Response, text: string): WarmAnswer {
  let error: ErrorBody['error']
  try {
    error = (JSON.parse(text) as ErrorBody).error
  } catch {
    // Not an error of the gateway or of LiteLLM.
  }
  // LiteLLM repeats the status as its code, and has the reason in the type.
  const code = [error?.code, error?.type].find(
    (one) => typeof one === 'string' && !/^\d+$/.test(one),
  )
  const message = typeof error?.message === 'string' ? error.message : text
  return {
    outcome: 'failed',
    status,
    code: typeof code === 'string' ? code : '',
    message: message.slice(0, LONGEST_MESSAGE),
    retryAfterMs: retryAfterMs(headers),
  }
}

/** In seconds or as a date (RFC 9110, 10.2.3), or OpenAI's own header in ms. */
function retryAfterMs(headers: Headers): number | undefined {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '')
  if (Number.isFinite(ms)) return Math.max(0, ms)
  const text = headers.get('retry-after')
  if (text === null) return undefined
  const seconds = Number(text)
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - Date.now()
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined
}
