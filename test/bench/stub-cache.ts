/** A data centre's cache. */
interface CacheAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

/** Names the stub's cache in a request from workerd: `empty`, or `storing`. */
export const CACHE_HEADER = 'x-bench-cache'

const bodies = new Map<string, Buffer>()

/**
 * What Cloudflare's cache answers to workerd: `caches.default` sends a `PUT` with a whole HTTP response
 * in its body, and a `GET` with `only-if-cached`
 * (https://github.com/cloudflare/workerd/blob/main/src/workerd/api/cache.c++).
 */
export function cacheAnswer(
  stores: boolean,
  method: string,
  url: string,
  sent: Buffer,
): CacheAnswer {
  if (method === 'PUT') {
    if (stores) bodies.set(url, sent.subarray(sent.indexOf('\r\n\r\n') + 4))
    return { status: 204 }
  }
  const body = stores ? bodies.get(url) : undefined
  return body === undefined
    ? { status: 504, headers: { 'cf-cache-status': 'MISS' } }
    : { status: 200, headers: { 'cf-cache-status': 'HIT' }, body }
}
