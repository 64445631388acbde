import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'
import { tryParseJson } from '../../cache/parse-json.ts'
import { parseEvents } from '../../stream/sse.ts'

/** Anthropic's error types by status (https://docs.anthropic.com/en/api/errors). */
const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/**
 * The body of LiteLLM's error in Anthropic's shape; undefined if it has that shape, or is no error.
 * LiteLLM refuses keys, budgets and models in OpenAI's shape, whatever the route. Its own type is kept
 * where Anthropic's SDKs read an error code.
 */
export function anthropicError(text: string, status: number): string | undefined {
  // If a stream fails before its first event, LiteLLM sends the error as an event.
  const source = text.startsWith('data:') ? (parseEvents(text)[0]?.data ?? '') : text
  const body = tryParseJson(source) ?? null
  if (!isObject(body) || body['type'] === 'error') return undefined
  const { error = null, detail = null } = body
  const message = messageOf(error) ?? messageOf(detail)
  if (message === undefined) return undefined
  const own = isObject(error) ? error['type'] : undefined
  const type = TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error')
  const details: JsonObject = typeof own === 'string' ? { details: { error_code: own } } : {}
  return JSON.stringify({ type: 'error', error: { type, message, ...details } })
}

function messageOf(error: Json): string | undefined {
  const message = isObject(error) ? (error['message'] ?? error['error']) : error
  return typeof message === 'string' ? message : undefined
}
