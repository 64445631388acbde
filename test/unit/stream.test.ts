import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replay } from '../../src/cache/replay.ts'
import { readUpTo, readWhole } from '../../src/stream/buffered-body.ts'
import { MemoryBudget } from '../../src/stream/memory-budget.ts'
import { record } from '../../src/stream/record.ts'
import { mapFramesOf } from '../../src/stream/sse.ts'
import type { ServerSentEvent } from '../../src/stream/sse.ts'
import { mapFrames } from '../../src/stream/map-frames.ts'

const encoder = new TextEncoder()
const bytes = (text: string) => encoder.encode(text)

/** A stream of these chunks that ends or errors; `seen` counts reads and notes a cancel. */
function source(chunks: readonly string[], { error }: { error?: Error } = {}) {
  const left = [...chunks]
  const seen = { pulled: 0, cancelled: undefined as unknown }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        seen.pulled += 1
        const chunk = left.shift()
        if (chunk !== undefined) controller.enqueue(bytes(chunk))
        else if (error) controller.error(error)
        else controller.close()
      },
      cancel(reason) {
        seen.cancelled = reason
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, seen }
}

const textOf = (stream: ReadableStream<Uint8Array>) => new Response(stream).text()
const chunks = fc.array(fc.string({ minLength: 1 }), { maxLength: 8 })

describe('record', () => {
  it('passes every byte on and has recorded them all at the end', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, async (parts) => {
        const { stream, recording } = record(source(parts).stream, 10_000)
        expect(await textOf(stream)).toBe(parts.join(''))
        expect(await recording).toEqual({ outcome: 'whole', bytes: bytes(parts.join('')) })
      }),
    )
  })

  it('passes chunks on without copying them', async () => {
    const chunk = bytes('abc')
    const upstream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(chunk)
        controller.close()
      },
    })
    const reader = record(upstream, 10).stream.getReader()
    expect((await reader.read()).value).toBe(chunk)
  })

  it('records up to its limit and goes on streaming past it', async () => {
    const within = record(source(['ab', 'cd']).stream, 4)
    expect(await textOf(within.stream)).toBe('abcd')
    expect(await within.recording).toMatchObject({ outcome: 'whole' })
    const past = record(source(['ab', 'cde', 'f']).stream, 4)
    expect(await textOf(past.stream)).toBe('abcdef')
    expect(await past.recording).toEqual({ outcome: 'too-large' })
  })

  it('errors with its source and records nothing', async () => {
    const error = new Error('broken')
    const { stream, recording } = record(source(['ab'], { error }).stream, 10)
    await expect(textOf(stream)).rejects.toThrow('broken')
    expect(await recording).toEqual({ outcome: 'cut', reason: error })
  })

  it('cancels its source if the reader leaves and records nothing', async () => {
    const { stream: upstream, seen } = source(['ab', 'cd'])
    const { stream, recording } = record(upstream, 10)
    const reader = stream.getReader()
    await reader.read()
    await reader.cancel('gone')
    expect(await recording).toEqual({ outcome: 'cut', reason: 'gone' })
    expect(seen.cancelled).toBe('gone')
  })

  it('reads its source no faster than its reader', async () => {
    const { stream: upstream, seen } = source(['a', 'b', 'c', 'd', 'e', 'f'])
    const reader = record(upstream, 10).stream.getReader()
    await reader.read()
    expect(seen.pulled).toBeLessThanOrEqual(2)
    await reader.cancel()
  })
})

