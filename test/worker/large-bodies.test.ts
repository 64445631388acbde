import { describe, expect, it, vi } from 'vitest'
import { cacheStatus } from '../support/cache-status.ts'
import { settle } from '../support/coalescing.ts'
import { chunks, completion, eventStream } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const NO_PART = '{"no-cache":true,"no-store":true}'
const user = (content: string) => ({ role: 'user', content })
const MEBIBYTE = 2 ** 20

/** A gateway that passes requests over 300 bytes on without caching them. */
const passing = () => gateway({ env: { CACHE_MAX_REQUEST_BYTES: '300' } })
const padding = 'x'.repeat(300)

describe('a request that is too large to be cached', () => {
  it('reaches LiteLLM byte for byte, except for the cache controls', async () => {
    const { post, litellm, qdrant, settled } = passing()
    const text = `\ufeff { "messages" : [ {"role":"user","content":"\\u0068i ${padding}"} ],
      "n":1.0, "seed" : 12345678901234567890,"model":"small"\n} `
    const answer = await post(CHAT, text)
    expect(answer.status).toBe(200)
    expect(cacheStatus(answer)).toMatchObject([{ fwd: 'bypass', detail: 'request too large' }])
    const expected = text.slice(1).replace('"\n}', `"\n,"cache":${NO_PART}}`)
    expect(litellm.asked[0]?.text).toBe(expected)
    const { headers } = litellm.asked[0]!
    expect(headers.get('content-type')).toBe('application/json')
    await settled()
    expect(qdrant.points.size).toBe(0)
  })

  it.each([
    [
      'first member',
      '{"cache":{"no-store":true},"model":"small",REST}',
      `{"cache":${NO_PART},"model":"small",REST}`,
    ],
    [
      'last member, with an escaped name',
      '{"model":"small",REST,"\\u0063ache":null}',
      `{"model":"small",REST,"\\u0063ache":${NO_PART}}`,
    ],
    [
      'besides a name that only begins with a byte order mark',
      '{"cache":{"namespace":"a"},"model":"small",REST,"\ufeffcache":1}',
      `{"cache":${NO_PART},"model":"small",REST,"\ufeffcache":1}`,
    ],
    [
      'only inside extra_body',
      '{"model":"small",REST,"extra_body":{"cache":1}}',
      `{"model":"small",REST,"extra_body":{"cache":1},"cache":${NO_PART}}`,
    ],
  ])("has the caller's `cache` replaced, given as %s", async (_where, body, expected) => {
    const { post, litellm } = passing()
    const rest = `"messages":[{"role":"user","content":"${padding}"}]`
    expect((await post(CHAT, body.replace('REST', rest))).status).toBe(200)
    expect(litellm.asked[0]?.text).toBe(expected.replace('REST', rest))
  })

  it('gets the model of an Azure path instead of the one in the body', async () => {
    const { post, litellm } = passing()
    const path = '/openai/deployments/small/chat/completions'
    await post(path, { model: 'other', messages: [user(padding)] })
    await post(path, { messages: [user(padding)] })
    expect(litellm.asked.map(({ body }) => body['model'])).toEqual(['small', 'small'])
  })

  it.each<[param: string, body: string]>([
    ['model', `{"messages":["${padding}"]}`],
    ['model', `{"messages":["${padding}"],"model":"a,b"}`],
    ['model', `{"messages":["${padding}"],"model":"${'m'.repeat(20_000)}"}`],
    ['stream', `{"model":"small","messages":["${padding}"],"stream":"yes"}`],
    ['cache', `{"model":"small","messages":["${padding}"],"cache":5}`],
    ['cache.ttl', `{"model":"small","messages":["${padding}"],"cache":{"ttl":"x"}}`],
    ['metadata', `{"model":"small","messages":["${padding}"],"metadata":"{}"}`],
    ['api_base', `{"model":"small","messages":["${padding}"],"\\u0061pi_base":"http://x"}`],
    [
      'metadata.model_group',
      `{"model":"small","metadata":{"x":"${'y'.repeat(20_000)}","model_group":1}}`,
    ],
    [
      'extra_body.api_key',
      `{"model":"small","extra_body":{"x":"${'y'.repeat(20_000)}","api_key":1}}`,
    ],
    [
      'extra_body.metadata.model_group',
      `{"model":"small","extra_body":{"metadata":{"x":"${'y'.repeat(20_000)}","model_group":1}}}`,
    ],
    ...['\ufeff', '\\ufeff'].map((mark): [string, string] => [
      'extra_body.api_base',
      `{"model":"small","x":"${padding}","extra_body":{"api_base":1},"${mark}extra_body":1}`,
    ]),
  ])('is still validated: a 400 names %s', async (param, body) => {
    const { post, litellm } = passing()
    const answer = await post(CHAT, body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { param } })
    expect(litellm.asked).toHaveLength(0)
  })

  it.each([
    ['a duplicate member', `{"model":"small","model":"other","x":"${padding}"}`],
    ['a nested duplicate member', `{"model":"small","x":[{"a":"${padding}","\\u0061":1}]}`],
    ['no end', `{"model":"small","x":"${padding}"`],
    ['trailing text', `{"model":"small","x":"${padding}"}{}`],
    ['a top level that is not an object', `["${padding}"]`],
  ])('gets a 400 if it has %s', async (_what, body) => {
    const { post, litellm } = passing()
    const answer = await post(CHAT, body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_json' } })
    expect(litellm.asked).toHaveLength(0)
  })

  it('gets a 400 if it is not UTF-8', async () => {
    const { send } = passing()
    const text = new TextEncoder().encode(`{"model":"small","x":"${padding}"}`)
    const body = Uint8Array.from(text)
    body[100] = 0xff
    const answer = await send(new Request(`https://gateway${CHAT}`, { method: 'POST', body }))
    expect(answer.status).toBe(400)
  })

  it('gets a 403 if the key may not use its model, even as the last member', async () => {
    const keys = [{ sha256: '0'.repeat(64), tenant: 'acme', models: ['small'] }]
    const bytes = new TextEncoder().encode('the-key')
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex()
    const { post, litellm } = gateway({
      env: {
        CACHE_MAX_REQUEST_BYTES: '300',
        AUTH_MODE: 'keys',
        GATEWAY_KEYS: JSON.stringify([{ ...keys[0], sha256: digest }]),
      },
      key: 'the-key',
    })
    for (const other of ['', '\ufeffmodel']) {
      const body = { messages: [user(padding)], model: 'large', [other]: 'small' }
      expect((await post(CHAT, body)).status).toBe(403)
    }
    expect(litellm.asked).toHaveLength(0)
    expect((await post(CHAT, { messages: [user(padding)], model: 'small' })).status).toBe(200)
  })

  it('gets a usage chunk in its stream only if it asked for one', async () => {
    const { post, litellm } = passing()
    litellm.answer = () => eventStream(chunks())
    const body = chat({ stream: true, padding, stream_options: { include_usage: true } })
    expect(await (await post(CHAT, body)).text()).toBe(chunks().join(''))
    const { stream_options: _, ...without } = body
    expect(await (await post(CHAT, without)).text()).not.toContain('"usage"')
  })
})

