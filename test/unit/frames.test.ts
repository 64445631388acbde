import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFrame, FrameReader } from '../../src/coalescing/frames.ts'
import type { Frame } from '../../src/coalescing/frames.ts'
import { concatenate } from '../../src/stream/sse.ts'

const frames: Frame[] = [
  {
    kind: 'head',
    head: {
      status: 200,
      headers: [['content-type', 'text/event-stream']],
      cached: { similarity: 0.9, same: 0.97, storedAt: 1, detail: 'similarity=0.90' },
      facts: { 'semantic.same': 0.97 },
      spans: [],
      stored: false,
      collapsed: true,
    },
  },
  { kind: 'data', bytes: new TextEncoder().encode('data: ü\n\n') },
  { kind: 'data', bytes: new Uint8Array(0) },
  { kind: 'end' },
  { kind: 'kept', ended: { text: 'x', mode: 'sse', admission: { why: 'too large' } } },
  { kind: 'failed', code: 'upstream_timeout', message: 'LiteLLM did not go on in time.' },
  { kind: 'alone', why: 'not serialised' },
]
const bytes = concatenate(frames.flatMap(encodeFrame))

/** A stream of these bytes, cut at these places. */
function cutAt(all: Uint8Array, places: readonly number[]): ReadableStream<Uint8Array> {
  const cuts = [0, ...places.map((place) => place % (all.length + 1)), all.length].sort(
    (a, b) => a - b,
  )
  return new ReadableStream({
    start(controller) {
      for (const [at, cut] of cuts.entries()) controller.enqueue(all.slice(cuts[at - 1] ?? 0, cut))
      controller.close()
    },
  })
}

async function read(stream: ReadableStream<Uint8Array>): Promise<Frame[]> {
  const reader = new FrameReader(stream)
  const seen: Frame[] = []
  for (;;) {
    const frame = await reader.next()
    if (frame === undefined) return seen
    seen.push(frame)
  }
}

describe('the frames between a gateway and a flight', () => {
  it('come out as they went in, wherever their bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat()), async (places) => {
        expect(await read(cutAt(bytes, places))).toEqual(frames)
      }),
    )
  })

  it('are an error where one is cut, or of no known kind', async () => {
    await expect(read(cutAt(bytes.slice(0, -1), []))).rejects.toThrow('cut')
    await expect(read(cutAt(new Uint8Array([9, 0, 0, 0, 0]), []))).rejects.toThrow('unknown kind')
  })
})
