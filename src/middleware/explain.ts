import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../env.ts'
import { GatewayError } from '../errors.ts'
import { headerValue } from '../explain/explanation.ts'
import { untilAborted, withTimeout } from '../stream/timeout.ts'

/** An answer that is ready waits no longer for its explanation. */
const LONGEST_WAIT_MS = 500

/**
 * Says why a request was a miss (`x-cache-explanation`) if its caller wants to know
 * (`x-cache-explain: 1`). Throws a `GatewayError` (400) for any other value but 0.
 */
export const explain = createMiddleware<AppEnv>(async (c, next) => {
  const asked = c.req.header('x-cache-explain')
  if (asked !== undefined && asked !== '0' && asked !== '1') {
    throw new GatewayError('invalid_request', 'x-cache-explain must be 1 or 0.', 'x-cache-explain')
  }
  c.set('explain', asked === '1')
  await next()
  const why = await explanationInTime(c)
  if (why === undefined) return
  const { outcome, semantic } = c.var.observed
  const shared = 'an identical request was in flight, and this one shared its call'
  const parts = outcome === 'coalesced' ? [shared] : [why, semantic]
  c.res.headers.set('x-cache-explanation', headerValue(parts))
})

/** Why the request was a miss; undefined for a hit, and if the caller does not want to know. */
export async function explanationInTime({ var: { explanation } }: Context<AppEnv>) {
  if (explanation === undefined) return undefined
  return withTimeout(LONGEST_WAIT_MS, (late) => untilAborted(explanation, late)).catch(
    () => 'the recent requests did not answer in time',
  )
}
