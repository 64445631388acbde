/** Reads of 4 KiB, as workerd gives them by itself, cost more than what is done with them. */
const LARGEST_BLOCK_BYTES = 262_144
const SMALLEST_BLOCK_BYTES = 4_096

/**
 * The bytes of a stream in blocks that are as large as they can be, of which about `expectedBytes` are to
 * come. Each block has a buffer of its own. Whoever stops early cancels the stream.
 */
export async function* blocksOf(
  stream: ReadableStream<Uint8Array>,
  expectedBytes: number,
): AsyncGenerator<Uint8Array> {
  const reader = byobReader(stream)
  if (reader === undefined) {
    for await (const part of stream) yield part.slice()
    return
  }
  let isOver = false
  try {
    // One byte more, so that the read that has all of them also sees the end.
    let size = clamp(expectedBytes + 1)
    while (!isOver) {
      const { done, value } = await reader.read(new Uint8Array(size), { min: size })
      isOver = done
      if (value !== undefined && value.length > 0) yield value
      size = clamp(size * 2)
    }
  } finally {
    if (!isOver) reader.cancel().catch(() => {})
    reader.releaseLock()
  }
}

/** Gives the memory of a block back at once: a garbage collector may be late under load. */
export function discard(block: Uint8Array): void {
  ;(block.buffer as ArrayBuffer).transfer(0)
}

const clamp = (bytes: number) =>
  Math.min(LARGEST_BLOCK_BYTES, Math.max(SMALLEST_BLOCK_BYTES, bytes))

/** Undefined for a stream that does not give bytes into a buffer. */
function byobReader(stream: ReadableStream<Uint8Array>): BlockReader | undefined {
  try {
    return stream.getReader({ mode: 'byob' }) as BlockReader
  } catch {
    return undefined
  }
}

/** With the `min` of the standard, which TypeScript's types for Workers lack. */
interface BlockReader extends Omit<ReadableStreamBYOBReader, 'read'> {
  read(
    view: Uint8Array,
    options: { readonly min: number },
  ): Promise<{ done: boolean; value: Uint8Array | undefined }>
}
