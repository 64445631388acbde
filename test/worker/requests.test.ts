import { describe, expect, it } from 'vitest'
import { STEERING } from '../../src/apis/checks.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'

describe('a request that cannot be understood', () => {
  const refused: [what: string, body: unknown, param: string | null][] = [
    ['text that is not JSON', '{"model"', null],
    ['JSON that is no object', [1], null],
    ['a member twice', '{"model":"a","model":"b"}', null],
    ['no model', chat({ model: undefined }), 'model'],
    ['two models in one name', chat({ model: 'small,large' }), 'model'],
    ['metadata as text', chat({ metadata: '{"x":NaN,"model_group":"y"}' }), 'metadata'],
    ['extra_body as text', chat({ extra_body: '{}' }), 'extra_body'],
    ['no messages', chat({ messages: [] }), 'messages'],
    ['a stream flag that is none', chat({ stream: 'yes' }), 'stream'],
    ['n of nothing', chat({ n: 0 }), 'n'],
  ]
  for (const [what, body, param] of refused) {
    it(`is a 400 that names the field: ${what}`, async () => {
      const { post, litellm } = gateway()
      const answer = await post(CHAT, body)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: { param, message: expect.any(String) } })
      expect(answer.headers.has('x-request-id')).toBe(true)
      expect(litellm.asked).toHaveLength(0)
    })
  }

  it('is a 413 when it is larger than MAX_REQUEST_BYTES, declared or not', async () => {
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

  it('is a 404 where there is no such route, in the shape that clients know', async () => {
    const { get } = gateway()
    const answer = await get('/key/list')
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } })
  })
})

describe('a request that steers the proxy', () => {
  it.each(STEERING)('is a 400 that names the field, cached or not: %s', async (name) => {
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
  it.each(nested)('is one where it is nested, too, cached or not: %s %j', async (param, over) => {
    const { post, litellm } = gateway({ env: { CACHE_MAX_REQUEST_BYTES: '500' } })
    for (const padding of ['', 'x'.repeat(500)]) {
      const answer = await post(CHAT, chat({ padding, ...over }))
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: { param } })
    }
    expect(litellm.asked).toHaveLength(0)
  })

  it.each([
    { metadata: { label: 'x', api_key: 'a label of that name' } },
    { extra_body: { top_k: 3 } },
    { extra_body: null },
    { messages: [{ role: 'user', content: '{"cache_key":"x"}' }] },
  ])('is none with %j', async (over) => {
    const { post } = gateway()
    expect((await post(CHAT, chat(over))).status).toBe(200)
  })
})

describe('a request that has no canonical form', () => {
  it('goes on number by number, and is cached in neither layer', async () => {
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

  it('is one that is larger than CACHE_MAX_REQUEST_BYTES, too', async () => {
    const { post, qdrant } = gateway({ env: { CACHE_MAX_REQUEST_BYTES: '100' } })
    // Counted in bytes: these characters have three each.
    const answer = await post(CHAT, chat({ messages: [{ content: '好'.repeat(20) }] }))
    expect(answer.headers.get('x-cache')).toBe('bypass')
    expect(qdrant.requests).toHaveLength(0)
  })
})

describe('the request id', () => {
  it("is the caller's when it is sane, and LiteLLM's call id", async () => {
    const { post, litellm } = gateway()
    const answer = await post(CHAT, chat(), { 'x-request-id': 'abc-123' })
    expect(answer.headers.get('x-request-id')).toBe('abc-123')
    expect(litellm.asked[0]?.headers.get('x-litellm-call-id')).toBe('abc-123')
  })

  it('is made when the caller has none, or one that could break a log line', async () => {
    const { post } = gateway()
    for (const headers of [{}, { 'x-request-id': 'a b{"' }]) {
      const answer = await post(CHAT, chat(), headers as Record<string, string>)
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })
})
