import { describe, expect, it } from 'vitest'
import { blocksOf } from '../../src/stream/blocks.ts'
import { undoCoding } from '../../src/stream/content-coding.ts'
import { concatenate } from '../../src/stream/sse.ts'
import { chat, gateway } from '../support/gateway.ts'
import { scripted } from '../support/scripted-answer.ts'
import { zstd } from '../support/zstd.ts'

const CHAT = '/v1/chat/completions'
const MEBIBYTE = 2 ** 20

const coded = (body: Uint8Array | ReadableStream<Uint8Array>) =>
  new Request(`https://gateway${CHAT}`, {
    method: 'POST',
    body: body as ReadableStream<Uint8Array>,
    headers: { 'content-encoding': 'zstd' },
  })
/** A body that arrives in pieces of this size. */
const inPieces = (bytes: Uint8Array, size: number) => {
  let at = 0
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, (at += size)))
    },
  })
}
/** Text that does not compress well. */
const noise = (length: number) => {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536)
    crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return Array.from(bytes, (byte) => (byte & 63).toString(36)).join('')
}
const decode = async (source: ReadableStream<Uint8Array>, reserve = (_bytes: number) => {}) => {
  const parts: Uint8Array[] = []
  const { decoded, drained } = undoCoding(source, 'zstd', 64 * MEBIBYTE, reserve)
  try {
    for await (const part of blocksOf(decoded, 0)) parts.push(part)
  } finally {
    await drained
  }
  return concatenate(parts)
}

describe('a request with Content-Encoding: zstd', () => {
  it('hits the entry of the same body sent uncompressed', async () => {
    const { post, send, settled, litellm } = gateway()
    await post(CHAT, chat())
    await settled()
    const hit = await send(coded(await zstd(JSON.stringify(chat()))))
    expect(hit.headers.get('x-cache')).toBe('exact-hit')
    const fresh = await send(coded(await zstd(JSON.stringify(chat({ seed: 1 })))))
    expect(fresh.status).toBe(200)
    expect(litellm.asked[1]!.body).toMatchObject({ seed: 1 })
    expect(litellm.asked[1]!.headers.has('content-encoding')).toBe(false)
  })

  it('is forwarded decompressed if it is too large to be cached', async () => {
    const { send, litellm } = gateway({ env: { CACHE_MAX_REQUEST_BYTES: '300' } })
    const x = noise(3 * MEBIBYTE)
    expect((await send(coded(await zstd(JSON.stringify(chat({ x })))))).status).toBe(200)
    expect(litellm.asked[0]!.body['x']).toBe(x)
  })

  const whole = () => zstd(JSON.stringify(chat({ x: noise(30_000) })))
  const broken: Record<string, () => Promise<Uint8Array>> = {
    truncated: async () => (await whole()).slice(0, -10),
    'truncated by a byte': async () => (await whole()).slice(0, -1),
    'only a frame header': async () => (await whole()).slice(0, 5),
    'only a magic number': async () => (await whole()).slice(0, 4),
    empty: async () => new Uint8Array(0),
    'two frames': async () => concatenate([await whole(), await whole()]),
    'a frame with trailing bytes': async () => concatenate([await whole(), new Uint8Array(3)]),
    'a frame with a trailing byte': async () => concatenate([await whole(), new Uint8Array([1])]),
    'after a skippable frame': async () =>
      concatenate([new Uint8Array([0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 7]), await whole()]),
    'plain text': async () => new TextEncoder().encode(JSON.stringify(chat())),
    'a wrong checksum': async () => {
      const bytes = await zstd(JSON.stringify(chat()), { ZSTD_c_checksumFlag: 1 })
      bytes[bytes.length - 1]! ^= 1
      return bytes
    },
    'a window over 8 MiB': () =>
      zstd(new Uint8Array(9 * MEBIBYTE).fill(0x20), {
        ZSTD_c_windowLog: 24,
        ZSTD_c_contentSizeFlag: 0,
      }),
  }
  for (const [what, make] of Object.entries(broken)) {
    it.each([1, 7, 4_096, 1_000_000])(
      `gets a 400 that names the header, in pieces of %i bytes: ${what}`,
      async (size) => {
        const { send, litellm } = gateway()
        const bytes = await make()
        // A byte at a time is enough for the beginning and the end.
        if (size < 100 && bytes.length > 1_000) return
        const answer = await send(coded(inPieces(bytes, size)))
        expect(answer.status).toBe(400)
        expect(await answer.json()).toMatchObject({ error: { param: 'content-encoding' } })
        expect(litellm.asked).toHaveLength(0)
      },
    )
  }

  it('gets a 413 if it decompresses to more than MAX_REQUEST_BYTES, and frees its memory', async () => {
    const { send, litellm } = gateway({
      env: { MAX_REQUEST_BYTES: String(MEBIBYTE), MEMORY_BUDGET_BYTES: String(8 * MEBIBYTE) },
    })
    const bomb = await zstd(new Uint8Array(64 * MEBIBYTE).fill(0x20), {
      ZSTD_c_windowLog: 20,
    })
    expect(bomb.length).toBeLessThan(MEBIBYTE / 8)
    for (const _ of [1, 2, 3]) expect((await send(coded(bomb))).status).toBe(413)
    expect(litellm.asked).toHaveLength(0)
    const large = JSON.stringify(chat({ x: 'x'.repeat(MEBIBYTE - 200) }))
    expect((await send(coded(await zstd(large)))).status).toBe(200)
  })

  it('gets a 503 if there is no memory for its window, unless that is small', async () => {
    const { send, litellm } = gateway({ env: { MEMORY_BUDGET_BYTES: String(2 * MEBIBYTE) } })
    const params = { ZSTD_c_windowLog: 21, ZSTD_c_contentSizeFlag: 0 }
    const answer = await send(coded(await zstd(JSON.stringify(chat()), params)))
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ error: { code: 'overloaded' } })
    expect(litellm.asked).toHaveLength(0)
    expect((await send(coded(await zstd(JSON.stringify(chat()))))).status).toBe(200)
  })
})

