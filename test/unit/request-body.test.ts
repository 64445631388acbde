import { describe, expect, it, vi } from 'vitest'
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

const now = () => Date.now()
const read = (request: Request, maxBytes: number, memory = new MemoryBudget(1_000_000)) =>
  readBody(request, {
    maxBytes,
    memory: memory.holdingOf('a key', new AbortController()),
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
    const held = memory.holdingOf('a key', new AbortController())
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
    memory.holdingOf('a key', new AbortController()).take(150_000)
    await expect(read(sending(100_000).request, 100_000, memory)).rejects.toMatchObject({
      code: 'overloaded',
    })
    const other = memory.holdingOf('another key', new AbortController())
    const options = { maxBytes: 100_000, memory: other, scanner: () => new JsonScanner(), now }
    expect(await readBody(sending(100_000).request, options)).toMatchObject({ bytes: 100_000 })
  })

  it('is refused with a time-out if it holds memory and stops arriving for a minute', async () => {
    vi.useFakeTimers()
    const memory = new MemoryBudget(1_000_000)
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const init = { method: 'POST', body: readable, duplex: 'half' } as RequestInit
    const reading = read(new Request('https://gateway/', init), 1_000_000, memory)
    const refused = expect(reading).rejects.toMatchObject({ code: 'request_timeout' })
    const writer = writable.getWriter()
    await writer.write(new TextEncoder().encode(`"${'x'.repeat(70_000)}`))
    await vi.advanceTimersByTimeAsync(59_000)
    await writer.write(new TextEncoder().encode('x'))
    await vi.advanceTimersByTimeAsync(59_000)
    expect(isEmpty(memory, 1_000_000)).toBe(false)
    await vi.advanceTimersByTimeAsync(2_000)
    await refused
    expect(isEmpty(memory, 1_000_000)).toBe(true)
    vi.useRealTimers()
  })
})
