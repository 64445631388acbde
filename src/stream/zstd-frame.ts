const MAGIC = [0x28, 0xb5, 0x2f, 0xfd]
/** The largest block of a frame (RFC 8878, 3.1.1.2.4); a smaller window would limit it. */
export const SMALL_WINDOW_BYTES = 131_072
/** `Window_Descriptor` of a window of 128 KiB (RFC 8878, 3.1.1.1.2). */
const SMALL_WINDOW = (17 - 10) << 3
const WINDOW_AT = MAGIC.length + 1

/**
 * The size of the window that a frame needs; undefined if its header is not complete
 * (RFC 8878, 3.1.1.1). A frame in a single segment has a window of its own size.
 */
export function windowBytes(head: Uint8Array): number | undefined {
  const [descriptor, first] = head.subarray(MAGIC.length)
  if (descriptor === undefined || first === undefined) return undefined
  if (!MAGIC.every((byte, at) => head[at] === byte)) return 0
  if (!isSingleSegment(descriptor)) return 2 ** (10 + (first >> 3)) * (1 + (first & 7) / 8)
  const start = MAGIC.length + 1 + [0, 1, 2, 4][descriptor & 3]!
  const sizeBytes = [1, 2, 4, 8][descriptor >> 6]!
  if (head.length < start + sizeBytes) return undefined
  const size = head.subarray(start, start + sizeBytes)
  const bytes = size.reduceRight((above, byte) => above * 256 + byte, 0)
  return sizeBytes === 2 ? bytes + 256 : bytes
}

/**
 * The beginning of a frame with a complete header, changed to the small window. Up to the window's
 * size, it decodes to the same bytes. Undefined for a frame in a single segment, which has no window
 * to change.
 */
export function withSmallWindow(head: Uint8Array): Uint8Array | undefined {
  if (isSingleSegment(head[MAGIC.length]!)) return undefined
  const changed = new Uint8Array(head)
  changed[WINDOW_AT] = SMALL_WINDOW
  return changed
}

const isSingleSegment = (descriptor: number) => (descriptor & 0x20) !== 0
