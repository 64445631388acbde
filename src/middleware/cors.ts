import { cors as honoCors } from 'hono/cors'

/** The response headers that a web page may read. */
const EXPOSED = [
  'age',
  'cache-status',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'server-timing',
  'x-cache',
  'x-cache-key',
  'x-cache-explanation',
  'x-request-id',
  'x-litellm-call-id',
  'x-litellm-model-id',
  'x-litellm-response-cost',
  'x-litellm-semantic-similarity',
  'x-litellm-cache-key',
]

/** How long browsers may cache a preflight, in seconds. Most allow no more. */
const PREFLIGHT_SECONDS = 7_200

/**
 * Lets pages of these origins call the gateway (https://fetch.spec.whatwg.org/#http-cors-protocol).
 * Answers preflight requests before authentication, because browsers send them without a key.
 */
export const cors = (origins: string | string[]) =>
  honoCors({
    origin: origins,
    allowMethods: ['GET', 'POST'],
    exposeHeaders: EXPOSED,
    maxAge: PREFLIGHT_SECONDS,
  })
