/** The codings that can be undone here (RFC 9110, 8.4.1). */
export type ContentCoding = 'gzip' | 'deflate'

/**
 * The coding of a body; undefined for none. Throws a `RangeError` for one that can't be undone, and for
 * more than one. `x-gzip` is another name of `gzip` (RFC 9110, 8.4.1.3).
 */
export function contentCoding(field: string | null): ContentCoding | undefined {
  const name = (field ?? '').trim().toLowerCase()
  if (name === '' || name === 'identity') return undefined
  if (name === 'gzip' || name === 'x-gzip') return 'gzip'
  if (name === 'deflate') return 'deflate'
  throw new RangeError('The content coding is not known.')
}

/**
 * The bytes that were coded. Errors on data that is cut off, broken, or followed by more; `deflate` is
 * the zlib format. The source stays open then, to be drained.
 */
export function undoCoding(
  source: ReadableStream<Uint8Array>,
  coding: ContentCoding,
): ReadableStream<Uint8Array> {
  const decoder = new DecompressionStream(coding) as TransformStream<Uint8Array, Uint8Array>
  return source.pipeThrough(decoder, { preventCancel: true })
}