describe('readUpTo', () => {
  it('returns a body whole up to the limit and as a stream past it', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, fc.nat({ max: 40 }), async (parts, limit) => {
        const text = parts.join('')
        const taken = await readUpTo(source(parts).stream, limit)
        const isWhole = bytes(text).length <= limit
        expect('whole' in taken).toBe(isWhole)
        const given =
          'whole' in taken ? new TextDecoder().decode(taken.whole) : await textOf(taken.stream)
        expect(given).toBe(text)
      }),
    )
  })

  it('treats a missing body as empty', async () => {
    expect(await readUpTo(null, 1)).toEqual({ whole: new Uint8Array(0) })
  })

  it('errors with its source, before and after the limit', async () => {
    const broken = (limit: number) =>
      readUpTo(source(['ab', 'c'], { error: new Error('broken') }).stream, limit)
    await expect(broken(10)).rejects.toThrow('broken')
    const taken = await broken(1)
    await expect(textOf((taken as { stream: ReadableStream<Uint8Array> }).stream)).rejects.toThrow(
      'broken',
    )
  })

  it('cancels its source if the reader leaves', async () => {
    const { stream, seen } = source(['ab', 'cd', 'ef'])
    const taken = (await readUpTo(stream, 1)) as { stream: ReadableStream<Uint8Array> }
    await taken.stream.cancel('gone')
    expect(seen.cancelled).toBe('gone')
  })

  it('counts the bytes it holds until they are read, dropped or lost', async () => {
    const held = (memory: MemoryBudget) => {
      memory.take(10)
      const { isShort } = memory
      memory.release(10)
      return isShort
    }
    const memory = new MemoryBudget(10)
    await readUpTo(source(['ab', 'cd']).stream, 10, memory)
    expect(held(memory)).toBe(false)
    const broken = readUpTo(source(['ab'], { error: new Error('broken') }).stream, 10, memory)
    await expect(broken).rejects.toThrow('broken')
    expect(held(memory)).toBe(false)
    for (const end of ['read', 'left']) {
      const taken = await readUpTo(source(['ab', 'cd', 'ef']).stream, 3, memory)
      const { stream } = taken as { stream: ReadableStream<Uint8Array> }
      expect(held(memory)).toBe(true)
      if (end === 'read') expect(await textOf(stream)).toBe('abcdef')
      else await stream.cancel()
      expect(held(memory)).toBe(false)
    }
  })

  it('streams the body if the memory budget is used up', async () => {
    const memory = new MemoryBudget(1)
    const taken = await readUpTo(source(['a', 'b', 'c']).stream, 100, memory)
    expect('stream' in taken && (await textOf(taken.stream))).toBe('abc')
  })
})

describe('readWhole', () => {
  it('returns a whole body, however it is cut', async () => {
    const taken = await readWhole(source(['a', 'bc', 'd']).stream, 4)
    expect(new TextDecoder().decode(taken)).toBe('abcd')
    expect(await readWhole(null, 1)).toEqual(new Uint8Array(0))
  })

  it('returns nothing if the body is too large, breaks off or exceeds the memory budget', async () => {
    const large = source(['ab', 'cd', 'ef'])
    expect(await readWhole(large.stream, 3)).toBeUndefined()
    expect(large.seen).toMatchObject({ pulled: 2, cancelled: undefined })
    expect(await readWhole(source(['ab'], { error: new Error('cut') }).stream, 9)).toBeUndefined()
    const memory = new MemoryBudget(1)
    expect(await readWhole(source(['ab', 'cd']).stream, 9, memory)).toBeUndefined()
    await Promise.resolve()
    expect(memory.isShort).toBe(false)
  })
})

