import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CHAT } from '../support/coalescing.ts'
import { chat, gateway, QDRANT_ONLY } from '../support/gateway.ts'

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('requests that look alike and are not', () => {
  const cases: [name: string, over: Record<string, unknown>, headers: Record<string, string>][] = [
    ['another namespace', { cache: { namespace: 'a' } }, {}],
    ['another question', { temperature: 1 }, {}],
    ['another TTL', {}, { 'x-cache-ttl': '60' }],
    ['other tags', {}, { 'x-cache-tags': 'a' }],
    ['not by meaning', {}, { 'x-cache-semantic': 'off' }],
    ['no-cache', {}, { 'cache-control': 'no-cache' }],
    ['no-store', {}, { 'cache-control': 'no-store' }],
    ['no-store in the body', { cache: { 'no-store': true } }, {}],
    ['max-age', {}, { 'cache-control': 'max-age=60' }],
  ]
  for (const [name, over, headers] of cases) {
    it(`never share a call: ${name}`, async () => {
      const { post, litellm } = gateway()
      const answers = await Promise.all([post(CHAT, chat()), post(CHAT, chat(over), headers)])
      const bodies = await Promise.all(answers.map((answer) => answer.text()))
      expect(litellm.asked).toHaveLength(2)
      expect(bodies[0]).not.toBe(bodies[1])
    })
  }

  it('never share a call: another tenant', async () => {
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

  it('no-store requests never share a call, not even with each other', async () => {
    const { post, litellm, coalescing } = gateway()
    const noStore = () => post(CHAT, chat(), { 'cache-control': 'no-store' })
    await Promise.all([noStore(), noStore()])
    expect([litellm.asked.length, coalescing.asked]).toEqual([2, 0])
  })

  it('a refresh that comes after an answer was made, but not kept yet, is a new one', async () => {
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
    // Whoever may have what is stored is spared the call meanwhile.
    await made.post(CHAT, chat())
    await made.post(CHAT, chat())
    expect(made.litellm.asked).toHaveLength(3)
    writing.resolve()
  })

  it.each(['no-cache', 'max-age=0'])(
    'three samples asked for with %s are three calls, also at once',
    async (cacheControl) => {
      const { post, litellm, coalescing } = gateway()
      const sample = () => post(CHAT, chat(), { 'cache-control': cacheControl })
      await Promise.all([sample(), sample(), sample()])
      expect([litellm.asked.length, coalescing.asked]).toEqual([3, 0])
    },
  )
})
