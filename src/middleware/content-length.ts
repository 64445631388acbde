import { createMiddleware } from 'hono/factory'

/**
 * Sets `content-length`, so that HEAD returns GET's headers (RFC 9110, 9.3.2): Hono answers HEAD like
 * GET. It buffers the whole response, so use it for short ones only.
 */
export const contentLength = createMiddleware(async (c, next) => {
  await next()
  const bytes = await c.res.arrayBuffer()
  c.res = new Response(bytes, c.res)
  c.res.headers.set('content-length', String(bytes.byteLength))
})
