import { createMiddleware } from 'hono/factory'
import { presentedKey } from '../auth/caller.ts'
import type { Callers } from '../auth/caller.ts'
import { countCaller } from '../auth/rate-limit.ts'
import type { Limits, Watch } from '../auth/rate-limit.ts'
import { GatewayError } from '../errors.ts'
import type { Steps } from '../env.ts'

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