describe('a request with many JSON values', () => {
  const parts = (count: number) => chat({ x: Array.from({ length: count }, () => []) })

  it('is passed on uncached with more than 200,000 objects, arrays, strings and members', async () => {
    const { post, litellm } = gateway()
    const answer = await post(CHAT, parts(200_000))
    expect(cacheStatus(answer)).toMatchObject([{ fwd: 'bypass', detail: 'request too complex' }])
    expect(litellm.asked[0]?.body['x']).toHaveLength(200_000)
  })

  it('is cached with fewer than 200,000, not counting numbers', async () => {
    const { post, settled, litellm } = gateway()
    for (const body of [parts(199_000), chat({ x: Array<number>(500_000).fill(7) })]) {
      await post(CHAT, body)
      await settled()
      expect((await post(CHAT, body)).headers.get('x-cache')).toBe('exact-hit')
    }
    expect(litellm.asked).toHaveLength(2)
  })
})

describe('the memory budget for request bodies', () => {
  it('does not count bodies that LiteLLM has already received', async () => {
    const { post, litellm } = gateway({
      env: { MEMORY_BUDGET_BYTES: String(4 * MEBIBYTE), MAX_REQUEST_BYTES: String(2 * MEBIBYTE) },
      answer: () => go.promise.then(() => completion()),
    })
    const go = Promise.withResolvers<void>()
    const answers = Array.from({ length: 6 }, (_, n) => {
      const body = chat({ seed: n, x: 'x'.repeat(1.5 * MEBIBYTE) })
      return vi.waitFor(() => expect(litellm.asked).toHaveLength(n)).then(() => post(CHAT, body))
    })
    await vi.waitFor(() => expect(litellm.asked).toHaveLength(6))
    go.resolve()
    for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200)
  })

  it('refuses bodies over 64 KiB with a 503 while it is used up, and is free again afterwards', async () => {
    const begun = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const { post, answerTo, litellm } = gateway({
      env: { MEMORY_BUDGET_BYTES: String(4 * MEBIBYTE), MAX_REQUEST_BYTES: String(2 * MEBIBYTE) },
    })
    const large = JSON.stringify(chat({ x: 'x'.repeat(MEBIBYTE) }))
    /** A request with its own key whose body does not end until the test says so. */
    const hanging = (key: string) => {
      const body = new ReadableStream<Uint8Array>({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode(large.slice(0, -1)))
          begun.resolve()
          await go.promise
          controller.enqueue(new TextEncoder().encode('}'))
          controller.close()
        },
      })
      const headers = { authorization: `Bearer ${key}` }
      return answerTo(new Request(`https://gateway${CHAT}`, { method: 'POST', body, headers }))
    }
    const slow = ['sk-1', 'sk-2', 'sk-3', 'sk-4'].map(hanging)
    await begun.promise
    const statusOf = async (body: unknown) => {
      const answer = await post(CHAT, body)
      return [answer.status, answer.headers.get('retry-after')]
    }
    await settle()
    expect(await statusOf(large)).toEqual([503, '2'])
    const answer = await post(CHAT, large)
    expect(await answer.json()).toMatchObject({
      error: { code: 'overloaded', type: 'server_error', param: null },
    })
    expect(await statusOf(chat())).toEqual([200, null])
    go.resolve()
    for (const one of await Promise.all(slow)) {
      expect([200, 503]).toContain(one.status)
      await one.text()
    }
    expect(await statusOf(large)).toEqual([200, null])
    expect(litellm.asked.length).toBeGreaterThan(2)
  })
})
