const LINE_FEED = 0x0a

/** A line is longer than its limit. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong'
}

/**
 * The lines of a file, each with its line feed; the last one without, if the file has none there.
 * Holds one line at a time. Throws `LineTooLong`.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  longestBytes: number,
): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = []
  let held = 0
  for await (const chunk of chunks) {
    let from = 0
    while (from < chunk.length) {
      const end = chunk.indexOf(LINE_FEED, from)
      const part = chunk.subarray(from, end < 0 ? chunk.length : end + 1)
      held += part.length
      if (held > longestBytes) throw new LineTooLong(`more than ${longestBytes} bytes`)
      parts.push(part)
      from += part.length
      if (end < 0) continue
      yield Buffer.concat(parts)
      parts = []
      held = 0
    }
  }
  if (held > 0) yield Buffer.concat(parts)
}
