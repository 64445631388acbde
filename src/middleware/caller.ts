import { createMiddleware } from 'hono/factory'
import { presentedKey } from '../access/caller.ts'
import type { Callers } from '../access/caller.ts'
import { countCaller } from '../access/limits.ts'
import type { Limits, Watch } from '../access/limits.ts'
import { GatewayError } from '../errors.ts'
import type { Steps } from '../steps.ts'

/** Finds out who asks, and whether they may ask so much, before anything is done for them. */
export const caller = (callers: Callers, limits: Limits, watch: Watch) =>
  createMiddleware<Steps>(async (c, next) => {
    const address = c.req.header('cf-connecting-ip')
    const found = await callers(presentedKey(c.req.raw.headers), {
      later: (work) => c.executionCtx.waitUntil(work),
      admit: () => watch.admit(address),
      failed: () => watch.failed(address),
    })
    if (found === undefined) {
      throw new GatewayError('invalid_api_key', 'The API key is missing or not known.')
    }
    await countCaller(limits, found)
    c.set('caller', found)
    await next()
  })
