import { Held } from './held.ts'
import type { Memory } from './memory-budget.ts'
import { FrameSplitter } from './sse.ts'

/** The beginning of a body that was looked at, and all of it still to be handed on. */
export interface Peeked {
  /** What was looked for, as text; "" where it is not there. */
  readonly text: string
  /** The whole body from its first byte on. */
  readonly stream: () => ReadableStream<Uint8Array>
  readonly cancel: () => Promise<void>
}

/** Reads a body to its end, or until `limitBytes` are read. */
export async function peekWhole(
  source: ReadableStream<Uint8Array> | null,
  limitBytes: number,
  memory?: Memory,
): Promise<Peeked> {
  const decoder = new TextDecoder()
  let text = ''
  const held = await readUntil(source, limitBytes, memory, (part) => {
    text += decoder.decode(part, { stream: true })
    return false
  })
  return peeked(held, text)
}

/** Reads a stream until one complete event is what is looked for, it ends, or `limitBytes` are read. */
export async function peekEvent(
  source: ReadableStream<Uint8Array> | null,
  limitBytes: number,
  isWanted: (event: string) => boolean,
  memory?: Memory,
): Promise<Peeked> {
  // An event can take many reads; each byte is looked at once.
  const splitter = new FrameSplitter(limitBytes)
  let found = ''
  const held = await readUntil(source, limitBytes, memory, (part) => {
    const events = splitter.push(part).filter(({ whole }) => whole)
    found = events.map(({ bytes }) => new TextDecoder().decode(bytes)).find(isWanted) ?? ''
    return found !== ''
  })
  return peeked(held, found)
}

async function readUntil(
  source: ReadableStream<Uint8Array> | null,
  limitBytes: number,
  memory: Memory | undefined,
  isEnough: (part: Uint8Array) => boolean,
): Promise<Held> {
  const held = new Held(source ?? new Response('').body!, memory)
  while (held.length <= limitBytes) {
    const part = await held.read()
    if (part === undefined || isEnough(part)) break
  }
  return held
}

function peeked(held: Held, text: string): Peeked {
  return { text, stream: () => held.stream(), cancel: () => held.cancel() }
}
