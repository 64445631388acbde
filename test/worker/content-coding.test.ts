import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { concatenate } from '../../src/stream/sse.ts'
import { completionBody } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'
import { zstd } from '../support/zstd.ts'

const CHAT = '/v1/chat/completions'
const MEBIBYTE = 2 ** 20
type Format = 'gzip' | 'deflate' | 'deflate-raw'

async function coded(
  text: string | Uint8Array<ArrayBuffer>,
  format: Format,
): Promise<Uint8Array<ArrayBuffer>> {
  const source = new Response(text).body!
  const stream = source.pipeThrough(new CompressionStream(format))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function codedRequest(body: Uint8Array | ReadableStream<Uint8Array>, coding: string): Request {
  return new Request(`https://gateway${CHAT}`, {
    method: 'POST',
    body: body as Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
    headers: { 'content-encoding': coding },
  })
}

describe('a request with Content-Encoding', () => {
  it.each<[coding: string, format: Format]>([
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['deflate', 'deflate'],
  ])('hits the entry of the same body sent uncompressed: %s', async (coding, format) => {
    const { post, send, settled, litellm } = gateway()
    await post(CHAT, chat())
    await settled()
    const answer = await send(codedRequest(await coded(JSON.stringify(chat()), format), coding))
    expect(answer.headers.get('x-cache')).toBe('exact-hit')
    await settled()
    const fresh = JSON.stringify(chat({ seed: 1 }))
    expect((await send(codedRequest(await coded(fresh, format), coding))).status).toBe(200)
    expect(litellm.asked[1]?.body).toMatchObject({ seed: 1 })
    expect(litellm.asked[1]?.headers.has('content-encoding')).toBe(false)
  })

  it('is forwarded decompressed if it is too large to be cached', async () => {
    const { send, litellm } = gateway({ env: { CACHE_MAX_REQUEST_BYTES: '300' } })
    const text = JSON.stringify(chat({ x: 'x'.repeat(MEBIBYTE) }))
    expect((await send(codedRequest(await coded(text, 'gzip'), 'gzip'))).status).toBe(200)
    expect(litellm.asked[0]?.body['x']).toHaveLength(MEBIBYTE)
  })

  it.each(['br', 'compress', 'zstd, zstd', 'gzip, gzip', 'deflate, gzip', 'none', '*'])(
    'gets a 415 that lists the accepted codings: %s',
    async (coding) => {
      const { send, litellm } = gateway()
      const body = await coded(JSON.stringify(chat()), 'gzip')
      const answer = await send(codedRequest(body, coding))
      expect(answer.status).toBe(415)
      expect(answer.headers.get('accept-encoding')).toBe('gzip, deflate, zstd')
      expect(answer.headers.get('x-should-retry')).toBe('false')
      expect(await answer.json()).toMatchObject({
        error: { code: 'unsupported_encoding', param: 'content-encoding' },
      })
      expect(litellm.asked).toHaveLength(0)
    },
  )

  it('is accepted with identity', async () => {
    const { send } = gateway()
    const body = new TextEncoder().encode(JSON.stringify(chat()))
    expect((await send(codedRequest(body, 'identity'))).status).toBe(200)
  })

  const whole = (format: Format) => coded(JSON.stringify(chat({ x: 'x'.repeat(20_000) })), format)
  const broken: Record<string, () => Promise<[Uint8Array, string]>> = {
    'truncated gzip': async () => [(await whole('gzip')).slice(0, -10), 'gzip'],
    'gzip without its trailer': async () => [(await whole('gzip')).slice(0, -4), 'gzip'],
    'two gzip members': async () => {
      const one = await whole('gzip')
      return [concatenate([one, one]), 'gzip']
    },
    'gzip with trailing bytes': async () => [
      concatenate([await whole('gzip'), new Uint8Array([1, 2, 3])]),
      'gzip',
    ],
    'gzip with a wrong checksum': async () => {
      const bytes = await whole('gzip')
      bytes[bytes.length - 6]! ^= 0xff
      return [bytes, 'gzip']
    },
    'plain text sent as gzip': async () => [
      new TextEncoder().encode(JSON.stringify(chat())),
      'gzip',
    ],
    'an empty body sent as gzip': async () => [new Uint8Array(0), 'gzip'],
    'truncated deflate': async () => [(await whole('deflate')).slice(0, -3), 'deflate'],
    'raw deflate': async () => [await whole('deflate-raw'), 'deflate'],
    'gzip sent as deflate': async () => [await whole('gzip'), 'deflate'],
  }
  it.each(Object.entries(broken))('gets a 400 that names the header: %s', async (_what, make) => {
    const { send, litellm } = gateway()
    const answer = await send(codedRequest(...(await make())))
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { param: 'content-encoding' } })
    expect(litellm.asked).toHaveLength(0)
  })

  it('gets a 413 if it decompresses to more than MAX_REQUEST_BYTES, and frees its memory', async () => {
    const { send, litellm } = gateway({
      env: { MAX_REQUEST_BYTES: String(MEBIBYTE), MEMORY_BUDGET_BYTES: String(4 * MEBIBYTE) },
    })
    const bomb = await coded(new Uint8Array(64 * MEBIBYTE).fill(0x20), 'gzip')
    expect(bomb.length).toBeLessThan(MEBIBYTE / 8)
    const answer = await send(codedRequest(bomb, 'gzip'))
    expect(answer.status).toBe(413)
    expect(litellm.asked).toHaveLength(0)
    // Its memory is free again.
    const large = JSON.stringify(chat({ x: 'x'.repeat(MEBIBYTE - 200) }))
    expect((await send(codedRequest(await coded(large, 'gzip'), 'gzip'))).status).toBe(200)
  })
})

