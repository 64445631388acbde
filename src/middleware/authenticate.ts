import { createMiddleware } from 'hono/factory'
import { presentedKey } from '../auth/caller.ts'
import type { Authenticator } from '../auth/caller.ts'
import { countCaller } from '../auth/rate-limit.ts'
import type { Limits, AddressLimiter } from '../auth/rate-limit.ts'
import { GatewayError } from '../errors.ts'
import type { AppEnv } from '../env.ts'

/** Identifies the caller and applies its rate limit, before anything else. */
export const authenticate = (
  authenticator: Authenticator,
  limits: Limits,
  addressLimiter: AddressLimiter,
  now: () => number,
) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const address = c.req.header('cf-connecting-ip')
    const found = await authenticator(presentedKey(c.req.raw.headers), {
      waitUntil: (work) => c.executionCtx.waitUntil(work),
      admit: () => addressLimiter.admit(address),
      failed: () => addressLimiter.failed(address),
    })
    if (found === undefined) {
      throw new GatewayError('invalid_api_key', 'The API key is missing or invalid.')
    }
    c.set('caller', found)
    await countCaller(limits, found)
    c.set('authenticatedAt', now())
    await next()
  })
