import { describe, expect, it } from 'vitest'
import { readBody } from '../../src/middleware/parse-request.ts'

/** A request whose body comes in chunks of 10 bytes for as long as it is read, up to `chunks`. */
function sending(chunks: number, headers: Record<string, string> = {}) {
  const seen = { sent: 0 }
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (seen.sent === chunks) return controller.close()
        seen.sent += 1
        controller.enqueue(new TextEncoder().encode('0123456789'))
      },
    },
    { highWaterMark: 0 },
  )
  const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit
  return { seen, request: new Request('https://gateway/', init) }
}

describe('the body of a request', () => {
  it('is read whole up to the limit, and counted in bytes', async () => {
    const { request } = sending(10)
    expect(await readBody(request, 100)).toEqual({ text: '0123456789'.repeat(10), bytes: 100 })
  })

  it('is not read at all when it says that it is too large', async () => {
    const { request, seen } = sending(20, { 'content-length': '101' })
    await expect(readBody(request, 100)).rejects.toMatchObject({ status: 413 })
    expect(seen.sent).toBe(0)
  })

  it('is drained to its end when it is over by less than as much again', async () => {
    const { request, seen } = sending(20)
    await expect(readBody(request, 100)).rejects.toMatchObject({ status: 413 })
    expect(seen.sent).toBe(20)
  })

  it('is drained no further than twice the limit', async () => {
    const { request, seen } = sending(1_000)
    await expect(readBody(request, 100)).rejects.toMatchObject({ status: 413 })
    expect(seen.sent).toBeLessThan(25)
  })

  it('is nothing where there is none', async () => {
    expect(await readBody(new Request('https://gateway/'), 1)).toEqual({ text: '', bytes: 0 })
  })
})
