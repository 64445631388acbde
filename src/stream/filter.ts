import { FrameSplitter } from './sse.ts'

/**
 * Passes server-sent events on byte for byte, less the frames that `drop` claims. A frame leaves as
 * soon as it is complete; comments and whatever else is not an event pass untouched.
 */
export function dropFrames(
  drop: (frame: string) => boolean,
): ReadableWritablePair<Uint8Array, Uint8Array> {
  const splitter = new FrameSplitter()
  const decoder = new TextDecoder()
  const kept = (frame: Uint8Array) => frame.length > 0 && !drop(decoder.decode(frame))
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      for (const frame of splitter.push(chunk)) if (kept(frame)) controller.enqueue(frame)
    },
    flush(controller) {
      const rest = splitter.flush()
      if (kept(rest)) controller.enqueue(rest)
    },
  })
}
