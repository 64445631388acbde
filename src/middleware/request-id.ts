import { createMiddleware } from 'hono/factory'
import type { Steps } from '../env.ts'

/** Long enough for anybody's ids, and nothing that could break a header or a log line. */
const SANE = /^[\w.:-]{1,128}$/

/** Takes the caller's `x-request-id` if it is sane, else makes one; every answer carries it. */
export const requestId = () =>
  createMiddleware<Steps>(async (c, next) => {
    const given = c.req.header('x-request-id')
    const id = given !== undefined && SANE.test(given) ? given : crypto.randomUUID()
    c.set('requestId', id)
    await next()
    c.header('x-request-id', id)
  })
