import { createMiddleware } from 'hono/factory'
import { presentedKey } from '../access/caller.ts'
import type { Callers } from '../access/caller.ts'
import { countAddress, countCaller } from '../access/limits.ts'
import type { Limits } from '../access/limits.ts'
import { GatewayError } from '../errors.ts'
import type { Steps } from '../steps.ts'

/** Finds out who asks, and whether they may ask so much, before anything is done for them. */
export const caller = (callers: Callers, limits: Limits) =>
  createMiddleware<Steps>(async (c, next) => {
    const found = await callers(presentedKey(c.req.raw.headers), {
      later: (work) => c.executionCtx.waitUntil(work),
      admit: () => countAddress(limits, c.req.header('cf-connecting-ip')),
    })
    if (found === undefined) {
      throw new GatewayError('invalid_api_key', 'The API key is missing or not known.')
    }
    await countCaller(limits, found)
    c.set('caller', found)
    await next()
  })
