import type { Memory } from './memory-budget.ts'
import { concatenate } from './sse.ts'

/** A body that was read whole, or one too large for that, with all its bytes still to come. */
export type Taken = { readonly whole: Uint8Array } | { readonly stream: ReadableStream<Uint8Array> }

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
  const reader = source.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  const drop = () => {
    for (const part of parts.splice(0)) memory?.release(part.length)
  }
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) {
        const whole = concatenate(parts)
        drop()
        return { whole }
      }
      parts.push(value)
      memory?.take(value.length)
      length += value.length
      if (length > limitBytes || memory?.isShort) break
    }
  } catch (error) {
    drop()
    throw error
  }
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = parts.shift()
      if (part !== undefined) {
        memory?.release(part.length)
        return controller.enqueue(part)
      }
      const { done, value } = await reader.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel(reason) {
      drop()
      await reader.cancel(reason)
    },
  })
  return { stream }
}
