/** The shape of an error body: OpenAI's, or Anthropic's on `/v1/messages` and `/messages`. */
export type ErrorShape = 'openai' | 'anthropic'

/** The error shape of a request path. */
export function errorShapeAt(path: string): ErrorShape {
  return /^(\/v1)?\/messages(\/|$)/.test(path) ? 'anthropic' : 'openai'
}

/**
 * The gateway's own errors: HTTP status, then OpenAI's and Anthropic's `type`
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
  unsupported_media_type: [415, 'invalid_request_error', 'invalid_request_error'],
  rate_limit_exceeded: [429, 'rate_limit_error', 'rate_limit_error'],
  internal_error: [500, 'server_error', 'api_error'],
  misconfigured: [500, 'server_error', 'api_error'],
  upstream_unsound: [502, 'server_error', 'api_error'],
  upstream_unreachable: [502, 'server_error', 'api_error'],
  auth_unavailable: [503, 'server_error', 'api_error'],
  ledger_unavailable: [503, 'server_error', 'api_error'],
  store_unavailable: [503, 'server_error', 'api_error'],
  overloaded: [503, 'server_error', 'overloaded_error'],
  not_in_cache: [504, 'server_error', 'api_error'],
  upstream_timeout: [504, 'server_error', 'api_error'],
} as const satisfies Record<string, readonly [number, string, string]>

/** The content codings accepted in requests. */
export const ACCEPTED_CODINGS = 'gzip, deflate, zstd'

export type ErrorCode = keyof typeof wire

/** Errors that a retry cannot fix. OpenAI's SDKs would retry some of these statuses. */
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
  'unsupported_media_type',
  'misconfigured',
  'not_in_cache',
])

/**
 * An error of the gateway itself. `param` names the invalid field or header; `retryAfterSeconds`
 * says when a retry makes sense.
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

/** Builds the error response in the vendor's shape. Only a `GatewayError` shows its message. */
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
    // RFC 9110, 12.5.3: such a 415 says which codings are accepted.
    ...(known.code === 'unsupported_encoding' ? { 'accept-encoding': ACCEPTED_CODINGS } : {}),
    ...(FINAL.has(known.code) ? { 'x-should-retry': 'false' } : {}),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  }
  return Response.json(body, { status, headers })
}
