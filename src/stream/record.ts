import type { Memory } from './memory-budget.ts'
import { concatenate } from './sse.ts'

/** The outcome of recording a stream. */
export type Recording =
  /** It is complete. */
  | { readonly outcome: 'whole'; readonly bytes: Uint8Array }
  /** It ended, but was too large to record. */
  | { readonly outcome: 'too-large' }
  /** It broke, or the reader left. */
  | { readonly outcome: 'cut'; readonly reason: unknown }

/** A stream to pass on, and its recording, which never rejects. */
export interface Recorded {
  readonly stream: ReadableStream<Uint8Array>
  readonly recording: Promise<Recording>
  /** Resolves as soon as the recording is given up. */
  readonly dropped: Promise<void>
}

/**
 * Records a stream as it passes. Each chunk is passed on before it is recorded. Past `limitBytes`,
 * or if memory is short, the recording is dropped and the stream continues. Recorded bytes count in
 * `memory`.
 */
export function record(
  source: ReadableStream<Uint8Array>,
  limitBytes: number,
  memory?: Memory,
): Recorded {
  const { promise, resolve } = Promise.withResolvers<Recording>()
  const dropped = Promise.withResolvers<void>()
  const reader = source.getReader()
  let kept: Uint8Array[] | undefined = []
  let length = 0
  const drop = () => {
    if (kept !== undefined) memory?.release(length)
    kept = undefined
  }

  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) {
          controller.close()
          const bytes = kept && concatenate(kept)
          drop()
          resolve(bytes === undefined ? { outcome: 'too-large' } : { outcome: 'whole', bytes })
          return
        }
        controller.enqueue(value)
        if (kept === undefined) return
        length += value.length
        kept.push(value)
        memory?.take(value.length)
        if (length <= limitBytes && !memory?.isShort) return
        drop()
        dropped.resolve()
      } catch (reason) {
        drop()
        controller.error(reason)
        resolve({ outcome: 'cut', reason })
      }
    },
    async cancel(reason) {
      drop()
      resolve({ outcome: 'cut', reason })
      await reader.cancel(reason)
    },
  })
  return { stream, recording: promise, dropped: dropped.promise }
}
