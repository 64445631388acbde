import { concatenate } from './sse.ts'

/** A body that was read whole, or one too large for that, with all its bytes still to come. */
export type Taken = { readonly whole: Uint8Array } | { readonly stream: ReadableStream<Uint8Array> }

/** Reads a body up to `limitBytes`; past it, hands on what was read and then the rest. */
export async function take(
  source: ReadableStream<Uint8Array> | null,
  limitBytes: number,
): Promise<Taken> {
  if (source === null) return { whole: new Uint8Array(0) }
  const reader = source.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return { whole: concatenate(parts) }
    parts.push(value)
    length += value.length
    if (length > limitBytes) break
  }
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = parts.shift()
      if (part !== undefined) return controller.enqueue(part)
      const { done, value } = await reader.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return { stream }
}