describe('mapFrames', () => {
  it('changes and drops only the chosen frames, wherever the chunks are cut', async () => {
    const frames = [
      'data: a\n\n',
      ': usage\n\n',
      'data: usage\r\n\r\n',
      'data: mixed\n\r\n',
      'data: old\r\n\n',
      'data: ü😀\n\n',
      'data: z',
    ]
    const all = bytes(frames.join(''))
    const change = (frame: string) => {
      const text = frame.trim()
      if (text === 'data: usage') return ''
      return text === 'data: old' ? 'data: new\n\n' : frame
    }
    for (let cut = 0; cut <= all.length; cut += 1) {
      const parts = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(all.subarray(0, cut))
          controller.enqueue(all.subarray(cut))
          controller.close()
        },
      })
      const given = (await textOf(mapFrames(parts, change))).replaceAll('\r', '')
      expect(given).toBe(frames.map(change).join('').replaceAll('\r', ''))
    }
  })

  it('can drop the last frame, with or without its blank line', async () => {
    for (const last of ['data: usage\n\n', 'data: usage']) {
      const { stream } = source(['data: a\n\n', last])
      const change = (frame: string) => (frame.includes('usage') ? '' : frame)
      expect(await textOf(mapFrames(stream, change))).toBe('data: a\n\n')
    }
  })

  it('finds the same frames in a stored text as in its stream', async () => {
    const piece = fc.constantFrom('\n', '\n\n', '\r\n', 'data: a', 'ü', '', ': b')
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const text = pieces.join('')
        const streamed: string[] = []
        const stored: string[] = []
        const { stream } = source(text === '' ? [] : [text])
        const noted = (list: string[]) => (frame: string) => {
          if (frame.trim() !== '') list.push(frame.trim())
          return `${frame}!`
        }
        await textOf(mapFrames(stream, noted(streamed)))
        mapFramesOf(text, noted(stored))
        expect(stored).toEqual(streamed)
      }),
    )
  })

  it('passes an unchanged frame on without copying it', async () => {
    const frame = bytes('data: a\n\n')
    const upstream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(frame)
        controller.close()
      },
    })
    const { value } = await mapFrames(upstream, (text) => text)
      .getReader()
      .read()
    expect(value?.buffer).toBe(frame.buffer)
  })
})

describe('replay', () => {
  const modes = {
    assemble: () => '{"assembled":true}' as string | undefined,
    split: (): Iterable<string> => ['data: split\n\n', 'data: usage\n\n'],
    usage: {
      isWanted: () => true,
      frames: (wantsUsage: boolean) => (frame: string) =>
        !wantsUsage && frame.includes('usage') ? '' : frame,
    },
    ownOptions: () => undefined,
    storedEvents: (events: readonly ServerSentEvent[]) => [...events],
  }
  const sse = {
    mode: 'sse',
    content_type: 'text/event-stream',
    body: 'data: a\r\n\r\ndata: usage\r\n\r\ndata: z',
  } as const
  const json = { mode: 'json', content_type: 'application/json; x', body: '{"a":1}' } as const

  it('returns the stored bytes and type in the stored mode', () => {
    expect(replay(sse, true, true, modes)).toEqual({
      contentType: sse.content_type,
      body: sse.body,
    })
    expect(replay(json, false, false, modes)).toEqual({
      contentType: json.content_type,
      body: json.body,
    })
  })

  it('omits only the usage for a caller who did not ask for it', () => {
    expect(replay(sse, true, false, modes)?.body).toBe('data: a\r\n\r\ndata: z')
    expect(replay(json, true, false, modes)?.body).toBe('data: split\n\n')
  })

  it('converts to the other mode', () => {
    expect(replay(sse, false, false, modes)).toEqual({
      contentType: 'application/json',
      body: '{"assembled":true}',
    })
    expect(replay(json, true, true, modes)).toEqual({
      contentType: 'text/event-stream; charset=utf-8',
      body: 'data: split\n\ndata: usage\n\n',
    })
  })

  it('returns nothing if the stream would be far longer than its JSON, and stops making it', () => {
    const longest = 16 * json.body.length + 65_536
    let made = 0
    const frames = (count: number) => ({
      ...modes,
      *split() {
        for (made = 0; made < count; made += 1) yield 'x'
      },
    })
    expect(replay(json, true, true, frames(longest))?.body).toHaveLength(longest)
    expect(replay(json, true, true, frames(10 * longest))).toBeUndefined()
    expect(made).toBe(longest)
  })

  it('returns nothing if it cannot convert to the other mode', () => {
    expect(replay(sse, false, false, { ...modes, assemble: () => undefined })).toBeUndefined()
    expect(replay(json, true, false, undefined)).toBeUndefined()
    expect(replay(sse, false, false, undefined)).toBeUndefined()
  })
})
