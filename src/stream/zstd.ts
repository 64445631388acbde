import type { ZstdDecompress } from 'node:zlib'
import { concatenate } from './sse.ts'

/** The largest window that a decoder must support, and that an encoder may use: 8 MiB (RFC 9659). */
const LARGEST_WINDOW_LOG = 23
const LARGEST_WINDOW_BYTES = 2 ** LARGEST_WINDOW_LOG
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd]

/** Reserves memory, in bytes. Throws if there is too little. */
export type Reserve = (bytes: number) => void

/**
 * Decodes one Zstandard frame (RFC 8878) with the runtime's own decoder, which is loaded when it is
 * first needed (Node's modules are part of the runtime since compatibility date 2026-08-04). `reserve` is called with the size of the frame's window before it is allocated. Errors
 * on data that is truncated, invalid or followed by more.
 */
export function zstdDecoder(reserve: Reserve): ReadableWritablePair<Uint8Array, Uint8Array> {
  const decoding = new Decoding(reserve)
  return {
    writable: new WritableStream<Uint8Array>({
      write: (chunk) => decoding.write(chunk),
      close: () => decoding.end(),
      abort: (reason) => decoding.fail(reason),
    }),
    readable: new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const part = await decoding.read()
          if (part === undefined) controller.close()
          else controller.enqueue(part)
        },
        cancel: (reason) => decoding.fail(reason),
      },
      { highWaterMark: 0 },
    ),
  }
}

/** A frame on its way through the runtime's decoder. */
class Decoding {
  private readonly reserve: Reserve
  private readonly started = Promise.withResolvers<AsyncIterator<Uint8Array>>()
  /** Rejects when the decoder fails or is given up: then it never asks for more. */
  private readonly failed = Promise.withResolvers<never>()
  private decoder: ZstdDecompress | undefined
  /** What arrived before the frame's header was complete. */
  private head: Uint8Array = new Uint8Array(0)
  private givenBytes = 0

  constructor(reserve: Reserve) {
    this.reserve = reserve
    // Those who wait for them see the errors.
    this.started.promise.catch(() => {})
    this.failed.promise.catch(() => {})
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      if (this.decoder !== undefined) return await this.give(this.decoder, chunk)
      this.head = concatenate([this.head, chunk])
      const window = windowBytes(this.head)
      if (window !== undefined) await this.start(window)
    } catch (error) {
      this.fail(error)
      throw error
    }
  }

  async end(): Promise<void> {
    // A frame without a complete header has no window; the decoder says that it is truncated.
    if (this.decoder === undefined) await this.start(0)
    this.decoder?.end()
  }

  /** The next decoded bytes; undefined at the end. */
  async read(): Promise<Uint8Array | undefined> {
    const { done, value } = await (await this.started.promise).next()
    // A copy, because the decoder continues in the same buffer.
    if (!done) return new Uint8Array(value)
    const isExact = this.givenBytes > 0 && this.decoder?.bytesWritten === this.givenBytes
    if (!isExact) throw new TypeError('The frame is missing, or is followed by more.')
    return undefined
  }

  fail(reason: unknown): void {
    this.started.reject(reason)
    this.failed.reject(reason)
    this.decoder?.destroy(reason instanceof Error ? reason : new Error(String(reason)))
  }

  private async start(window: number): Promise<void> {
    this.reserve(Math.min(window, LARGEST_WINDOW_BYTES))
    const { constants, createZstdDecompress } = await import('node:zlib')
    const params = { [constants.ZSTD_d_windowLogMax]: LARGEST_WINDOW_LOG }
    const decoder = createZstdDecompress({ params })
    decoder.on('error', this.failed.reject)
    this.decoder = decoder
    this.started.resolve(decoder[Symbol.asyncIterator]())
    if (this.head.length > 0) await this.give(decoder, this.head)
  }

  /** Resolves when the decoder wants more. */
  private give(decoder: ZstdDecompress, chunk: Uint8Array): Promise<void> {
    this.givenBytes += chunk.length
    const given = new Promise<void>((resolve, reject) => {
      decoder.write(chunk, (error) => (error ? reject(error) : resolve()))
    })
    return Promise.race([given, this.failed.promise])
  }
}

/**
 * The size of the window that a frame needs; undefined if its header is not complete
 * (RFC 8878, 3.1.1.1). A frame in a single segment has a window of its own size.
 */
function windowBytes(head: Uint8Array): number | undefined {
  const [descriptor, first] = head.subarray(MAGIC.length)
  if (descriptor === undefined || first === undefined) return undefined
  if (!MAGIC.every((byte, at) => head[at] === byte)) return 0
  const isSingleSegment = (descriptor & 0x20) !== 0
  if (!isSingleSegment) return 2 ** (10 + (first >> 3)) * (1 + (first & 7) / 8)
  const start = MAGIC.length + 1 + [0, 1, 2, 4][descriptor & 3]!
  const sizeBytes = [1, 2, 4, 8][descriptor >> 6]!
  if (head.length < start + sizeBytes) return undefined
  const size = head.subarray(start, start + sizeBytes)
  const bytes = size.reduceRight((above, byte) => above * 256 + byte, 0)
  return sizeBytes === 2 ? bytes + 256 : bytes
}
