import { Held } from './buffered-body.ts'
import type { Memory } from './memory-budget.ts'
import { concatenate } from './sse.ts'

/** A body that was read whole, or one too large for that, with all its bytes still to come. */
export type Taken =
  | { readonly whole: Uint8Array<ArrayBuffer> }
  | { readonly stream: ReadableStream<Uint8Array> }

/**
 * Reads a body up to `limitBytes`; past it, or when memory is short, hands on what was read and then
 * the rest. What is held meanwhile counts in `memory`.
 */
export async function take(
  source: ReadableStream<Uint8Array> | null,
  limitBytes: number,
  memory?: Memory,
): Promise<Taken> {
  if (source === null) return { whole: new Uint8Array(0) }
  const held = new Held(source, memory)
  for (;;) {
    const part = await held.read()
    if (part === undefined) {
      const whole = concatenate(held.parts)
      held.drop()
      return { whole }
    }
    if (held.length > limitBytes || memory?.isShort) return { stream: held.stream() }
  }
}

/** A body that can be had whole: undefined where it breaks off, is too large, or memory is short. */
export async function takeWhole(
  source: ReadableStream<Uint8Array> | null,
  limitBytes: number,
  memory?: Memory,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const taken = await take(source, limitBytes, memory).catch(() => undefined)
  if (taken !== undefined && 'whole' in taken) return taken.whole
  taken?.stream.cancel().catch(() => {})
  return undefined
}
