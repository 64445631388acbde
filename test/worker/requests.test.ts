import { describe, expect, it } from 'vitest'
import { STEERING } from '../../src/apis/checks.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'

describe('an invalid request', () => {
  const refused: [what: string, body: unknown, param: string | null][] = [
    ['text that is not JSON', '{"model"', null],
    ['JSON that is not an object', [1], null],
    ['a duplicate member', '{"model":"a","model":"b"}', null],
    ['no model', chat({ model: undefined }), 'model'],
    ['two models in one name', chat({ model: 'small,large' }), 'model'],
    ['metadata as text', chat({ metadata: '{"x":NaN,"model_group":"y"}' }), 'metadata'],
    ['extra_body as text', chat({ extra_body: '{}' }), 'extra_body'],
    ['no messages', chat({ messages: [] }), 'messages'],
    ['a stream flag that is not a boolean', chat({ stream: 'yes' }), 'stream'],
    ['n: 0', chat({ n: 0 }), 'n'],
  ]
  for (const [what, body, param] of refused) {
    it(`gets a 400 that names the field: ${what}`, async () => {
      const { post, litellm } = gateway()
      const answer = await post(CHAT, body)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: { param, message: expect.any(String) } })
      expect(answer.headers.has('x-request-id')).toBe(true)
      expect(litellm.asked).toHaveLength(0)
    })
  }

  it('gets a 413 if it is larger than MAX_REQUEST_BYTES, with or without Content-Length', async () => {
    const { send, litellm } = gateway({ env: { MAX_REQUEST_BYTES: '1000' } })
    const large = JSON.stringify(chat({ user: 'x'.repeat(2000) }))
    const bytes = new TextEncoder().encode(large)
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.subarray(0, 600))
        controller.enqueue(bytes.subarray(600))
        controller.close()
      },
    })
    for (const body of [large, pieces]) {
      const answer = await send(new Request(`https://gateway${CHAT}`, { method: 'POST', body }))
      expect(answer.status).toBe(413)
    }
    expect(litellm.asked).toHaveLength(0)
  })

  it("gets a 404 in OpenAI's shape on an unknown route", async () => {
    const { get } = gateway()
    const answer = await get('/key/list')
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } })
  })
})

describe('a request with a member that steers LiteLLM', () => {
  it.each(STEERING)('gets a 400 that names the member, cacheable or not: %s', async (name) => {
    const { post, litellm } = gateway({ env: { CACHE_MAX_REQUEST_BYTES: '120' } })
    for (const padding of ['', 'x'.repeat(200)]) {
      const answer = await post(CHAT, chat({ [name]: true, padding }))
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: { param: name } })
    }
    expect(litellm.asked).toHaveLength(0)
  })

  const nested: [param: string, body: Record<string, unknown>][] = [
    ...['model_group', 'caching_groups'].flatMap((name): [string, Record<string, unknown>][] => [
      [`metadata.${name}`, { metadata: { [name]: 'x' } }],
      [`extra_body.metadata`, { extra_body: { metadata: JSON.stringify({ [name]: 'x' }) } }],
      [`litellm_metadata.${name}`, { litellm_metadata: { [name]: 'x' } }],
      [`extra_body.metadata.${name}`, { extra_body: { metadata: { [name]: 'x' } } }],
    ]),
    ...STEERING.map((name): [string, Record<string, unknown>] => [
      `extra_body.${name}`,
      { extra_body: { [name]: null } },
    ]),
  ]
  it.each(nested)(
    'gets a 400 that names the nested member, cacheable or not: %s %j',
    async (param, over) => {
      const { post, litellm } = gateway({ env: { CACHE_MAX_REQUEST_BYTES: '500' } })
      for (const padding of ['', 'x'.repeat(500)]) {
        const answer = await post(CHAT, chat({ padding, ...over }))
        expect(answer.status).toBe(400)
        expect(await answer.json()).toMatchObject({ error: { param } })
      }
      expect(litellm.asked).toHaveLength(0)
    },
  )

  it.each([
    { metadata: { label: 'x', api_key: 'a label of that name' } },
    { extra_body: { top_k: 3 } },
    { extra_body: null },
    { messages: [{ role: 'user', content: '{"cache_key":"x"}' }] },
  ])('is not one with %j', async (over) => {
    const { post } = gateway()
    expect((await post(CHAT, chat(over))).status).toBe(200)
  })
})

describe('a request that cannot be cached', () => {
  it('without a canonical form keeps its numbers exactly and bypasses both caches', async () => {
    const { post, settled, litellm, qdrant } = gateway()
    const body = `{"model":"small","messages":[{"role":"user","content":"hi"}],"seed":12345678901234567890}`
    const answer = await post(CHAT, body)
    await settled()
    expect(answer.headers.get('x-cache')).toBe('bypass')
    expect(answer.headers.get('cache-status')).toMatch(/^edge;fwd=bypass;fwd-status=200;detail=/)
    expect(litellm.asked[0]?.text).toContain('"seed":12345678901234567890')
    expect(litellm.asked[0]?.body['cache']).toEqual({ 'no-cache': true, 'no-store': true })
    expect(qdrant.requests).toHaveLength(0)
  })

  it('larger than CACHE_MAX_REQUEST_BYTES in UTF-8 bytes bypasses the cache', async () => {
    const { post, qdrant } = gateway({ env: { CACHE_MAX_REQUEST_BYTES: '100' } })
    // Each of these characters has three bytes.
    const answer = await post(CHAT, chat({ messages: [{ content: '好'.repeat(20) }] }))
    expect(answer.headers.get('x-cache')).toBe('bypass')
    expect(qdrant.requests).toHaveLength(0)
  })
})

describe('x-request-id', () => {
  it("is the caller's if valid, and is sent to LiteLLM as its call id", async () => {
    const { post, litellm } = gateway()
    const answer = await post(CHAT, chat(), { 'x-request-id': 'abc-123' })
    expect(answer.headers.get('x-request-id')).toBe('abc-123')
    expect(litellm.asked[0]?.headers.get('x-litellm-call-id')).toBe('abc-123')
  })

  it('is generated if the caller sends none, or one that could break a log line', async () => {
    const { post } = gateway()
    for (const headers of [{}, { 'x-request-id': 'a b{"' }]) {
      const answer = await post(CHAT, chat(), headers as Record<string, string>)
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })
})
