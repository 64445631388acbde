import { Held } from './held.ts'
import type { Memory } from './memory-budget.ts'

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
  memory?: Memory,
): Promise<Peeked> {
  const held = new Held(source ?? new Response('').body!, memory)
  const decoder = new TextDecoder()
  let text = ''
  while (held.length <= limitBytes && !isEnough(text)) {
    const part = await held.read()
    if (part === undefined) break
    text += decoder.decode(part, { stream: true })
  }
  return { text, stream: () => held.stream(), cancel: () => held.cancel() }
}
