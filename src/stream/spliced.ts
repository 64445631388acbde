import type { Memory } from './memory-budget.ts'

/** A range of bytes and its replacement. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly bytes: Uint8Array
}

/** The length of the parts after the edits, in bytes. */
export function splicedLength(parts: readonly Uint8Array[], edits: readonly Edit[]): number {
  const length = parts.reduce((bytes, part) => bytes + part.length, 0)
  return edits.reduce(
    (bytes, { start, end, bytes: put }) => bytes - (end - start) + put.length,
    length,
  )
}

/**
 * Streams the parts with the edits applied, without copying. Removes each part from the list as it
 * is read, and releases it from `memory`. Edits must not overlap.
 */
export function spliced(
  parts: Uint8Array[],
  edits: readonly Edit[],
  memory?: Memory,
): ReadableStream<Uint8Array> {
  const left = [...edits].sort((a, b) => a.start - b.start)
  let at = 0
  /** The end of an edit that reaches beyond its part. */
  let skipTo = 0

  function* editedPart(part: Uint8Array): Generator<Uint8Array> {
    const end = at + part.length
    let from = Math.max(at, Math.min(skipTo, end))
    for (;;) {
      const edit = left[0]
      // An insertion at the end of this part is made here, because this may be the last part.
      if (edit === undefined || edit.start > end || (edit.start === end && edit.end > end)) break
      left.shift()
      if (edit.start > from) yield part.subarray(from - at, edit.start - at)
      if (edit.bytes.length > 0) yield edit.bytes
      skipTo = edit.end
      from = Math.min(edit.end, end)
    }
    if (from < end) yield part.subarray(from - at)
    at = end
  }

  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        for (;;) {
          const part = parts.shift()
          if (part === undefined) return controller.close()
          memory?.release(part.length)
          const pieces = [...editedPart(part)]
          for (const piece of pieces) controller.enqueue(piece)
          if (pieces.length > 0) return
        }
      },
      cancel() {
        for (const part of parts.splice(0)) memory?.release(part.length)
      },
    },
    { highWaterMark: 0 },
  )
}