describe('an answer of LiteLLM with Content-Encoding', () => {
  const text = JSON.stringify(completionBody())

  it.each(['zstd', 'compress', 'gzip, br', 'br, gzip', 'deflate, gzip'])(
    'becomes a 502 if the gateway cannot decode it: %s',
    async (coding) => {
      const { post, qdrant, settled } = gateway({
        answer: () => new Response(text, { headers: { 'content-encoding': coding } }),
      })
      const answer = await post(CHAT, chat())
      expect(answer.status).toBe(502)
      expect(await answer.json()).toMatchObject({ error: { code: 'upstream_unsound' } })
      await settled()
      expect(qdrant.points.size).toBe(0)
    },
  )

  it('is decoded from deflate', async () => {
    const headers = { 'content-encoding': 'deflate', 'content-type': 'application/json' }
    const body = await coded(text, 'deflate')
    const { post } = gateway({ answer: () => new Response(body, { headers }) })
    const answer = await post(CHAT, chat())
    expect(await answer.text()).toBe(text)
    expect(answer.headers.has('content-encoding')).toBe(false)
  })

  it('is delivered as it is with identity', async () => {
    const headers = { 'content-encoding': 'identity', 'content-type': 'application/json' }
    const { post } = gateway({ answer: () => new Response(text, { headers }) })
    const answer = await post(CHAT, chat())
    expect(await answer.text()).toBe(text)
    expect(answer.headers.has('content-encoding')).toBe(false)
  })
})

describe('an upload with Content-Encoding', () => {
  it.each(['gzip', 'deflate', 'zstd'])(
    'gets a 408 if it stops arriving for a minute: %s',
    async (coding) => {
      const text = JSON.stringify(chat({ x: 'x'.repeat(1_000) }))
      const bytes = coding === 'zstd' ? await zstd(text) : await coded(text, coding as Format)
      const { answerTo, litellm } = gateway()
      vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
      onTestFinished(() => void vi.useRealTimers())
      const stalled = Promise.withResolvers<void>()
      const cancelled = vi.fn()
      const pieces = [bytes.slice(0, 30)]
      const body = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            const piece = pieces.shift()
            if (piece !== undefined) return controller.enqueue(piece)
            stalled.resolve()
            return new Promise(() => {})
          },
          cancel: cancelled,
        },
        { highWaterMark: 0 },
      )
      const answered = answerTo(codedRequest(body, coding))
      await stalled.promise
      await vi.advanceTimersByTimeAsync(59_999)
      expect(cancelled).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      const answer = await answered
      expect([answer.status, await answer.json()]).toMatchObject([
        408,
        { error: { code: 'request_timeout' } },
      ])
      expect(cancelled).toHaveBeenCalledOnce()
      expect(litellm.asked).toHaveLength(0)
    },
  )
})
