import { FrameSplitter } from './sse.ts'
import type { Frame } from './sse.ts'

/** Applies `change` to each frame of a streamed answer. Other responses are returned unchanged. */
export function withFrames(answer: Response, change: (frame: string) => string): Response {
  const streams = answer.headers.get('content-type')?.startsWith('text/event-stream')
  if (!streams || answer.body === null || answer.status !== 200) return answer
  return new Response(mapFrames(answer.body, change), answer)
}

const encoder = new TextEncoder()

/**
 * Applies `change` to each frame of server-sent events; "" drops a frame. An unchanged frame keeps
 * its bytes. A frame leaves as soon as it is complete. Frames too long to be changed pass through
 * in pieces.
 */
export function mapFrames(
  source: ReadableStream<Uint8Array>,
  change: (frame: string) => string,
): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  const splitter = new FrameSplitter()
  const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
  const changed = ({ bytes, whole }: Frame): Uint8Array => {
    if (!whole) return bytes
    const frame = decoder.decode(bytes)
    const now = change(frame)
    return now === frame ? bytes : encoder.encode(now)
  }
  // A TransformStream has two queues and costs twice as much.
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const { done, value } = await reader.read()
          const frames = done ? [splitter.flush()] : splitter.push(value)
          const filled = frames.map(changed).filter(({ length }) => length > 0)
          for (const bytes of filled) controller.enqueue(bytes)
          if (done) return controller.close()
          if (filled.length > 0) return
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
