import fc from 'fast-check'
import { BOUNDARY } from './forms.ts'

const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** Content that is full of half boundaries. */
const lookalikes = fc
  .array(
    fc.constantFrom('\r', '\n', '\r\n', '-', '--', '\r\n--', '\r\n--x-bound', 'ary', 'x', '\0'),
  )
  .map((pieces) => encoder.encode(pieces.join('')))

/** Whether content does not contain the boundary, as a client must choose it. */
export const isUnlikeBoundary = (bytes: Uint8Array) =>
  !`\r\n${decoder.decode(bytes)}`.includes(`\r\n--${BOUNDARY}`)

/** Such content, often with parts of the boundary. */
export const unlikeBoundary = fc
  .oneof(lookalikes, fc.uint8Array({ maxLength: 300 }))
  .filter(isUnlikeBoundary)

/** Where a body is cut, for `cutAt`. */
export const cuts = fc.array(fc.nat(), { maxLength: 20 })

/** The chunks of a body that arrives in these cuts. */
export function cutAt(body: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...cuts.map((cut) => cut % (body.length + 1)).sort((a, b) => a - b)]
  return at.map((start, n) => body.subarray(start, at[n + 1] ?? body.length))
}

/** A body that arrives in these chunks. */
export function streamOf(chunks: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
}
