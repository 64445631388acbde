import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { chatCompletions } from '../../src/apis/chat-completions.ts'
import type { AppEnv, Failure, RequestBody } from '../../src/env.ts'
import { GatewayError } from '../../src/errors.ts'
import type { ErrorCode } from '../../src/errors.ts'
import { proxy } from '../../src/routes/proxy.ts'
import { MemoryBudget } from '../../src/stream/memory-budget.ts'
import { Trace } from '../../src/telemetry/trace.ts'

const now = () => Date.now()
const policy = { sampleRate: 0, includeContent: false }

/** What the proxy leaves for stale answers if reading the body throws this error. */
async function failureAfter(code: ErrorCode) {
  const memory = new MemoryBudget(1_000)
  let failure: Failure | undefined
  const app = new Hono<AppEnv>()
  app.post(
    '/',
    async (c, next) => {
      const request = { api: chatCompletions, eligibility: { reason: undefined } }
      const held = memory.holdingOf('a key', c.req.raw)
      const body = {
        held,
        valueBytes: 0,
        get value() {
          throw new GatewayError(code, 'No.')
        },
      }
      c.set('caller', { id: 'a key', upstreamKey: 'sk' } as AppEnv['Variables']['caller'])
      c.set('observed', { startedAt: now() })
      c.set('trace', new Trace('POST /', { now, policy, sampled: false, link: undefined }))
      c.set('forward', { fwd: 'uri-miss', outcome: 'miss', lookedUpAt: 0, lookupMs: 0 })
      c.set('request', request as AppEnv['Variables']['request'])
      c.set('body', body as unknown as RequestBody)
      await next()
      failure = c.var.failure
    },
    proxy({
      ask: () => Promise.reject(new Error('not asked')),
      coalescing: undefined,
      store: undefined as never,
      memory,
      maxEntryBytes: 1_000,
      storeSemanticHits: true,
      now,
    }),
  )
  const { status } = await app.request('/', { method: 'POST' })
  return { status, why: failure?.why }
}

it('lets no stale answer replace an error of the gateway, only those of LiteLLM', async () => {
  expect(await failureAfter('overloaded')).toEqual({ status: 503, why: undefined })
  expect(await failureAfter('upstream_unsound')).toEqual({ status: 502, why: undefined })
  expect(await failureAfter('upstream_timeout')).toEqual({ status: 504, why: 'upstream_timeout' })
})
