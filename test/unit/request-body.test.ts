import { gzipSync, deflateSync, zstdCompressSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { JsonScanner } from '../../src/cache/json-scanner.ts'
import { readBody } from '../../src/middleware/read-body.ts'
import { MemoryBudget } from '../../src/stream/memory-budget.ts'
import { concatenate } from '../../src/stream/sse.ts'

/** A request with a JSON body that is sent in chunks of 10 bytes as it is read. */
function sending(bytes: number, headers: Record<string, string> = {}, first = '"') {
  const seen = { sent: 0 }
  const text = new TextEncoder().encode(`${first}${'x'.repeat(bytes - 2)}"`)
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const start = 10 * seen.sent
        if (start >= text.length) return controller.close()
        seen.sent += 1
        controller.enqueue(text.subarray(start, start + 10))
      },
    },
    { highWaterMark: 0 },
  )
  const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit
  return { seen, request: new Request('https://gateway/', init) }
}

/** A body that arrives piece by piece: `wanted` resolves when the gateway waits for the next one. */
function arriving(headers: Record<string, string> = {}) {
  let body!: ReadableStreamDefaultController<Uint8Array>
  let wants = Promise.withResolvers<void>()
  const cancelled = vi.fn()
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) => void (body = controller),
      pull: () => {
        wants.resolve()
        // Asks again only after the next piece.
        return new Promise<void>((resume) => void (goOn = resume))
      },
      cancel: cancelled,
    },
    { highWaterMark: 0 },
  )
  let goOn = () => {}
  const send = (piece: Uint8Array) => {
    wants = Promise.withResolvers<void>()
    body.enqueue(piece)
    goOn()
  }
  const init = { method: 'POST', body: stream, headers, duplex: 'half' } as RequestInit
  const request = new Request('https://gateway/', init)
  const close = () => {
    body.close()
    goOn()
  }
  return { request, send, close, cancelled, wanted: () => wants.promise }
}

/** Callers who stay: the memory of a caller who is garbage-collected is released. */
const present: AbortController[] = []
const caller = () => {
  const one = new AbortController()
  present.push(one)
  return one
}

const now = () => Date.now()
const read = (request: Request, maxBytes: number, memory = new MemoryBudget(1_000_000)) =>
  readBody(request, {
    maxBytes,
    memory: memory.holdingOf('a key', caller()),
    scanner: () => new JsonScanner(),
    now,
  })
const scan = async (...of: Parameters<typeof read>) => (await read(...of)).scan()
/** Whether the whole budget is free. */
const isEmpty = (memory: MemoryBudget, limit: number) => {
  memory.take(limit)
  const { isShort } = memory
  memory.release(limit)
  return !isShort
}

afterEach(() => void vi.useRealTimers())

