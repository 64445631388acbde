import { describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { chunks, eventStream, litellmError, modelList } from '../support/fake-litellm.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat, gateway } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const NOW = 1_790_000_000_000
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

fixedClock(NOW, { warnings: false })

/** A gateway whose callers use their own LiteLLM keys, and one such key. */
function open(options: GatewayOptions = {}) {
  const made = gateway({ withKey: false, ...options })
  const key = `sk-${crypto.randomUUID()}`
  const ask = async (over: Record<string, unknown> = {}, with_ = key) => {
    const answer = await made.post(CHAT, chat(over), bearer(with_))
    await answer.clone().text()
    await made.settled()
    return answer
  }
  /** Sets the clock to `ms` after the start. */
  const at = (ms: number) => vi.setSystemTime(NOW + ms)
  return { ...made, key, ask, at, outcome: async () => (await ask()).headers.get('x-cache') }
}

describe('AUTH_MODE=litellm, the default', () => {
  it('checks a key with LiteLLM and sends that key upstream', async () => {
    const { ask, key, litellm } = open()
    expect((await ask()).status).toBe(200)
    expect(litellm.checked).toEqual([key])
    expect(litellm.asked[0]!.headers.get('authorization')).toBe(`Bearer ${key}`)
  })

  it("sends the caller's key for shared calls, direct calls and the model list", async () => {
    const { ask, key, litellm, get } = open({ answer: () => eventStream(chunks()) })
    for (const body of [{ stream: true }, { cache: { 'no-store': true } }]) await ask(body)
    let asked = ''
    litellm.models = (presented) => {
      asked = presented
      return modelList(['small', 'other'])
    }
    expect(await (await get('/v1/models', bearer(key))).json()).toMatchObject({
      data: [{ id: 'small' }, { id: 'other' }],
    })
    expect(asked).toBe(key)
    for (const { headers } of litellm.asked) {
      expect(headers.get('authorization')).toBe(`Bearer ${key}`)
    }
  })

  it("has a cache per key, stored under the key's digest and never with the key itself", async () => {
    const { ask, key, qdrant } = open()
    await ask()
    expect((await ask()).headers.get('x-cache')).toBe('exact-hit')
    expect((await ask({}, 'sk-another')).headers.get('x-cache')).toBe('miss')
    const [entry] = qdrant.points.values()
    expect(entry!['tenant']).toBe(await sha256(key))
    expect(JSON.stringify([...qdrant.points])).not.toContain(key)
  })

  it.each([
    [401, 'token_not_found_in_db'],
    [403, 'auth_error'],
    [400, 'no_db_connection'],
    [400, 'expired_key'],
  ])('answers 401 to a key that LiteLLM refuses with %i %s', async (status, type) => {
    const { ask, litellm } = open()
    litellm.models = () => litellmError(status, type)
    const refused = await ask()
    expect(refused.status).toBe(401)
    expect(await refused.json()).toMatchObject({ error: { code: 'invalid_api_key' } })
    expect((await ask()).status).toBe(401)
    expect(litellm.checked).toHaveLength(1)
    expect(litellm.asked).toHaveLength(0)
  })

  it('passes a key that is limited to some routes on to LiteLLM, past the cache', async () => {
    const { ask, litellm } = open()
    const message = 'Virtual key is not allowed to call this route. Only allowed to call routes: …'
    litellm.models = () =>
      Response.json({ error: { message, type: 'auth_error', code: '403' } }, { status: 403 })
    const answer = await ask()
    expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'bypass'])
  })

  it('answers 401 without a key, without calling LiteLLM', async () => {
    const { post, litellm } = open()
    expect((await post(CHAT, chat())).status).toBe(401)
    expect(litellm.checked).toHaveLength(0)
  })

  it('rejects a key with spaces in it, as LiteLLM would strip every "Bearer "', async () => {
    const { post, litellm } = gateway({ withKey: false })
    for (const key of ['sk-oneBearer  two', 'sk-one two', 'Bearer sk-one two']) {
      const answer = await post(CHAT, chat(), { 'x-api-key': key })
      expect(answer.status).toBe(401)
    }
    expect(litellm.checked).toEqual([])
    const hidden = { 'x-api-key': '', 'api-key': 'sk-one' }
    expect((await post(CHAT, chat(), hidden)).status).toBe(200)
  })

  it('passes a key with an exhausted budget on to LiteLLM, past the cache', async () => {
    const { ask, at, litellm } = open()
    await ask()
    litellm.models = () => litellmError(429, 'budget_exceeded')
    litellm.answer = () => litellmError(429, 'budget_exceeded')
    at(61_000)
    const answer = await ask()
    expect([answer.status, answer.headers.get('x-cache')]).toEqual([429, 'bypass'])
  })
})

