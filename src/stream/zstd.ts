import type { ZstdDecompress } from 'node:zlib'
import { concatenate } from './sse.ts'
import { windowBytes, withSmallWindow, SMALL_WINDOW_BYTES } from './zstd-frame.ts'

/** The largest window that a decoder must support, and that an encoder may use: 8 MiB (RFC 9659). */
const LARGEST_WINDOW_LOG = 23
const LARGEST_WINDOW_BYTES = 2 ** LARGEST_WINDOW_LOG
/** So much of a frame arrives before its window is reserved: a stalled upload must hold little. */
const HELD_BACK_BYTES = 65_536
/** A frame that decodes to no more is decoded even if its window is refused. */
const SMALL_FRAME_BYTES = 65_536

/** Reserves memory, in bytes. Throws if there is too little; never for a small window. */
export type Reserve = (bytes: number) => void

/**
 * Decodes one Zstandard frame (RFC 8878) with the runtime's own decoder, which is loaded when it is
 * first needed (Node's modules are part of the runtime since compatibility date 2026-08-04).
 * `reserve` is called for what is held back, and for the frame's window before it is allocated.
 * Chunks may share a buffer. Errors on data that is truncated, invalid or followed by more.
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
  /** What arrived before the decoder started. */
  private heldBack: Uint8Array[] = []
  private heldBackBytes = 0
  private givenBytes = 0
  private decodedBytes = 0
  /** Why the frame must not be larger than a small one. */
  private refusal: { readonly error: unknown } | undefined

  constructor(reserve: Reserve) {
    this.reserve = reserve
    // Those who wait for them see the errors.
    this.started.promise.catch(() => {})
    this.failed.promise.catch(() => {})
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      if (this.decoder !== undefined) return await this.give(this.decoder, chunk)
      this.reserve(chunk.length)
      this.heldBack.push(chunk)
      this.heldBackBytes += chunk.length
      if (this.heldBackBytes > HELD_BACK_BYTES) await this.start()
    } catch (error) {
      this.fail(error)
      throw error
    }
  }

  async end(): Promise<void> {
    try {
      if (this.decoder === undefined) await this.start()
      this.decoder?.end()
    } catch (error) {
      this.fail(error)
      throw error
    }
  }

  /** The next decoded bytes; undefined at the end. */
  async read(): Promise<Uint8Array | undefined> {
    const { done, value } = await (await this.started.promise).next()
    if (!done) {
      this.decodedBytes += value.length
      if (this.refusal === undefined || this.decodedBytes <= SMALL_FRAME_BYTES) return value
      this.fail(this.refusal.error)
      throw this.refusal.error
    }
    const isExact = this.givenBytes > 0 && this.decoder?.bytesWritten === this.givenBytes
    if (!isExact) throw new TypeError('The frame is missing, or is followed by more.')
    return undefined
  }

  fail(reason: unknown): void {
    this.started.reject(reason)
    this.failed.reject(reason)
    this.decoder?.destroy(reason instanceof Error ? reason : new Error(String(reason)))
  }

  private async start(): Promise<void> {
    const head = this.withWindow(concatenate(this.heldBack.splice(0)))
    const { constants, createZstdDecompress } = await import('node:zlib')
    const params = { [constants.ZSTD_d_windowLogMax]: LARGEST_WINDOW_LOG }
    const decoder = createZstdDecompress({ params })
    decoder.on('error', this.failed.reject)
    this.decoder = decoder
    this.started.resolve(decoder[Symbol.asyncIterator]())
    if (head.length > 0) await this.give(decoder, head)
  }

  /** Reserves the window of a frame, or makes it small. */
  private withWindow(head: Uint8Array): Uint8Array {
    // Without a complete header, the frame has no window; the decoder says that it is truncated.
    const window = windowBytes(head) ?? 0
    try {
      // A window that is too large is never allocated.
      if (window <= LARGEST_WINDOW_BYTES) this.reserve(window)
      return head
    } catch (error) {
      const small = withSmallWindow(head)
      if (small === undefined) throw error
      this.refusal = { error }
      this.reserve(SMALL_WINDOW_BYTES)
      return small
    }
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
