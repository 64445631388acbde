import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { completion, modelList } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const keys = async () =>
  JSON.stringify([
    { sha256: await sha256('key-of-acme'), tenant: 'acme' },
    { sha256: await sha256('key-of-globex'), tenant: 'globex' },
  ])
const withKeys = async () => ({
  ENVIRONMENT: 'production',
  AUTH_MODE: 'keys',
  GATEWAY_KEYS: await keys(),
})
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

describe('AUTH_MODE=keys', () => {
  it('answers 401 to a missing or unknown key without calling LiteLLM or Qdrant', async () => {
    const { post, litellm, qdrant } = gateway({ env: await withKeys() })
    for (const headers of [{}, bearer('wrong'), { authorization: 'Basic key-of-acme' }]) {
      const answer = await post(CHAT, chat(), headers as Record<string, string>)
      expect(answer.status).toBe(401)
      expect(await answer.json()).toMatchObject({ error: { code: 'invalid_api_key' } })
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      expect(answer.headers.has('cache-status')).toBe(false)
    }
    expect(litellm.asked).toHaveLength(0)
    expect(qdrant.requests).toHaveLength(0)
  })

  it("accepts the key in each vendor's header and never forwards it to LiteLLM", async () => {
    const { post, litellm } = gateway({ env: await withKeys() })
    const places: Record<string, string>[] = [
      bearer('key-of-acme'),
      { 'x-api-key': 'key-of-acme' },
      { 'api-key': 'key-of-acme' },
      { 'api-key': 'Bearer key-of-acme' },
      { 'x-litellm-api-key': 'Bearer key-of-acme' },
    ]
    for (const headers of places) expect((await post(CHAT, chat(), headers)).status).toBe(200)
    for (const { headers } of litellm.asked) {
      expect(headers.get('authorization')).toBe('Bearer sk-upstream')
      expect(JSON.stringify([...headers])).not.toContain('key-of-acme')
    }
  })

  it("never serves one tenant another tenant's answer", async () => {
    const { post, settled, litellm } = gateway({ env: await withKeys() })
    await post(CHAT, chat(), bearer('key-of-acme'))
    await settled()
    const other = await post(CHAT, chat(), bearer('key-of-globex'))
    expect(other.headers.get('x-cache')).toBe('miss')
    expect(litellm.asked).toHaveLength(2)
  })

  it('forwards only allowed headers to LiteLLM', async () => {
    const { post, litellm } = gateway({ env: await withKeys() })
    await post(CHAT, chat(), {
      ...bearer('key-of-acme'),
      'x-litellm-api-key': 'smuggled',
      'x-goog-api-key': 'smuggled',
      'cache-control': 'max-age=60',
      cookie: 'a=b',
      'openai-beta': 'assistants=v2',
    })
    const sent = [...(litellm.asked[0]?.headers.keys() ?? [])].sort()
    expect(sent).toEqual(['authorization', 'content-type', 'openai-beta', 'x-litellm-call-id'])
  })
})