describe("LiteLLM's verdict on a key", () => {
  it('counts for 60 s, and is renewed in the background from 45 s on', async () => {
    const { outcome, at, litellm } = open()
    await outcome()
    at(44_999)
    await outcome()
    expect(litellm.checked).toHaveLength(1)
    at(45_000)
    expect(await outcome()).toBe('exact-hit')
    expect(litellm.checked).toHaveLength(2)
    at(89_999)
    await outcome()
    expect(litellm.checked).toHaveLength(2)
    litellm.models = () => litellmError(401, 'auth_error')
    at(105_000)
    expect(await outcome()).toBeNull()
    litellm.models = () => modelList(['small'])
    at(105_000 + 44_999)
    expect(await outcome()).toBeNull()
    at(105_000 + 60_000)
    expect(await outcome()).toBe('exact-hit')
  })

  it('ends at the latest 60 s after the key was withdrawn', async () => {
    const { ask, at, litellm } = open()
    await ask()
    at(60_000)
    litellm.models = () => litellmError(401, 'auth_error')
    expect((await ask()).status).toBe(401)
  })

  it('is shared by the isolates of a data centre, for the same LiteLLM', async () => {
    const first = open()
    await first.ask()
    const second = open({ hosts: { litellm: first.litellm } })
    expect((await second.ask({}, first.key)).status).toBe(200)
    expect(first.litellm.checked).toHaveLength(1)
    const elsewhere = open({
      env: { LITELLM_URL: 'http://other' },
      hosts: { other: second.litellm },
    })
    await elsewhere.ask({}, first.key)
    expect(second.litellm.checked).toEqual([first.key])
  })

  it.each([
    ['is unreachable', undefined],
    ['fails', () => new Response('no', { status: 500 })],
    ['is busy', () => litellmError(429, 'rate_limit')],
    ['sends no model list', () => Response.json({ data: 'none' })],
  ])(
    'counts for an hour if LiteLLM %s; after that, and for a new key, the gateway answers 503',
    async (_, models) => {
      const { litellm, key, at } = open()
      let down = false
      const again = open({
        hosts: {
          litellm: {
            fetch: (request) => {
              const isCheck = new URL(request.url).pathname === '/v1/models'
              if (!down || !isCheck) return litellm.fetch(request)
              if (models === undefined) throw new Error('Network connection lost.')
              return models()
            },
          },
        },
      })
      expect((await again.ask({}, key)).status).toBe(200)
      down = true
      at(3_600_000 - 1)
      expect((await again.ask({}, key)).status).toBe(200)
      at(3_600_000)
      const refused = await again.ask({}, key)
      expect(refused.status).toBe(503)
      expect(await refused.json()).toMatchObject({
        error: { type: 'server_error', code: 'auth_unavailable' },
      })
      expect((await again.ask({}, 'sk-never-seen')).status).toBe(503)
    },
  )

  it('is requested once every 5 s, not at each request, while LiteLLM fails', async () => {
    const { ask, at, litellm } = open()
    await ask()
    litellm.models = () => new Response('no', { status: 500 })
    at(100_000)
    for (let n = 0; n < 5; n += 1) expect((await ask()).status).toBe(200)
    expect(litellm.checked).toHaveLength(2)
    at(105_000)
    await ask()
    expect(litellm.checked).toHaveLength(3)
  })
})

