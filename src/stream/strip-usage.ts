import { FrameSplitter } from './sse.ts'
import type { Frame } from './sse.ts'

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