describe('a request that was compressed with zstd', () => {
  it('holds no memory for its window while LiteLLM answers', async () => {
    const { answer, call } = scripted()
    const env = { MEMORY_BUDGET_BYTES: String(4 * MEBIBYTE) }
    const { send } = gateway({ env, answer })
    // One key may hold half of the budget.
    const params = { ZSTD_c_windowLog: 20, ZSTD_c_contentSizeFlag: 0 }
    const body = (seed: number) => zstd(JSON.stringify(chat({ seed })), params)
    const answers: Promise<Response>[] = []
    for (const seed of [1, 2, 3]) {
      answers.push(send(coded(await body(seed))))
      const one = await call(seed)
      one.begin(200, 'application/json')
      one.send('{}')
      if (seed === 3) for (const number of [1, 2, 3]) (await call(number)).end()
    }
    for (const one of answers) expect((await one).status).toBe(200)
  })
})

describe('decoding Zstandard', () => {
  it.each([1, 3, 1_000, 100_000])('gives the same bytes in pieces of %i bytes', async (size) => {
    const text = JSON.stringify({ x: noise(size < 100 ? 3_000 : 300_000), y: 'y'.repeat(20_000) })
    const bytes = await zstd(text)
    expect(new TextDecoder().decode(await decode(inPieces(bytes, size)))).toBe(text)
  })

  it.each<[window: number, length: number, params: Record<string, number>]>([
    [100, 100, {}],
    [1_000, 1_000, {}],
    [70_000, 70_000, {}],
    [2 ** 21, 3_000_000, {}],
    [2 ** 21, 100, { ZSTD_c_contentSizeFlag: 0, ZSTD_c_windowLog: 21 }],
  ])('reserves a window of %i bytes for %i bytes with %j', async (window, length, params) => {
    const reserved: number[] = []
    const bytes = await zstd(new Uint8Array(length).fill(0x20), params)
    const decoded = await decode(inPieces(bytes, 2), (size) => void reserved.push(size))
    expect(decoded).toHaveLength(length)
    expect(reserved).toEqual([window])
  })

  it('stops if its source breaks', async () => {
    const bytes = await zstd(noise(100_000))
    const source = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes.slice(0, 1_000)),
      pull: (controller) => controller.error(new Error('lost')),
    })
    await expect(decode(source)).rejects.toThrow('lost')
  })
})
