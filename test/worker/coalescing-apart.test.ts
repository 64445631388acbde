import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CHAT } from '../support/coalescing.ts'
import { chat, gateway, QDRANT_ONLY } from '../support/gateway.ts'

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('requests that must not share an upstream call', () => {
  const cases: [name: string, over: Record<string, unknown>, headers: Record<string, string>][] = [
    ['another namespace', { cache: { namespace: 'a' } }, {}],
    ['another temperature', { temperature: 1 }, {}],
    ['another TTL', {}, { 'x-cache-ttl': '60' }],
    ['other tags', {}, { 'x-cache-tags': 'a' }],
    ['x-cache-semantic: off', {}, { 'x-cache-semantic': 'off' }],
    ['no-cache', {}, { 'cache-control': 'no-cache' }],
    ['no-store', {}, { 'cache-control': 'no-store' }],
    ['no-store in the body', { cache: { 'no-store': true } }, {}],
    ['max-age', {}, { 'cache-control': 'max-age=60' }],
  ]
  for (const [name, over, headers] of cases) {
    it(`make their own calls: ${name}`, async () => {
      const { post, litellm } = gateway()
      const answers = await Promise.all([post(CHAT, chat()), post(CHAT, chat(over), headers)])
      const bodies = await Promise.all(answers.map((answer) => answer.text()))
      expect(litellm.asked).toHaveLength(2)
      expect(bodies[0]).not.toBe(bodies[1])
    })
  }

  it('make their own calls: another tenant', async () => {
    const key = async (name: string) => {
      const bytes = new TextEncoder().encode(name)
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      return { sha256: Buffer.from(digest).toString('hex'), tenant: name }
    }
    const GATEWAY_KEYS = JSON.stringify([await key('acme'), await key('globex')])
    const { post, litellm } = gateway({ env: { AUTH_MODE: 'keys', GATEWAY_KEYS } })
    const as = (name: string) => post(CHAT, chat(), { authorization: `Bearer ${name}` })
    const answers = await Promise.all([as('acme'), as('globex'), as('acme'), as('globex')])
    const [a, b, c, d] = await Promise.all(answers.map((answer) => answer.text()))
    expect(litellm.asked).toHaveLength(2)
    expect([a, b]).toEqual([c, d])
    expect(a).not.toBe(b)
  })

  it('make their own calls: two requests with no-store', async () => {
    const { post, litellm, coalescing } = gateway()
    const noStore = () => post(CHAT, chat(), { 'cache-control': 'no-store' })
    await Promise.all([noStore(), noStore()])
    expect([litellm.asked.length, coalescing.asked]).toEqual([2, 0])
  })

  it('make their own calls: two refreshes, even while the first answer is being stored', async () => {
    const writing = Promise.withResolvers<void>()
    const made: ReturnType<typeof gateway> = gateway({
      env: QDRANT_ONLY,
      hosts: {
        qdrant: {
          async fetch(request) {
            if (request.method === 'PUT') await writing.promise
            return made.qdrant.fetch(request)
          },
        },
      },
    })
    const refresh = () => made.post(CHAT, chat(), { 'cache-control': 'no-cache' })
    await refresh()
    await refresh()
    expect(made.litellm.asked).toHaveLength(2)
    // Requests without no-cache share the answer that is being stored.
    await made.post(CHAT, chat())
    await made.post(CHAT, chat())
    expect(made.litellm.asked).toHaveLength(3)
    writing.resolve()
  })

  it.each(['no-cache', 'max-age=0'])(
    'make their own calls: three concurrent requests with %s',
    async (cacheControl) => {
      const { post, litellm, coalescing } = gateway()
      const sample = () => post(CHAT, chat(), { 'cache-control': cacheControl })
      await Promise.all([sample(), sample(), sample()])
      expect([litellm.asked.length, coalescing.asked]).toEqual([3, 0])
    },
  )
})
