import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { gateway } from '../support/gateway.ts'

const routes: [path: string, sentTo: string, body: Record<string, unknown>][] = [
  ['/v1/images/generations', '/v1/images/generations', { model: 'small', prompt: 'a cat' }],
  ['/v1/audio/speech', '/v1/audio/speech', { model: 'small', input: 'a cat', voice: 'alloy' }],
]

describe('a passthrough route', () => {
  it.each(routes)('passes the body on and bypasses both caches: %s', async (path, sentTo, body) => {
    const answered = { data: ['anything'], usage: { total_tokens: 7 } }
    const { post, litellm, qdrant, settled } = gateway({ answer: () => Response.json(answered) })
    for (const _ of [1, 2]) {
      const answer = await post(path, { ...body, cache: { ttl: 60 } })
      expect(await answer.json()).toEqual(answered)
      expect(answer.headers.get('x-cache')).toBe('bypass')
      expect(cacheStatus(answer)).toEqual([
        { cache: 'edge', fwd: 'bypass', 'fwd-status': 200, detail: 'not a cached route' },
      ])
      await settled()
    }
    expect(litellm.asked.map((asked) => asked.path)).toEqual([sentTo, sentTo])
    expect(litellm.asked[1]!.body).toEqual({
      ...body,
      cache: { 'no-cache': true, 'no-store': true },
    })
    expect(qdrant.requests).toHaveLength(0)
  })

  it('streams audio as it arrives', async () => {
    const sound = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array([1, 2, 3])),
    })
    const answer = () => new Response(sound, { headers: { 'content-type': 'audio/mpeg' } })
    const { answerTo } = gateway({ answer })
    const body = JSON.stringify({ model: 'small', input: 'a cat' })
    const given = await answerTo(
      new Request('https://gateway/v1/audio/speech', { method: 'POST', body }),
    )
    expect(given.headers.get('content-type')).toBe('audio/mpeg')
    const reader = given.body!.getReader()
    expect((await reader.read()).value).toEqual(new Uint8Array([1, 2, 3]))
    await reader.cancel()
  })

  it.each(['audio/mpeg', 'audio/pcm', 'application/octet-stream', 'image/png', ''])(
    'delivers binary answers byte for byte: %s',
    async (type) => {
      const { answerTo, litellm } = gateway()
      const chunk = fc.uint8Array({ minLength: 1, maxLength: 20_000, size: 'max' })
      await fc.assert(
        fc.asyncProperty(fc.array(chunk, { maxLength: 5 }), async (chunks) => {
          const sound = new ReadableStream<Uint8Array>({
            start(controller) {
              for (const bytes of chunks) controller.enqueue(Uint8Array.from(bytes))
              controller.close()
            },
          })
          const headers: HeadersInit = type === '' ? {} : { 'content-type': type }
          litellm.answer = () => new Response(sound, { headers })
          const body = JSON.stringify({ model: 'small', input: 'a cat' })
          const request = { method: 'POST', body }
          const given = await answerTo(new Request('https://gateway/v1/audio/speech', request))
          const whole = chunks.flatMap((bytes) => [...bytes])
          expect(new Uint8Array(await given.arrayBuffer())).toEqual(Uint8Array.from(whole))
        }),
        { numRuns: 20 },
      )
    },
  )

  it.each(routes)('rejects members that steer LiteLLM: %s', async (path, _, body) => {
    const { post, litellm } = gateway()
    for (const steering of [{ api_base: 'http://evil' }, { extra_body: { cache_key: 'x' } }]) {
      const answer = await post(path, { ...body, ...steering })
      expect(answer.status).toBe(400)
    }
    expect(litellm.asked).toHaveLength(0)
  })

  it.each(routes)('requires a key that may use the model: %s', async (path, _, body) => {
    const keys = [{ sha256: await sha256('key'), tenant: 'acme', models: ['other'] }]
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify(keys) }
    const { post, litellm } = gateway({ env })
    expect((await post(path, body)).status).toBe(401)
    expect((await post(path, body, { 'x-api-key': 'key' })).status).toBe(403)
    expect(litellm.asked).toHaveLength(0)
  })

  it("answers errors in its vendor's shape", async () => {
    const { post } = gateway()
    const anthropic = await post('/v1/messages/count_tokens', { messages: [] })
    expect([anthropic.status, await anthropic.json()]).toEqual([
      400,
      {
        type: 'error',
        error: { type: 'invalid_request_error', message: 'model must be the name of a model.' },
      },
    ])
    const openai = await post('/v1/images/generations', {})
    expect(await openai.json()).toMatchObject({ error: { param: 'model' } })
  })
})
