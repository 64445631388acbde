import { createMiddleware } from 'hono/factory'

/**
 * Says how long the answer is, so that HEAD tells what GET would (RFC 9110, 9.3.2): Hono answers HEAD
 * with GET's headers. It reads the whole answer, so it is for short ones.
 */
export const contentLength = createMiddleware(async (c, next) => {
  await next()
  const bytes = await c.res.arrayBuffer()
  c.res = new Response(bytes, c.res)
  c.res.headers.set('content-length', String(bytes.byteLength))
})
