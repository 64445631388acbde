/** How errors look to a caller: OpenAI's envelope, or Anthropic's on `/v1/messages`. */
export type ErrorShape = 'openai' | 'anthropic'

/** How errors look to whoever calls this path. */
export function errorShapeAt(path: string): ErrorShape {
  return /^\/v1\/messages(\/|$)/.test(path) ? 'anthropic' : 'openai'
}

/**
 * Why the gateway itself refuses or fails, with the status and the `type` of the vendors' own errors
 * (https://platform.openai.com/docs/guides/error-codes, https://docs.anthropic.com/en/api/errors).
 */
const wire = {
  invalid_json: [400, 'invalid_request_error', 'invalid_request_error'],
  invalid_request: [400, 'invalid_request_error', 'invalid_request_error'],
  invalid_api_key: [401, 'authentication_error', 'authentication_error'],
  model_not_allowed: [403, 'permission_error', 'permission_error'],
  not_found: [404, 'invalid_request_error', 'not_found_error'],
  model_not_found: [404, 'invalid_request_error', 'not_found_error'],
  method_not_allowed: [405, 'invalid_request_error', 'invalid_request_error'],
  request_timeout: [408, 'invalid_request_error', 'timeout_error'],
  request_too_large: [413, 'invalid_request_error', 'request_too_large'],
  unsupported_encoding: [415, 'invalid_request_error', 'invalid_request_error'],
  rate_limit_exceeded: [429, 'rate_limit_error', 'rate_limit_error'],
  internal_error: [500, 'server_error', 'api_error'],
  misconfigured: [500, 'server_error', 'api_error'],
  upstream_unsound: [502, 'server_error', 'api_error'],
  upstream_unreachable: [502, 'server_error', 'api_error'],
  auth_unavailable: [503, 'server_error', 'api_error'],
  overloaded: [503, 'server_error', 'overloaded_error'],
  not_in_cache: [504, 'server_error', 'api_error'],
  upstream_timeout: [504, 'server_error', 'api_error'],
} as const satisfies Record<string, readonly [number, string, string]>

/** The content codings that a request may have. */
export const ACCEPTED_CODINGS = 'gzip, deflate'

export type ErrorCode = keyof typeof wire

/** Errors that the same request will get again: OpenAI's SDKs retry some of their statuses. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'invalid_json',
  'invalid_request',
  'invalid_api_key',
  'model_not_allowed',
  'not_found',
  'model_not_found',
  'method_not_allowed',
  'request_too_large',
  'unsupported_encoding',
  'misconfigured',
  'not_in_cache',
])

/**
 * An answer that the gateway gives itself; `param` names the field or header that is wrong, and
 * `retryAfterSeconds` when it is worth trying again.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: ErrorCode
  readonly param: string | null
  readonly retryAfterSeconds: number | undefined
  constructor(
    code: ErrorCode,
    message: string,
    param: string | null = null,
    retryAfterSeconds?: number,
  ) {
    super(message)
    this.code = code
    this.param = param
    this.retryAfterSeconds = retryAfterSeconds
  }

  get status(): number {
    return wire[this.code][0]
  }
}

/** The error as a response in the vendor's shape; anything but a `GatewayError` tells nothing of itself. */
export function errorResponse(error: unknown, shape: ErrorShape = 'openai'): Response {
  const known =
    error instanceof GatewayError
      ? error
      : new GatewayError('internal_error', 'The gateway failed on this request.')
  const [status, openai, anthropic] = wire[known.code]
  const body =
    shape === 'anthropic'
      ? { type: 'error', error: { type: anthropic, message: known.message } }
      : {
          error: { message: known.message, type: openai, param: known.param, code: known.code },
        }
  const { retryAfterSeconds } = known
  const headers = {
    'x-content-type-options': 'nosniff',
    // RFC 9110, 15.5.2: a 401 says how to authenticate.
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    // RFC 9110, 12.5.3: a 415 says which codings are accepted.
    ...(status === 415 ? { 'accept-encoding': ACCEPTED_CODINGS } : {}),
    ...(FINAL.has(known.code) ? { 'x-should-retry': 'false' } : {}),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  }
  return Response.json(body, { status, headers })
}