describe('a key in GATEWAY_KEYS', () => {
  /** One key, with these members beside its digest. */
  const one = async (over: Record<string, unknown>, key = 'key') => ({
    sha256: await sha256(key),
    tenant: 'acme',
    ...over,
  })
  const withKey = async (...entries: Promise<object>[]) => ({
    ...(await withKeys()),
    GATEWAY_KEYS: JSON.stringify(await Promise.all(entries)),
  })

  it("with `models` (LiteLLM's wildcards allowed) gets a 403 for any other model, cacheable or not", async () => {
    const env = await withKey(one({ models: ['small', 'openai/*'] }))
    const { post, get, litellm } = gateway({ env: { ...env, CACHE_MAX_REQUEST_BYTES: '150' } })
    for (const model of ['small', 'openai/gpt-5']) {
      expect((await post(CHAT, chat({ model }), bearer('key'))).status).toBe(200)
    }
    for (const padding of ['', 'x'.repeat(200)]) {
      const answer = await post(CHAT, chat({ model: 'large', padding }), bearer('key'))
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({
        error: { code: 'model_not_allowed', type: 'permission_error', param: 'model' },
      })
    }
    expect(litellm.asked).toHaveLength(2)
    const listed = await get('/v1/models', bearer('key'))
    expect(await listed.json()).toEqual({ object: 'list', data: [{ id: 'small' }] })
  })

  it('sees only its own models in /v1/models', async () => {
    const { get } = gateway({ env: await withKey(one({ models: ['large'] })) })
    const answer = await get('/v1/models', bearer('key'))
    expect(await answer.json()).toEqual({ object: 'list', data: [] })
  })

  it('can be rotated: a new key of the same tenant hits the stored answers', async () => {
    const env = await withKey(one({}, 'old'), one({}, 'new'))
    const { post, settled } = gateway({ env })
    await post(CHAT, chat(), bearer('old'))
    await settled()
    expect((await post(CHAT, chat(), bearer('new'))).headers.get('x-cache')).toBe('exact-hit')
  })

  it('with scope "user" has a cache per end user, and bypasses the cache without a valid `user`', async () => {
    const { post, settled, litellm, qdrant } = gateway({
      env: await withKey(one({ scope: 'user' })),
    })
    const ask = async (user: unknown) => {
      const answer = await post(CHAT, chat({ user }), bearer('key'))
      await settled()
      return answer
    }
    await ask('ann')
    expect((await ask('bob')).headers.get('x-cache')).toBe('miss')
    expect((await ask('ann')).headers.get('x-cache')).toBe('exact-hit')
    expect([...qdrant.points.values()].map(({ tenant }) => tenant)).toEqual([
      '["acme","ann"]',
      '["acme","bob"]',
    ])
    expect((await ask('x'.repeat(256))).headers.get('x-cache')).toBe('miss')
    for (const nobody of [undefined, '', null, 7, 'x'.repeat(257)]) {
      const answer = await ask(nobody)
      expect(answer.headers.get('x-cache')).toBe('bypass')
      expect(answer.headers.get('cache-status')).toContain('no user whose answer it would be')
      expect(litellm.asked.at(-1)!.body['cache']).toEqual({ 'no-cache': true, 'no-store': true })
    }
    expect(qdrant.points.size).toBe(3)
  })

  it.each([
    { tenant: '["acme","ann"]' },
    { tenant: '' },
    { models: [] },
    { models: 'all' },
    { scope: 'everyone' },
    { limits: 'high' },
  ])('makes the gateway answer misconfigured if it has %j', async (over) => {
    const { get } = gateway({ env: await withKey(one(over)) })
    const answer = await get('/health')
    expect(answer.status).toBe(500)
    expect(await answer.text()).toContain('GATEWAY_KEYS')
  })
})

describe("LiteLLM's response headers", () => {
  it('reach the caller only if they are on the allow list', async () => {
    const shown = {
      'x-litellm-call-id': 'a',
      'x-litellm-model-id': 'b',
      'x-litellm-response-cost': '0.1',
      'x-ratelimit-remaining-requests': '9',
      'retry-after-ms': '1500',
      'x-should-retry': 'true',
    }
    const inside = {
      'x-litellm-model-api-base': 'http://10.0.0.1',
      'x-litellm-version': '1',
      'x-litellm-key-spend': '7',
      'llm_provider-set-cookie': 'a=b',
      'set-cookie': 'a=b',
      server: 'uvicorn',
    }
    const { post } = gateway({ answer: () => completion({}, { ...shown, ...inside }) })
    const { headers } = await post(CHAT, chat())
    for (const [name, value] of Object.entries(shown)) expect(headers.get(name)).toBe(value)
    for (const name of Object.keys(inside)) expect(headers.has(name)).toBe(false)
  })
})

