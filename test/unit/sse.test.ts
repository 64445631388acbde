import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatEvent, FrameSplitter, parseEvents } from '../../src/stream/sse.ts'
import type { Frame } from '../../src/stream/sse.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The frames of a text that arrives in chunks cut at these places. */
function framesOf(text: string, cuts: readonly number[]): { frames: string[]; rest: string } {
  const bytes = encoder.encode(text)
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  const splitter = new FrameSplitter()
  const frames: Frame[] = []
  let start = 0
  for (const end of [...ends, bytes.length]) {
    frames.push(...splitter.push(bytes.slice(start, end)))
    start = end
  }
  return {
    frames: frames.map(({ bytes }) => decoder.decode(bytes)),
    rest: decoder.decode(splitter.flush().bytes),
  }
}

describe('FrameSplitter', () => {
  const newline = fc.constantFrom('\n', '\r\n', '\r')
  const line = fc.constantFrom('data: {"a":1}', 'event: x', ': ping', 'data: ü😀', 'data')
  const stream = fc
    .tuple(newline, fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { maxLength: 5 }))
    .map(([end, frames]) => frames.map((lines) => lines.join(end) + end + end).join(''))

  it('returns every byte in order, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat()), (text, cuts) => {
        const { frames, rest } = framesOf(text, cuts)
        expect(frames.join('') + rest).toBe(text)
      }),
    )
  })

  it('ends a frame at its blank line, with any kind of newline', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const frames = [`data: 1${end}${end}`, `: ping${end}${end}`, `data: 2${end}${end}`]
      expect(framesOf(frames.join(''), []).frames).toEqual(frames)
    }
  })

  it('ends a frame at a blank line made of two kinds of newline', () => {
    const ends = ['\n\r\n', '\r\n\n', '\r\n\r\n', '\n\n', '\r\n\r\n']
    const frames = ends.map((end, at) => `data: ${at}${end}`)
    expect(framesOf(frames.join(''), []).frames).toEqual(frames)
    const text = frames.join('')
    for (let cut = 0; cut <= text.length; cut += 1) {
      const { frames: cutFrames, rest } = framesOf(text, [cut])
      // A line feed in the next chunk begins the next frame; the events stay the same.
      expect(cutFrames.flatMap(parseEvents)).toEqual(parseEvents(text))
      expect(cutFrames.join('') + rest).toBe(text)
    }
  })

  it('completes a frame with its last byte, without waiting for the next chunk', () => {
    const splitter = new FrameSplitter()
    expect(splitter.push(encoder.encode('data: 1\n'))).toHaveLength(0)
    expect(splitter.push(encoder.encode('\n'))).toHaveLength(1)
  })

  it('passes a long frame on in pieces, marked as not whole', () => {
    const splitter = new FrameSplitter()
    const long = encoder.encode('x'.repeat(50_000))
    expect(splitter.push(long)).toHaveLength(0)
    const [piece] = splitter.push(long)
    expect(piece).toMatchObject({ whole: false })
    expect(piece?.bytes).toHaveLength(100_000)
    const [end, next] = splitter.push(encoder.encode('end\n\ndata: 1\n\n'))
    expect(end).toEqual({ bytes: encoder.encode('end\n\n'), whole: false })
    expect(next).toEqual({ bytes: encoder.encode('data: 1\n\n'), whole: true })
  })

  it('buffers a frame up to 64 KiB', () => {
    const pushed = (length: number) => new FrameSplitter().push(new Uint8Array(length).fill(97))
    expect(pushed(65_536)).toHaveLength(0)
    expect(pushed(65_537)).toHaveLength(1)
  })

  it('handles leading and repeated blank lines', () => {
    expect(framesOf('\n\ndata: a\n\n', []).frames).toHaveLength(2)
    expect(framesOf('data: a\r\n\r\n\r\ndata: b\r\n\r\n', []).frames).toHaveLength(2)
  })

  it('returns the rest without a blank line on flush', () => {
    expect(framesOf('data: 1\n\ndata: 2', [])).toEqual({
      frames: ['data: 1\n\n'],
      rest: 'data: 2',
    })
  })
})

describe('parseEvents', () => {
  it.each([
    ['data: a\n\n', [{ event: '', data: 'a' }]],
    ['data:a\r\n\r\n', [{ event: '', data: 'a' }]],
    [
      'data: a\r\rdata: b\r\r',
      [
        { event: '', data: 'a' },
        { event: '', data: 'b' },
      ],
    ],
    ['data: a\ndata:  b\n\n', [{ event: '', data: 'a\n b' }]],
    ['event: x\ndata: a\nid: 7\nretry: 3\n\n', [{ event: 'x', data: 'a' }]],
    [': ping\n\ndata: a\n\n', [{ event: '', data: 'a' }]],
    ['event: x\n\ndata: a\n\n', [{ event: '', data: 'a' }]],
    ['data: a', [{ event: '', data: 'a' }]],
    ['\ufeffdata: a\n\n', [{ event: '', data: 'a' }]],
    ['data\n\n', [{ event: '', data: '' }]],
    ['data: a: b\n\n', [{ event: '', data: 'a: b' }]],
    ['', []],
  ])('reads %j', (text, events) => {
    expect(parseEvents(text)).toEqual(events)
  })

  it('reads back what formatEvent writes', () => {
    const event = fc.record({
      event: fc.stringMatching(/^[a-z.]*$/),
      data: fc.string().filter((data) => !data.includes('\r')),
    })
    fc.assert(
      fc.property(fc.array(event), (events) => {
        expect(parseEvents(events.map(formatEvent).join(''))).toEqual(events)
      }),
    )
  })
})
