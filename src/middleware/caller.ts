import { createMiddleware } from 'hono/factory'
import { presentedKey } from '../access/caller.ts'
import type { Callers } from '../access/caller.ts'
import { GatewayError } from '../errors.ts'
import type { Steps } from '../steps.ts'

/** Finds out who asks, before anything is done for them. */
export const caller = (callers: Callers) =>
  createMiddleware<Steps>(async (c, next) => {
    const found = await callers(presentedKey(c.req.raw.headers))
    if (found === undefined) {
      throw new GatewayError('invalid_api_key', 'The API key is missing or not known.')
    }
    c.set('caller', found)
    await next()
  })
