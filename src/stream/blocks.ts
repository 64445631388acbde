import type { Waits } from './timeout.ts'

/** workerd reads 4 KiB by default, which costs more than processing them. */
const LARGEST_BLOCK_BYTES = 65_536
/** The first block is small: until it arrives, its buffer counts in no budget. */
const LARGEST_FIRST_BYTES = 16_384
const SMALLEST_BLOCK_BYTES = 4_096

/**
 * Reads a stream in blocks, as large as useful for about `expectedBytes`. Each block has its own
 * buffer. If the consumer stops early, the stream is cancelled. If the signal fires, the stream is
 * cancelled and the read rejects with the signal's reason. `idle` watches all reads but the first.
 */
export async function* blocksOf(
  stream: ReadableStream<Uint8Array>,
  expectedBytes: number,
  {
    signal,
    idle,
  }: { readonly signal?: AbortSignal | undefined; readonly idle?: Waits | undefined } = {},
): AsyncGenerator<Uint8Array> {
  const reader = blockReader(stream)
  let isOver = false
  const abort = () => void reader.cancel(signal?.reason).catch(() => {})
  signal?.addEventListener('abort', abort, { once: true })
  try {
    // One byte more, so that the read of the last byte also sees the end.
    let size = clamp(Math.min(expectedBytes + 1, LARGEST_FIRST_BYTES))
    while (!isOver) {
      const { done, value, isFull } = await reader.read(size)
      idle?.pause()
      signal?.throwIfAborted()
      isOver = done
      if (value !== undefined && value.length > 0) yield value
      size = clamp(size * 2)
      // A block that is not full is the last one; the end follows at once.
      if (isFull) idle?.start()
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    if (!isOver) reader.cancel().catch(() => {})
    reader.releaseLock()
  }
}

/** Frees the memory of a block at once: garbage collection may be late under load. */
export function discard(block: Uint8Array): void {
  ;(block.buffer as ArrayBuffer).transfer(0)
}

const clamp = (bytes: number) =>
  Math.min(LARGEST_BLOCK_BYTES, Math.max(SMALLEST_BLOCK_BYTES, bytes))

interface BlockReader {
  /** Reads a block of this size, or a smaller one at the end. */
  read(size: number): Promise<{
    readonly done: boolean
    readonly value?: Uint8Array | undefined
    /** Whether more may follow. */
    readonly isFull: boolean
  }>
  cancel(reason?: unknown): Promise<void>
  releaseLock(): void
}

/** Reads blocks into buffers if the stream supports that, otherwise copies its chunks. */
function blockReader(stream: ReadableStream<Uint8Array>): BlockReader {
  const reader = byobReader(stream)
  if (reader !== undefined) {
    return {
      async read(size) {
        const { done, value } = await reader.read(new Uint8Array(size), { min: size })
        return { done, value, isFull: value?.length === size }
      },
      cancel: (reason) => reader.cancel(reason),
      releaseLock: () => reader.releaseLock(),
    }
  }
  const plain = stream.getReader()
  return {
    async read() {
      const { done, value } = await plain.read()
      // Not `slice`, which shares memory if the chunk is a buffer of Node's.
      return { done, value: value && new Uint8Array(value), isFull: !done }
    },
    cancel: (reason) => plain.cancel(reason),
    releaseLock: () => plain.releaseLock(),
  }
}

/** With the standard's `min` option, which TypeScript's types for Workers lack. */
interface ByobReader extends Omit<ReadableStreamBYOBReader, 'read'> {
  read(
    view: Uint8Array,
    options: { readonly min: number },
  ): Promise<{ done: boolean; value: Uint8Array | undefined }>
}

/** The reader; undefined if the stream is no byte stream. */
function byobReader(stream: ReadableStream<Uint8Array>): ByobReader | undefined {
  try {
    return stream.getReader({ mode: 'byob' }) as ByobReader
  } catch {
    return undefined
  }
}
