/**
 * The data centre's cache, as workerd uses it: `caches.default` sends a `PUT` with a whole HTTP response
 * in its body, and a `GET` with `only-if-cached`
 * (https://github.com/cloudflare/workerd/blob/main/src/workerd/api/cache.c++). Stores bodies in memory
 * with `STORES=true`, else nothing.
 */
const bodies = new Map()

export default {
  async fetch(request, { STORES }) {
    if (request.method === 'PUT') {
      if (STORES === 'true') bodies.set(request.url, bodyOf(await request.text()))
      return new Response(null, { status: 204 })
    }
    const body = bodies.get(request.url)
    return body === undefined
      ? new Response(null, { status: 504, headers: { 'cf-cache-status': 'MISS' } })
      : new Response(body, { headers: { 'cf-cache-status': 'HIT' } })
  },
}

/** The body of an HTTP response with its head. Encoded once, because it is read more often. */
function bodyOf(response) {
  return new TextEncoder().encode(response.slice(response.indexOf('\r\n\r\n') + 4))
}
