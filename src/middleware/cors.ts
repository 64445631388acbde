import { cors as honoCors } from 'hono/cors'

/** What a page may read of an answer beside its body. */
const EXPOSED = [
  'age',
  'cache-status',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'server-timing',
  'x-cache',
  'x-cache-key',
  'x-request-id',
  'x-litellm-call-id',
  'x-litellm-model-id',
  'x-litellm-response-cost',
  'x-litellm-semantic-similarity',
  'x-litellm-cache-key',
]

/** How long a browser may remember what it may send, in seconds; most allow no more. */
const PREFLIGHT_SECONDS = 7_200

/**
 * Lets pages of these origins call the gateway (https://fetch.spec.whatwg.org/#http-cors-protocol). A
 * browser asks first, by `OPTIONS` and without its key: that is answered before anybody's is asked for.
 */
export const cors = (origins: string | string[]) =>
  honoCors({
    origin: origins,
    allowMethods: ['GET', 'POST'],
    exposeHeaders: EXPOSED,
    maxAge: PREFLIGHT_SECONDS,
  })
