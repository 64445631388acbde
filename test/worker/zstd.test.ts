import { describe, expect, it } from 'vitest'
import { blocksOf } from '../../src/stream/blocks.ts'
import { undoCoding } from '../../src/stream/content-coding.ts'
import { concatenate } from '../../src/stream/sse.ts'
import { SMALL_WINDOW_BYTES } from '../../src/stream/zstd-frame.ts'
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
  return Array.from(bytes, (byte) => (byte & 31).toString(32)).join('')
}
const decode = async (source: ReadableStream<Uint8Array>, reserve = (_bytes: number) => {}) => {
  const parts: Uint8Array[] = []
  const { decoded, drained } = undoCoding(source, 'zstd', {
    limitBytes: 64 * MEBIBYTE,
    reserve,
  })
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

  it('gets a 503 if there is no memory for its window, unless it decompresses to 64 KiB', async () => {
    const { send, litellm } = gateway({ env: { MEMORY_BUDGET_BYTES: String(2 * MEBIBYTE) } })
    const params = { ZSTD_c_windowLog: 21, ZSTD_c_contentSizeFlag: 0 }
    const body = async (x: string) => coded(await zstd(JSON.stringify(chat({ x })), params))
    const answer = await send(await body(noise(66_000)))
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ error: { code: 'overloaded' } })
    expect(litellm.asked).toHaveLength(0)
    const x = noise(64_000)
    expect((await send(await body(x))).status).toBe(200)
    expect(litellm.asked[0]!.body['x']).toBe(x)
  })

  it('leaves memory for others while many uploads stall in a frame with a large window', async () => {
    const { answerTo, post } = gateway({
      env: { MAX_REQUEST_BYTES: String(MEBIBYTE), MEMORY_BUDGET_BYTES: String(2 * MEBIBYTE) },
    })
    const params = { ZSTD_c_windowLog: 20, ZSTD_c_contentSizeFlag: 0 }
    const begun = (await zstd(JSON.stringify(chat({ x: noise(100_000) })), params)).slice(0, 5_000)
    const stalled = Array.from({ length: 8 }, () => {
      const { promise: wanted, resolve } = Promise.withResolvers<void>()
      const left = Promise.withResolvers<void>()
      let isSent = false
      const body = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            if (!isSent) {
              isSent = true
              return controller.enqueue(begun.slice())
            }
            resolve()
            await left.promise
            controller.error(new Error('The caller has left.'))
          },
        },
        { highWaterMark: 0 },
      )
      return { answered: answerTo(coded(body)).catch(() => {}), wanted, leave: left.resolve }
    })
    for (const { wanted } of stalled) await wanted
    const large = JSON.stringify(chat({ x: noise(200_000) }))
    expect((await post(CHAT, large)).status).toBe(200)
    for (const { leave, answered } of stalled) {
      leave()
      await answered
    }
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
    expect(reserved.pop()).toBe(window)
    // Before, what arrived.
    expect(reserved.reduce((sum, size) => sum + size, 0)).toBe(bytes.length)
  })

  it('reserves no window before 64 KiB of a larger frame have arrived', async () => {
    const reserved: number[] = []
    const bytes = await zstd(noise(300_000))
    expect(bytes.length).toBeGreaterThan(100_000)
    await decode(inPieces(bytes, 10_000), (size) => void reserved.push(size))
    expect(reserved).toEqual([...Array.from({ length: 7 }, () => 10_000), 300_000])
  })

  const refusal = new Error('no memory')
  const short = (size: number) => {
    if (size > SMALL_WINDOW_BYTES) throw refusal
  }
  // Repeats at distances up to the whole length.
  const repeating = (length: number) =>
    noise(length / 2)
      .repeat(2)
      .padEnd(length, '"')

  it.each([17, 20, 21, 23])(
    'decodes up to 64 KiB though a window of 2^%i bytes is refused, and no more',
    async (log) => {
      const params = { ZSTD_c_windowLog: log, ZSTD_c_contentSizeFlag: 0, ZSTD_c_checksumFlag: 1 }
      for (const length of [0, 1, 5_000, 65_535, 65_536]) {
        const text = repeating(length)
        const decoded = await decode(inPieces(await zstd(text, params), 1_000), short)
        expect(new TextDecoder().decode(decoded)).toBe(text)
      }
      for (const length of [65_537, 131_073, 200_000, 1_000_000]) {
        const decoding = decode(inPieces(await zstd(repeating(length), params), 1_000), short)
        await (log === 17 ? decoding : expect(decoding).rejects.toBe(refusal))
      }
    },
  )

  it('refuses a window over 8 MiB as invalid, however much memory is left', async () => {
    const bytes = await zstd('x', { ZSTD_c_windowLog: 24, ZSTD_c_contentSizeFlag: 0 })
    const reserved: number[] = []
    const decoding = decode(inPieces(bytes, 1_000), (size) => {
      reserved.push(size)
      short(size)
    })
    await expect(decoding).rejects.not.toBe(refusal)
    expect(reserved).toEqual([bytes.length])
  })

  it('refuses a frame in a single segment that is larger than the memory left', async () => {
    await expect(decode(inPieces(await zstd(noise(200_000)), 1_000), short)).rejects.toBe(refusal)
  })

  it('gives each block a buffer of its own', async () => {
    const text = noise(100_000)
    const options = { limitBytes: MEBIBYTE, reserve: () => {} }
    const { decoded } = undoCoding(inPieces(await zstd(text), 5_000), 'zstd', options)
    const blocks = await Array.fromAsync(blocksOf(decoded, 0))
    expect(blocks.length).toBeGreaterThan(1)
    expect(blocks.every(({ buffer, length }) => buffer.byteLength === length)).toBe(true)
    expect(new Set(blocks.map(({ buffer }) => buffer)).size).toBe(blocks.length)
    expect(new TextDecoder().decode(concatenate(blocks))).toBe(text)
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
