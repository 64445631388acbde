import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { credulous } from '../support/credulous-litellm.ts'
import { litellmError } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'

let written: Record<string, unknown>[]

beforeEach(() => {
  written = []
  for (const method of ['error', 'warn', 'log', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => {
      written.push({ method, ...(JSON.parse(line) as object) })
    })
  }
})
afterEach(() => void vi.restoreAllMocks())

const ofRequests = () => written.filter(({ event }) => event === 'request')

describe('LOG_LEVEL=debug', () => {
  const env = { LOG_LEVEL: 'debug' }

  it('writes one line of JSON for each request', async () => {
    const { post, settled } = gateway({ env })
    for (const _ of ['miss', 'hit']) {
      await post(CHAT, chat(), { 'x-request-id': 'mine' })
      await settled()
    }
    const of = { level: 'debug', request_id: 'mine', method: 'POST', path: CHAT, model: 'small' }
    expect(ofRequests()).toMatchObject([
      { ...of, status: 200, outcome: 'miss' },
      { ...of, status: 200, outcome: 'exact-hit', tier: 'memory' },
    ])
    const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
    for (const line of ofRequests()) {
      expect(line['time']).toMatch(time)
      expect(line['latency_ms']).toBeGreaterThanOrEqual(0)
      expect(line['tenant']).toMatch(/^[0-9a-f]{64}$/)
    }
  })

  it('writes no key, no header, no query and no content', async () => {
    const key = 'sk-secret-key-1234567890'
    const { post, settled } = gateway({ env, key })
    await post(`${CHAT}?secret=query`, chat({ user: 'secret-user' }), { cookie: 'secret-cookie' })
    await post(CHAT, '{"messages": "secret-malformed')
    await settled()
    expect(ofRequests()).toHaveLength(2)
    expect(JSON.stringify(written)).not.toMatch(/secret|sky|scatters/)
  })

  it('tells refused requests apart by the code of their error', async () => {
    const { post, get } = gateway({ env })
    await post(CHAT, '{')
    await get('/nowhere')
    expect(ofRequests()).toMatchObject([
      { status: 400, error: 'invalid_json' },
      { status: 404, error: 'not_found' },
    ])
  })
})

describe('the default LOG_LEVEL', () => {
  it('writes only the lines of requests that failed', async () => {
    const { post, settled, litellm } = gateway({ env: { LOG_LEVEL: 'info' } })
    await post(CHAT, chat())
    await post(CHAT, '{')
    litellm.answer = () => litellmError(500, 'down')
    await post(CHAT, chat({ temperature: 1 }))
    await settled()
    expect(ofRequests()).toMatchObject([{ method: 'POST', level: 'warn', status: 500 }])
  })
})

describe('no line', () => {
  it('is a warning about an `only-if-cached` that the cache could not answer', async () => {
    const { post } = gateway()
    expect((await post(CHAT, chat(), { 'cache-control': 'only-if-cached' })).status).toBe(504)
    expect(ofRequests()).toEqual([])
  })

  it('quotes a verdict that is not JSON', async () => {
    const { post, settled, litellm } = gateway({ answer: credulous() })
    litellm.judge = () => new Response('secret words of a prompt')
    for (let city = 0; city < 7; city += 1) {
      await post(CHAT, chat({ messages: [{ role: 'user', content: `How far is city ${city}?` }] }))
      await settled()
    }
    const paused = written.find(({ event }) => event === 'semantic cache paused: the judge fails')
    expect(paused).toMatchObject({ error: 'not JSON' })
    expect(JSON.stringify(written)).not.toContain('secret')
  })

  it('is as long as a caller wants it to be', async () => {
    const { post, litellm } = gateway()
    litellm.answer = () => litellmError(500, 'down')
    await post(CHAT, chat({ model: 'm'.repeat(100_000) }))
    expect(ofRequests()).toMatchObject([{ model: 'm'.repeat(128), status: 500 }])
  })
})

describe('LOG_LEVEL=off', () => {
  it('writes nothing', async () => {
    const { post, settled } = gateway({
      env: { LOG_LEVEL: 'off' },
      hosts: { qdrant: undefined },
      answer: () => litellmError(500, 'down'),
    })
    await post(CHAT, chat())
    await settled()
    expect(written).toEqual([])
  })
})

describe('a line', () => {
  it.each([{ COALESCE: 'on' }, { COALESCE: 'off' }])(
    'has the id of its request wherever it is written: %j',
    async (env) => {
      const refuses = { fetch: async () => new Response('{}', { status: 500 }) }
      const { post, settled } = gateway({ env, hosts: { qdrant: refuses } })
      await post(CHAT, chat(), { 'x-request-id': 'mine' })
      await settled()
      const events = written.map(({ event }) => event)
      // The second is written after the answer, and with coalescing in the Durable Object.
      expect(events).toEqual(expect.arrayContaining(['lookup failed', 'entry not stored']))
      expect(new Set(written.map((line) => line['request_id']))).toEqual(new Set(['mine']))
    },
  )
})
