import { FrameSplitter } from './sse.ts'
import type { Frame } from './sse.ts'

/** A streamed answer with each of its frames changed. Any other response comes back as it is. */
export function withFrames(answer: Response, change: (frame: string) => string): Response {
  const streams = answer.headers.get('content-type')?.startsWith('text/event-stream')
  if (!streams || answer.body === null || answer.status !== 200) return answer
  return new Response(mapFrames(answer.body, change), answer)
}

const encoder = new TextEncoder()

/**
 * Passes server-sent events on, each frame as `change` gives it back; "" takes it out. A frame that stays
 * the same keeps its bytes. It leaves as soon as it is complete; one that is longer than any that could
 * be changed leaves as it comes.
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
  // Half the cost of a TransformStream, which has two queues.
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