describe("the provider's response headers", () => {
  it('about retries and rate limits reach the caller, unless LiteLLM sets them itself', async () => {
    const { post } = gateway({
      answer: () =>
        completion(
          {},
          {
            'llm_provider-retry-after': '7',
            'llm_provider-retry-after-ms': '7000',
            'llm_provider-x-should-retry': 'false',
            'llm_provider-x-ratelimit-limit-requests': '60',
            'llm_provider-cf-ray': 'inside',
            'retry-after': '3',
          },
        ),
    })
    const { headers } = await post(CHAT, chat())
    expect(headers.get('retry-after')).toBe('3')
    expect(headers.get('retry-after-ms')).toBe('7000')
    expect(headers.get('x-should-retry')).toBe('false')
    expect(headers.get('x-ratelimit-limit-requests')).toBe('60')
    expect([...headers.keys()].filter((name) => name.includes('cf-ray'))).toEqual([])
  })
})

describe('GET /v1/models', () => {
  it("returns LiteLLM's list to callers with a valid key", async () => {
    const { get } = gateway({ env: await withKeys() })
    expect((await get('/v1/models')).status).toBe(401)
    const answer = await get('/v1/models', bearer('key-of-acme'))
    expect(await answer.json()).toEqual({ object: 'list', data: [{ id: 'small' }] })
  })
})

describe('GET /v1/models/{id}', () => {
  const listed = ['small', 'openai/gpt-5']
  const open = () => {
    const made = gateway()
    made.litellm.models = () => modelList(listed)
    return made
  }

  it.each([
    ['/v1/models/small', 'small'],
    ['/models/small', 'small'],
    ['/v1/models/openai/gpt-5', 'openai/gpt-5'],
    ['/v1/models/openai%2Fgpt-5', 'openai/gpt-5'],
  ])("answers %s from LiteLLM's list", async (path, id) => {
    const { get } = open()
    const answer = await get(path)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ id })
  })

  it("answers 404 model_not_found for a model that is not on the key's list", async () => {
    const { get } = open()
    const answer = await get('/v1/models/large')
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({
      error: { code: 'model_not_found', param: 'model', type: 'invalid_request_error' },
    })
    const key = { sha256: await sha256('restricted'), tenant: 'acme', models: ['small'] }
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify([key]) }
    const restricted = gateway({ env })
    restricted.litellm.models = () => modelList(['small', 'secret'])
    const statusOf = async (id: string) =>
      (await restricted.get(`/v1/models/${id}`, bearer('restricted'))).status
    expect([await statusOf('small'), await statusOf('secret')]).toEqual([200, 404])
  })

  it('answers 401 without a key', async () => {
    const { get } = gateway({ withKey: false })
    expect((await get('/v1/models/small')).status).toBe(401)
  })
})

describe('an unsupported method', () => {
  it.each([
    ['PUT', '/v1/chat/completions', 'POST'],
    ['GET', '/chat/completions', 'POST'],
    ['DELETE', '/openai/deployments/small/embeddings', 'POST'],
    ['POST', '/v1/models', 'GET, HEAD'],
    ['DELETE', '/v1/models/small', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
  ])('gets a 405 with an Allow header: %s %s', async (method, path, allow) => {
    const { send, litellm } = gateway()
    const answer = await send(new Request(`https://gateway${path}`, { method }))
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow])
    expect(await answer.json()).toMatchObject({ error: { code: 'method_not_allowed' } })
    expect(litellm.asked).toHaveLength(0)
  })

  it("gets an error in Anthropic's shape under /v1/messages", async () => {
    const { get } = gateway()
    const answer = await get('/v1/messages/count_tokens')
    expect(answer.status).toBe(405)
    expect(await answer.json()).toMatchObject({ type: 'error' })
  })

  it.each(['/health', '/v1/models', '/v1/models/small'])(
    'does not include HEAD %s, which gets a 200',
    async (path) => {
      const { send } = gateway()
      const head = await send(new Request(`https://gateway${path}`, { method: 'HEAD' }))
      expect([head.status, await head.text()]).toEqual([200, ''])
    },
  )
})
