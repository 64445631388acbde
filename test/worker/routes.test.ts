import { describe, expect, it } from 'vitest'
import type { Api } from '../../src/apis/api.ts'
import { cachedApis } from '../../src/apis/cached-apis.ts'
import { modelList } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'

const request = (path: string, method = 'GET') => new Request(`https://gateway${path}`, { method })
/** All headers except those that differ with every request. */
const headersOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name !== 'x-request-id'))

describe('GET /', () => {
  it('returns the name and the docs link without a key or a call to LiteLLM', async () => {
    const { get, litellm } = gateway({ withKey: false, hosts: { litellm: undefined } })
    const answer = await get('/')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(await answer.json()).toEqual({
      name: 'edge-llm-cache',
      docs: expect.stringContaining('README.md'),
    })
    expect(litellm.checked).toEqual([])
  })

  it('reveals no version and no setting', async () => {
    const secrets = { ADMIN_KEY: 'admin-secret', QDRANT_API_KEY: 'qdrant-secret' }
    const text = await (await gateway({ env: secrets }).get('/')).text()
    expect(text).not.toMatch(/\d|secret|litellm|qdrant|http/i)
  })

  it('has the security headers of /health', async () => {
    const { get } = gateway()
    const health = headersOf(await get('/health'))
    const { 'cache-control': _, 'content-length': __, ...security } = health
    expect(headersOf(await get('/'))).toMatchObject(security)
    expect(security).toHaveProperty('content-security-policy')
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'answers %s with a 405',
    async (method) => {
      const { send } = gateway()
      const answer = await send(request('/', method))
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
      expect(await answer.json()).toMatchObject({ error: { code: 'method_not_allowed' } })
    },
  )
})

describe('HEAD', () => {
  const paths = ['/', '/health', '/v1/models', '/models', '/v1/models/small', '/v1/models/a/b']
  it.each([...paths, '/v1/models/none'])(
    'on %s has the status and headers of GET',
    async (path) => {
      const { send, litellm } = gateway()
      litellm.models = () => modelList(['small', 'a/b'])
      const [get, head] = [await send(request(path)), await send(request(path, 'HEAD'))]
      expect(head.status).toBe(get.status)
      expect(headersOf(head)).toEqual(headersOf(get))
      expect(head.headers.get('content-type')).toBe('application/json')
      const { byteLength } = await get.arrayBuffer()
      expect(head.headers.get('content-length')).toBe(String(byteLength))
      expect(await head.text()).toBe('')
    },
  )

  it.each(['/v1/models', '/v1/models/small'])('on %s answers 401 without a key', async (path) => {
    const { send } = gateway({ withKey: false })
    const head = await send(request(path, 'HEAD'))
    expect([head.status, head.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  })
})

describe('a model id in a path', () => {
  const IDS = [
    'openai/gpt-5',
    'llama:8b',
    'org/llama:8b-q4',
    '模型/größe',
    'a b',
    'a%2Fb',
    'a+b',
    '100%',
  ]
  const listing = () => {
    const made = gateway()
    made.litellm.models = () => modelList(IDS)
    return made
  }

  it.each(IDS)('is found if it is percent-encoded as SDKs do: %s', async (id) => {
    const { get } = listing()
    const answer = await get(`/v1/models/${encodeURIComponent(id)}`)
    expect([answer.status, await answer.json()]).toEqual([200, { id }])
  })

  it.each([
    ['openai/gpt-5', 'openai/gpt-5'],
    ['openai%2fgpt-5', 'openai/gpt-5'],
    ['llama:8b', 'llama:8b'],
    ['org%2Fllama%3A8b-q4', 'org/llama:8b-q4'],
    ['org/llama%3a8b-q4', 'org/llama:8b-q4'],
    ['模型/größe', '模型/größe'],
    ['a+b', 'a+b'],
  ])('is found as it appears in a URL: %s', async (written, id) => {
    const { get } = listing()
    const answer = await get(`/v1/models/${written}`)
    expect([answer.status, await answer.json()]).toEqual([200, { id }])
  })

  it.each(['%', '%ZZ', '%E0%A4', '%C3%28', '%00', 'a%2', 'a%252Fb%', '%FF%2Fb', '..%2f..%2fkey'])(
    'answers 404 if it is badly encoded or unknown: %s',
    async (written) => {
      const { get } = listing()
      const answer = await get(`/v1/models/${written}`)
      expect(answer.status).toBe(404)
      expect(await answer.json()).toMatchObject({ error: { code: 'model_not_found' } })
    },
  )

  it.each(['%', '%ZZ', '%E0%A4'])(
    'is taken literally if badly encoded on an Azure path: %s',
    async (written) => {
      const { post, litellm } = gateway()
      const answer = await post(`/openai/deployments/${written}/chat/completions`, chat())
      expect(answer.status).toBe(200)
      expect(litellm.asked[0]!.body['model']).toBe(written)
    },
  )
})

describe('malformed percent-encoding', () => {
  it.each(['/%', '/v1/%E0%A4', '/v1%2Fmodels', '/%2F'])(
    'answers 404 in the path %s',
    async (path) => {
      const answer = await gateway().get(path)
      expect(answer.status).toBe(404)
      expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } })
    },
  )

  it('is ignored in a query', async () => {
    expect((await gateway().get('/v1/models/small?a=%&%ZZ')).status).toBe(200)
  })
})

