import { createMiddleware } from 'hono/factory'
import { requestId } from 'hono/request-id'
import type { AppEnv } from '../env.ts'

/** Uses the caller's `x-request-id` if it is valid, or makes one. Every response carries it. */
export const requestIds = [
  requestId({ limitLength: 128 }),
  // Hono sets the header before the handler runs; only a Response made by `c.body` has it.
  createMiddleware<AppEnv>(async (c, next) => {
    await next()
    // Setting a header now would copy the response.
    if (!c.res.headers.has('x-request-id')) c.header('x-request-id', c.get('requestId'))
  }),
] as const
