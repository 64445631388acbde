import { FrameSplitter } from './sse.ts'
import type { Frame } from './sse.ts'

/**
 * A streamed answer without the frames that tell the usage: LiteLLM is always asked for it, and only
 * callers who asked for it get it. Any other response comes back as it is.
 */
export function stripUsage(answer: Response, isUsageFrame: (frame: string) => boolean): Response {
  const streams = answer.headers.get('content-type')?.startsWith('text/event-stream')
  if (!streams || answer.body === null || answer.status !== 200) return answer
  return new Response(dropFrames(answer.body, isUsageFrame), answer)
}

/**
 * Passes server-sent events on byte for byte, less the frames that `drop` claims. A frame leaves as
 * soon as it is complete; one that is longer than any that could be dropped leaves as it comes.
 */
export function dropFrames(
  source: ReadableStream<Uint8Array>,
  drop: (frame: string) => boolean,
): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  const splitter = new FrameSplitter()
  const decoder = new TextDecoder()
  const kept = ({ bytes, whole }: Frame) =>
    bytes.length > 0 && !(whole && drop(decoder.decode(bytes)))
  // Half the cost of a TransformStream, which has two queues.
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const { done, value } = await reader.read()
          const frames = (done ? [splitter.flush()] : splitter.push(value)).filter(kept)
          for (const { bytes } of frames) controller.enqueue(bytes)
          if (done) return controller.close()
          if (frames.length > 0) return
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