describe("an answer that is not LiteLLM's verdict on a key", () => {
  it.each([
    ['a page of a firewall', 403, '<html>'],
    ['a request that it could not read', 400, 'Bad Request'],
    ['some other error', 400, JSON.stringify({ error: { type: 'odd', message: 'no' } })],
  ])('does not lock out a known key: %s', async (_, status, body) => {
    const { ask, at, litellm } = open()
    await ask()
    litellm.models = () => new Response(body, { status })
    at(60_000)
    expect((await ask()).status).toBe(200)
    litellm.models = () => litellmError(401, 'auth_error')
    expect((await ask()).status).toBe(401)
  })

  it('does not delay the check of another key', async () => {
    const { ask, at, litellm } = open()
    await ask()
    litellm.models = () => new Response('Bad Request', { status: 400 })
    at(60_000)
    expect((await ask({}, 'sk-garbage')).status).toBe(503)
    litellm.models = () => litellmError(401, 'auth_error')
    expect((await ask()).status).toBe(401)
  })

  it('does not delay the check of another key if it limits a known key', async () => {
    const { ask, at, litellm } = open()
    await ask()
    await ask({}, 'sk-busy')
    litellm.models = () => litellmError(429, 'rate_limit')
    at(60_000)
    expect((await ask({}, 'sk-busy')).status).toBe(200)
    litellm.models = () => litellmError(401, 'auth_error')
    expect((await ask()).status).toBe(401)
  })

  it('is not requested for a key over 8 KiB', async () => {
    const { ask, litellm } = open()
    expect((await ask({}, 'x'.repeat(8_193))).status).toBe(401)
    expect(litellm.checked).toHaveLength(0)
    expect((await ask({}, 'x'.repeat(8_192))).status).toBe(200)
    expect(litellm.checked).toHaveLength(1)
  })
})

describe('a late verdict on a key', () => {
  it('does not replace a newer one', async () => {
    const { ask, post, key, litellm, at } = open()
    const late = Promise.withResolvers<Response>()
    const words = [late.promise, litellmError(401, 'auth_error')]
    litellm.models = () => words.shift()!
    const first = post(CHAT, chat(), bearer(key))
    await vi.waitFor(() => expect(litellm.checked).toHaveLength(1))
    at(1_000)
    expect((await ask()).status).toBe(401)
    late.resolve(modelList(['small']))
    await first
    expect((await ask()).status).toBe(401)
    expect(litellm.checked).toHaveLength(2)
  })
})

describe("the list of a key's models", () => {
  it.each([
    ['openai/*', 'openai/gpt-5-mini'],
    ['*', 'anything'],
    ['small', 'small'],
  ])('with %s allows hits for the model %s', async (name, model) => {
    const { ask, litellm } = open()
    litellm.models = () => modelList([name, 'openai/gpt-4o'])
    await ask({ model })
    expect((await ask({ model })).headers.get('x-cache')).toBe('exact-hit')
  })

  it('without the model sends the request past both caches, and LiteLLM decides', async () => {
    const { ask, litellm, qdrant } = open()
    litellm.models = () => modelList(['openai/*', 'medium'])
    for (const model of ['small', 'openai', 'mediums', 'anthropic/openai/x']) {
      for (const _ of [1, 2]) {
        const answer = await ask({ model })
        expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'bypass'])
        expect(answer.headers.get('cache-status')).toContain("not among the key's models")
        expect(litellm.asked.at(-1)!.body['cache']).toEqual({ 'no-cache': true, 'no-store': true })
      }
    }
    expect(qdrant.points.size).toBe(0)
  })

  it('ends hits when it no longer has the model', async () => {
    const { outcome, at, litellm } = open()
    await outcome()
    expect(await outcome()).toBe('exact-hit')
    litellm.models = () => modelList(['large'])
    at(60_000)
    expect(await outcome()).toBe('bypass')
  })
})
