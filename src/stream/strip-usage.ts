import { FrameSplitter } from './sse.ts'
import type { Frame } from './sse.ts'

/**
 * A streamed answer without the frames that tell the usage: LiteLLM is always asked for it, and only
 * callers who asked for it get it. Any other response comes back as it is.
 */
export function stripUsage(answer: Response, isUsageFrame: (frame: string) => boolean): Response {
  const streams = answer.headers.get('content-type')?.startsWith('text/event-stream')
  if (!streams || answer.body === null || answer.status !== 200) return answer
  return new Response(answer.body.pipeThrough(dropFrames(isUsageFrame)), answer)
}

/**
 * Passes server-sent events on byte for byte, less the frames that `drop` claims. A frame leaves as
 * soon as it is complete; one that is longer than any that could be dropped leaves as it comes.
 */
export function dropFrames(
  drop: (frame: string) => boolean,
): ReadableWritablePair<Uint8Array, Uint8Array> {
  const splitter = new FrameSplitter()
  const decoder = new TextDecoder()
  const kept = ({ bytes, whole }: Frame) =>
    bytes.length > 0 && !(whole && drop(decoder.decode(bytes)))
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      for (const frame of splitter.push(chunk)) if (kept(frame)) controller.enqueue(frame.bytes)
    },
    flush(controller) {
      const rest = splitter.flush()
      if (kept(rest)) controller.enqueue(rest.bytes)
    },
  })
}