describe("Anthropic's error shape", () => {
  const paths = [
    '/v1/messages/',
    '/v1/messages/batches',
    '/v1/messages/batches/msgbatch_1/results',
    '/v1/messages/%ZZ',
    '/v1/messages//x',
    '/v1/messages/count_tokens/',
    '/v1/messages/count_tokens/x',
  ]
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

  it.each(paths)('is used for an unknown path, with any method: %s', async (path) => {
    const { send } = gateway()
    for (const method of methods) {
      const answer = await send(request(path, method))
      const error = { type: 'not_found_error', message: expect.any(String) }
      expect([method, answer.status]).toEqual([method, 404])
      expect(await answer.json()).toEqual({ type: 'error', error })
    }
  })

  it('is used for an unsupported method', async () => {
    const { send } = gateway()
    for (const method of methods.filter((one) => one !== 'POST')) {
      const answer = await send(request('/v1/messages/count_tokens', method))
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
      const error = { type: 'invalid_request_error', message: expect.any(String) }
      expect(await answer.json()).toEqual({ type: 'error', error })
    }
  })

  it('is used for a missing key and for malformed JSON', async () => {
    const stranger = await gateway({ withKey: false }).post('/v1/messages/count_tokens', {})
    expect([stranger.status, await stranger.json()]).toMatchObject([
      401,
      { type: 'error', error: { type: 'authentication_error' } },
    ])
    const malformed = await gateway().post('/v1/messages/count_tokens', '{')
    expect([malformed.status, await malformed.json()]).toMatchObject([
      400,
      { type: 'error', error: { type: 'invalid_request_error' } },
    ])
  })

  it.each(['/messages/batches', '/v1/messages/batches'])('is used for %s', async (path) => {
    const answer = await gateway().get(path)
    const error = { type: 'not_found_error', message: expect.any(String) }
    expect([answer.status, await answer.json()]).toEqual([404, { type: 'error', error }])
  })

  it('is used for a misconfigured gateway', async () => {
    const answer = await gateway({ env: { QDRANT_URL: 'no' } }).post('/v1/messages', {})
    expect([answer.status, await answer.json()]).toMatchObject([
      500,
      { type: 'error', error: { type: 'api_error' } },
    ])
  })

  it.each(['/messagesx', '/v1/messagesx', '/v1/message', '/v1%2Fmessages'])(
    'is not used for %s',
    async (path) => {
      const answer = await gateway().get(path)
      expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } })
    },
  )
})

describe('every cached API', () => {
  it('may share its calls', () => {
    const files = import.meta.glob('../../src/apis/*.ts', { eager: true })
    const all = Object.values(files).flatMap(
      (file) => Object.values(file as object) as Partial<Api>[],
    )
    const cached = all.filter((one) => one.cached === true)
    expect(cached.length).toBeGreaterThan(8)
    expect(new Set(cachedApis)).toEqual(new Set(cached))
  })
})
