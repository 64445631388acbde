import { FrameSplitter } from './sse.ts'
import type { Frame } from './sse.ts'

/** Applies `change` to each frame of a streamed answer. Other responses are returned unchanged. */
export function withFrames(answer: Response, change: (frame: string) => string): Response {
  const streams = answer.headers.get('content-type')?.startsWith('text/event-stream')
  if (!streams || answer.body === null || answer.status !== 200) return answer
  return new Response(mapFrames(answer.body, change), answer)
}

const encoder = new TextEncoder()

/** Applies `change` to each frame of server-sent events, wherever the chunks are cut; "" drops a frame. */
export class FrameMapper {
  private readonly splitter = new FrameSplitter()
  private readonly decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
  private readonly change: (frame: string) => string

  constructor(change: (frame: string) => string) {
    this.change = change
  }

  /** The changed frames that this chunk completes. Frames too long to be changed come in pieces. */
  push(chunk: Uint8Array): Uint8Array[] {
    return this.changed(this.splitter.push(chunk))
  }

  /** What is left at the end of the stream. */
  flush(): Uint8Array[] {
    return this.changed([this.splitter.flush()])
  }

  private changed(frames: readonly Frame[]): Uint8Array[] {
    return frames.map((frame) => this.changedFrame(frame)).filter(({ length }) => length > 0)
  }

  /** An unchanged frame keeps its bytes. */
  private changedFrame({ bytes, whole }: Frame): Uint8Array {
    if (!whole) return bytes
    const frame = this.decoder.decode(bytes)
    const now = this.change(frame)
    return now === frame ? bytes : encoder.encode(now)
  }
}

/** Maps the frames of a stream. A frame leaves as soon as it is complete. */
export function mapFrames(
  source: ReadableStream<Uint8Array>,
  change: (frame: string) => string,
): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  const mapper = new FrameMapper(change)
  // A TransformStream has two queues and costs twice as much.
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const { done, value } = await reader.read()
          const frames = done ? mapper.flush() : mapper.push(value)
          for (const bytes of frames) controller.enqueue(bytes)
          if (done) return controller.close()
          if (frames.length > 0) return
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