describe('a request body', () => {
  it('is read whole up to the limit and scanned', async () => {
    const body = await read(sending(100).request, 100)
    const { parts, bytes } = body
    expect(new TextDecoder().decode(concatenate(parts))).toBe(`"${'x'.repeat(98)}"`)
    expect(bytes).toBe(100)
    expect(body.scan()).toMatchObject({ nodes: 1, faithful: true, root: 'other' })
  })

  it('is not read if its Content-Length is over the limit', async () => {
    const { request, seen } = sending(200, { 'content-length': '101' })
    await expect(read(request, 100)).rejects.toMatchObject({ status: 413 })
    expect(seen.sent).toBe(0)
  })

  it('is drained to its end if it is at most twice the limit', async () => {
    const { request, seen } = sending(200)
    await expect(read(request, 100)).rejects.toMatchObject({ status: 413 })
    expect(seen.sent).toBe(20)
  })

  it('is not drained past twice the limit', async () => {
    const { request, seen } = sending(10_000)
    await expect(read(request, 100)).rejects.toMatchObject({ status: 413 })
    expect(seen.sent).toBeLessThan(25)
  })

  it('is drained if it is not JSON', async () => {
    const { request, seen } = sending(100, {}, ']')
    await expect(scan(request, 100)).rejects.toMatchObject({ code: 'invalid_json' })
    expect(seen.sent).toBe(10)
  })

  it('is a 400 if it is missing', async () => {
    await expect(scan(new Request('https://gateway/'), 1)).rejects.toMatchObject({ status: 400 })
  })

  it('counts in the memory budget until it is released or refused', async () => {
    const memory = new MemoryBudget(100_000)
    const { parts } = await read(sending(90_000).request, 100_000, new MemoryBudget(1_000_000))
    expect(parts).toHaveLength(9_000)
    const held = memory.holdingOf('a key', caller())
    await readBody(sending(40_000).request, {
      maxBytes: 50_000,
      memory: held,
      scanner: () => new JsonScanner(),
      now,
    })
    expect(isEmpty(memory, 60_000)).toBe(true)
    expect(isEmpty(memory, 60_001)).toBe(false)
    held.close()
    expect(isEmpty(memory, 100_000)).toBe(true)
    await expect(read(sending(50_000).request, 40_000, memory)).rejects.toMatchObject({
      status: 413,
    })
    expect(isEmpty(memory, 100_000)).toBe(true)
  })

  it('is refused over 64 KiB while the memory budget is used up', async () => {
    const memory = new MemoryBudget(200_000)
    memory.take(120_000)
    const { request, seen } = sending(100_000)
    const refused = { status: 503, code: 'overloaded', retryAfterSeconds: 2 }
    await expect(read(request, 100_000, memory)).rejects.toMatchObject(refused)
    expect(seen.sent).toBe(10_000)
    memory.take(80_001)
    const declared = sending(65_537, { 'content-length': '65537' })
    await expect(read(declared.request, 100_000, memory)).rejects.toMatchObject(refused)
    expect(declared.seen.sent).toBe(0)
    const small = sending(65_536, { 'content-length': '65536' })
    expect(await read(small.request, 100_000, memory)).toMatchObject({ bytes: 65_536 })
  })

  it('is refused if its key already holds half of the memory budget', async () => {
    const memory = new MemoryBudget(400_000)
    memory.holdingOf('a key', caller()).take(150_000)
    await expect(read(sending(100_000).request, 100_000, memory)).rejects.toMatchObject({
      code: 'overloaded',
    })
    const other = memory.holdingOf('another key', caller())
    const options = { maxBytes: 100_000, memory: other, scanner: () => new JsonScanner(), now }
    expect(await readBody(sending(100_000).request, options)).toMatchObject({ bytes: 100_000 })
  })

  it('is refused with a time-out if it holds memory and stops arriving for a minute', async () => {
    vi.useFakeTimers()
    const memory = new MemoryBudget(1_000_000)
    const { request, send, wanted } = arriving()
    const reading = read(request, 1_000_000, memory)
    const refused = expect(reading).rejects.toMatchObject({ code: 'request_timeout' })
    await wanted()
    for (const piece of [`"${'x'.repeat(70_000)}`, 'x']) {
      send(new TextEncoder().encode(piece))
      await wanted()
      await vi.advanceTimersByTimeAsync(59_000)
    }
    expect(isEmpty(memory, 1_000_000)).toBe(false)
    await vi.advanceTimersByTimeAsync(2_000)
    await refused
    expect(isEmpty(memory, 1_000_000)).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  const text = JSON.stringify(Array.from({ length: 5_000 }, (_, n) => n * 7919))
  const codings = { gzip: gzipSync, deflate: deflateSync, zstd: zstdCompressSync }

  describe.each(['gzip', 'deflate', 'zstd'] as const)('with the coding %s', (coding) => {
    const coded = new Uint8Array(codings[coding](text))

    it.each([0, 1, 100])('is refused if it stops arriving after %i bytes', async (bytes) => {
      vi.useFakeTimers()
      const memory = new MemoryBudget(1_000_000)
      const { request, send, wanted, cancelled } = arriving({ 'content-encoding': coding })
      const reading = read(request, 1_000_000, memory)
      const refused = expect(reading).rejects.toMatchObject({ code: 'request_timeout' })
      await wanted()
      if (bytes > 0) send(coded.slice(0, bytes))
      await wanted()
      await vi.advanceTimersByTimeAsync(59_999)
      expect(cancelled).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      await refused
      expect(cancelled).toHaveBeenCalledOnce()
      expect(isEmpty(memory, 1_000_000)).toBe(true)
      expect(vi.getTimerCount()).toBe(0)
    })

    it('is refused if it takes more than five minutes, though it keeps arriving', async () => {
      vi.useFakeTimers()
      const { request, send, wanted, cancelled } = arriving({ 'content-encoding': coding })
      const refused = expect(read(request, 1_000_000)).rejects.toMatchObject({
        code: 'request_timeout',
      })
      for (let at = 0; at < 6; at += 1) {
        await wanted()
        expect(cancelled).not.toHaveBeenCalled()
        await vi.advanceTimersByTimeAsync(50_000)
        if (at < 5) send(coded.slice(at, at + 1))
      }
      await refused
      expect(cancelled).toHaveBeenCalledOnce()
    })

    it('does not wait for ever for the end of a body that it refuses', async () => {
      vi.useFakeTimers()
      const { request, send, wanted, cancelled } = arriving({ 'content-encoding': coding })
      const refused = expect(read(request, 1_000_000)).rejects.toMatchObject({ status: 400 })
      await wanted()
      for (const size of [70_000, 10]) {
        send(new TextEncoder().encode('x'.repeat(size)))
        await wanted()
      }
      await vi.advanceTimersByTimeAsync(60_000)
      await refused
      expect(cancelled).toHaveBeenCalledOnce()
      expect(vi.getTimerCount()).toBe(0)
    })

    it('is read if it arrives in time', async () => {
      vi.useFakeTimers()
      const { request, send, close, wanted } = arriving({ 'content-encoding': coding })
      const reading = read(request, 1_000_000)
      await wanted()
      send(coded.slice(0, 100))
      await wanted()
      await vi.advanceTimersByTimeAsync(59_999)
      send(coded.slice(100))
      await wanted()
      await vi.advanceTimersByTimeAsync(59_999)
      close()
      expect(new TextDecoder().decode((await reading).join())).toBe(text)
      expect(vi.getTimerCount()).toBe(0)
    })
  })
})
