/** The beginning of a body that was looked at, and all of it still to be handed on. */
export interface Peeked {
  /** What was read, as text. */
  readonly text: string
  /** The whole body from its first byte on. */
  readonly stream: () => ReadableStream<Uint8Array>
  readonly cancel: () => Promise<void>
}

/** Reads a body until there is enough of it, it ends, or `limitBytes` are read. */
export async function peek(
  source: ReadableStream<Uint8Array> | null,
  limitBytes: number,
  isEnough: (text: string) => boolean,
): Promise<Peeked> {
  const reader = (source ?? new Response('').body!).getReader()
  const decoder = new TextDecoder()
  const parts: Uint8Array[] = []
  let [text, length, ended] = ['', 0, false]
  while (length <= limitBytes && !isEnough(text)) {
    const { done, value } = await reader.read()
    ended = done
    if (done) break
    parts.push(value)
    length += value.length
    text += decoder.decode(value, { stream: true })
  }
  return {
    text,
    stream: () =>
      new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            const part = parts.shift()
            if (part !== undefined) return controller.enqueue(part)
            const { done, value } = ended ? { done: true, value: undefined } : await reader.read()
            if (done || value === undefined) controller.close()
            else controller.enqueue(value)
          },
          cancel: (reason) => reader.cancel(reason),
        },
        { highWaterMark: 0 },
      ),
    cancel: () => reader.cancel(),
  }
}
