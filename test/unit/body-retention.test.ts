import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Hono } from 'hono'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { images } from '../../src/apis/passthrough.ts'
import type { AppEnv } from '../../src/env.ts'
import { GatewayError } from '../../src/errors.ts'
import type { ComparedRequest } from '../../src/explain/recent-request.ts'
import { parseRequest } from '../../src/middleware/parse-request.ts'
import { recentRequests } from '../../src/middleware/recent-requests.ts'
import { RequestMemo } from '../../src/middleware/request-memo.ts'
import { proxy } from '../../src/routes/proxy.ts'
import { MemoryBudget } from '../../src/stream/memory-budget.ts'
import { Trace } from '../../src/telemetry/trace.ts'
import type { AskUpstream } from '../../src/upstream/call.ts'
import { noPolicies } from '../support/policies.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const caller = {
  id: 'a key',
  tenant: 'acme',
  tenantUntil: Infinity,
  payer: 'acme',
  models: ['*'],
  unlisted: 'bypassed',
  scope: 'tenant',
  limit: undefined,
  upstreamKey: 'sk-upstream',
} as const
const LIMIT = 1_000_000
const policy = { sampleRate: 1, includeContent: true }
const now = () => Date.now()

/** A route whose upstream call never ends; `part` is an object inside the parsed body. */
function waiting({ keepsBody = false, sendsAgain = false, records = false } = {}) {
  const seen: {
    part?: WeakRef<object>
    asked: boolean
    compared?: ComparedRequest
    /** How many requests were being digested when LiteLLM was asked. */
    begun?: number
  } = { asked: false }
  const importKey = vi.spyOn(crypto.subtle, 'importKey')
  onTestFinished(() => importKey.mockRestore())
  const memory = new MemoryBudget(LIMIT)
  const api = {
    ...images,
    modelOptional: true,
    check: ({ input }: Record<string, unknown>) => void (seen.part = new WeakRef(input as object)),
  }
  const ask: AskUpstream = async ({ body }) => {
    if (sendsAgain) body.withCache({})
    else body.sendLast({})
    seen.asked = true
    seen.begun = importKey.mock.calls.length
    return llm.promise
  }
  // Held by the test, so that whatever awaits it stays alive.
  const llm = Promise.withResolvers<never>()
  const app = new Hono<AppEnv>()
  const kept: unknown[] = []
  app.post(
    '/',
    async (c, next) => {
      c.set('caller', caller)
      c.set('authenticatedAt', now())
      c.set('requestId', 'a request')
      c.set('observed', { startedAt: now() })
      c.set('trace', new Trace('POST /', { now, policy, sampled: true, link: undefined }))
      c.set('explain', records)
      const why = records ? (['uri-miss', 'miss'] as const) : (['bypass', 'bypass'] as const)
      c.set('forward', { fwd: why[0], outcome: why[1], lookedUpAt: 0, lookupMs: 0 })
      await next()
    },
    parseRequest(api, {
      maxRequestBytes: 100_000,
      cacheMaxRequestBytes: 100_000,
      semantic: undefined,
      policies: noPolicies,
      memory,
      memo: new RequestMemo(),
      now,
    }),
    async (c, next) => {
      if (keepsBody) kept.push(c.var.body)
      await next()
    },
    recentRequests({
      recent: {
        admits: () => true,
        nearest: async (_tenant, request) => void (seen.compared = request),
        record: async () => {},
        recordAll: async () => {},
        fingerprints: async () => [],
        find: async () => undefined,
        forget: async () => 0,
      },
      now,
    }),
    proxy({
      ask,
      coalescing: undefined,
      store: undefined as never,
      memory,
      maxEntryBytes: 1_000,
      storeSemanticHits: true,
      now,
    }),
  )
  const body = JSON.stringify({ model: 'small', input: [{ a: 1 }] })
  const context = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} }
  const answer = app.request('/', { method: 'POST', body }, {}, context)
  return { seen, answer, kept, llm, memory, bytes: body.length }
}

describe('a small body', () => {
  it.each([
    ['counts in the memory budget while it may be sent again', true],
    ['does not count once it was sent for the last time', false],
  ])('%s', async (_what, sendsAgain) => {
    const { seen, answer, llm, memory, bytes } = waiting({ sendsAgain })
    await vi.waitFor(() => expect(seen.asked).toBe(true))
    memory.take(LIMIT - bytes + 1)
    expect(memory.isShort).toBe(sendsAgain)
    llm.reject(new GatewayError('upstream_timeout', 'The test is over.'))
    await answer
    expect(memory.isShort).toBe(false)
  })
})

describe('a parsed body', () => {
  it('is garbage-collected while LiteLLM works on the request', async () => {
    const { seen, answer, llm } = waiting()
    await vi.waitFor(() => expect(seen.asked).toBe(true))
    await vi.waitFor(() => {
      collectGarbage()
      expect(seen.part?.deref()).toBeUndefined()
    })
    llm.reject(new GatewayError('upstream_timeout', 'The test is over.'))
    expect((await answer).status).toBe(504)
  })

  it('is garbage-collected while it is recorded and explained', async () => {
    const { seen, answer, llm } = waiting({ records: true })
    await vi.waitFor(() => expect(seen.compared?.fingerprint.body).toHaveProperty('members'))
    await vi.waitFor(() => {
      collectGarbage()
      expect(seen.part?.deref()).toBeUndefined()
    })
    llm.reject(new GatewayError('upstream_timeout', 'The test is over.'))
    expect((await answer).status).toBe(504)
  })

  it('is digested only after LiteLLM was asked', async () => {
    const { seen, answer, llm } = waiting({ records: true })
    await vi.waitFor(() => expect(seen.compared).toBeDefined())
    expect(seen.begun).toBe(0)
    llm.reject(new GatewayError('upstream_timeout', 'The test is over.'))
    await answer
  })

  it('is still found if something keeps it (control)', async () => {
    const { seen, answer, kept } = waiting({ keepsBody: true })
    await vi.waitFor(() => expect(seen.asked).toBe(true))
    for (let round = 0; round < 5; round += 1) {
      await new Promise((resume) => setTimeout(resume, 1))
      collectGarbage()
    }
    expect(seen.part?.deref()).toEqual([{ a: 1 }])
    expect(answer).toBeInstanceOf(Promise)
    expect(kept).toHaveLength(1)
  })
})
