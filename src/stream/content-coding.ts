import { blocksOf } from './blocks.ts'
import type { Waits } from './timeout.ts'
import { zstdDecoder } from './zstd.ts'
import type { Reserve } from './zstd.ts'

/** The content codings that the gateway can decode (RFC 9110, 8.4.1; RFC 8878). */
export type ContentCoding = 'gzip' | 'deflate' | 'zstd'

/**
 * The content coding of a body; undefined for none. Throws a `RangeError` for an unknown coding,
 * and for several. `x-gzip` means `gzip` (RFC 9110, 8.4.1.3).
 */
export function contentCoding(field: string | null): ContentCoding | undefined {
  const name = (field ?? '').trim().toLowerCase()
  if (name === '' || name === 'identity') return undefined
  if (name === 'gzip' || name === 'x-gzip') return 'gzip'
  if (name === 'deflate' || name === 'zstd') return name
  throw new RangeError('The content coding is not known.')
}

/**
 * Decodes a body. Errors on data that is truncated, invalid or followed by more. `deflate` is the
 * zlib format.
 */
export function decoded(
  source: ReadableStream<Uint8Array>,
  coding: Exclude<ContentCoding, 'zstd'>,
): ReadableStream<Uint8Array> {
  return source.pipeThrough(decompression(coding))
}

/** How a source is decoded. */
export interface UndoCodingOptions {
  /** No more of the source is read. */
  readonly limitBytes: number
  /** Is asked for the memory of a large window. */
  readonly reserve: Reserve
  /** Watches all reads of the source. */
  readonly idle?: Waits
  /** When it fires, the source is cancelled, and the decoded stream errors with its reason. */
  readonly signal?: AbortSignal
}

/**
 * Decodes a source that must be read to its end, even if it is invalid. `drained` resolves at the
 * end, or after `limitBytes`.
 */
export function undoCoding(
  source: ReadableStream<Uint8Array>,
  coding: ContentCoding,
  options: UndoCodingOptions,
): { readonly decoded: ReadableStream<Uint8Array>; readonly drained: Promise<void> } {
  const { readable, writable } =
    coding === 'zstd' ? zstdDecoder(options.reserve) : decompression(coding)
  return { decoded: readable, drained: feed(writable.getWriter(), source, options) }
}

async function feed(
  writer: WritableStreamDefaultWriter<Uint8Array>,
  source: ReadableStream<Uint8Array>,
  { limitBytes, idle, signal }: UndoCodingOptions,
): Promise<void> {
  let bytes = 0
  let isFed = true
  // The reader sees the error in the decoded stream.
  const giveUp = () => void (isFed = false)
  writer.closed.catch(giveUp)
  // Blocks do not watch the first read; a decoder holds memory from the start.
  idle?.start()
  try {
    for await (const block of blocksOf(source, 0, { idle, signal })) {
      bytes += block.length
      if (isFed) await writer.write(block).catch(giveUp)
      if (bytes > limitBytes) break
    }
    if (isFed) await writer.close().catch(giveUp)
  } catch (error) {
    await writer.abort(error).catch(giveUp)
  }
}

function decompression(
  coding: Exclude<ContentCoding, 'zstd'>,
): ReadableWritablePair<Uint8Array, Uint8Array> {
  return new DecompressionStream(coding) as ReadableWritablePair<Uint8Array, Uint8Array>
}
