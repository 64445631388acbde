import type { Memory } from './memory-budget.ts'
import { concatenate } from './sse.ts'

/** What was read of a body: the parts count as held until they are handed on, or dropped. */
class BufferedBody {
  readonly parts: Uint8Array[] = []
  /** Of all that was read. */
  length = 0
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>
  private readonly memory: Memory | undefined

  constructor(source: ReadableStream<Uint8Array>, memory: Memory | undefined) {
    this.reader = source.getReader()
    this.memory = memory
  }

  /** The next part, held as well; undefined at the end. What breaks holds nothing any more. */
  async read(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.reader.read().catch((error: unknown) => {
      this.drop()
      throw error
    })
    if (done) return undefined
    this.parts.push(value)
    this.length += value.length
    this.memory?.take(value.length)
    return value
  }

  /** All of the body from its first byte on: what is held, then the rest as it comes. */
  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const part = this.parts.shift()
          if (part !== undefined) {
            this.memory?.release(part.length)
            return controller.enqueue(part)
          }
          const { done, value } = await this.reader.read()
          if (done) controller.close()
          else controller.enqueue(value)
        },
        cancel: (reason) => this.cancel(reason),
      },
      { highWaterMark: 0 },
    )
  }

  drop(): void {
    for (const part of this.parts.splice(0)) this.memory?.release(part.length)
  }

  async cancel(reason?: unknown): Promise<void> {
    this.drop()
    await this.reader.cancel(reason)
  }
}

/** A body that was read whole, or one too large for that, with all its bytes still to come. */
export type ReadBody =
  | { readonly whole: Uint8Array<ArrayBuffer> }
  | { readonly stream: ReadableStream<Uint8Array> }

/**
 * Reads a body up to `limitBytes`; past it, or when memory is short, hands on what was read and then
 * the rest. What is held meanwhile counts in `memory`.
 */
export async function readUpTo(
  source: ReadableStream<Uint8Array> | null,
  limitBytes: number,
  memory?: Memory,
): Promise<ReadBody> {
  if (source === null) return { whole: new Uint8Array(0) }
  const held = new BufferedBody(source, memory)
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
export async function readWhole(
  source: ReadableStream<Uint8Array> | null,
  limitBytes: number,
  memory?: Memory,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const taken = await readUpTo(source, limitBytes, memory).catch(() => undefined)
  if (taken !== undefined && 'whole' in taken) return taken.whole
  taken?.stream.cancel().catch(() => {})
  return undefined
}
