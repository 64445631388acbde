import type { Memory } from './memory-budget.ts'
import { concatenate } from './sse.ts'
import { isTimeout, untilAborted, withTimeout } from './timeout.ts'

/** The parts of a body that were read. They count as held until they are passed on or dropped. */
class BufferedBody {
  readonly parts: Uint8Array[] = []
  /** The length of all parts read. */
  length = 0
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>
  private readonly memory: Memory | undefined
  /** The last read, which may not have ended. */
  private reading: Promise<unknown> | undefined

  constructor(source: ReadableStream<Uint8Array>, memory: Memory | undefined) {
    this.reader = source.getReader()
    this.memory = memory
  }

  /** Reads and holds the next part; undefined at the end. If the source breaks, drops all parts. */
  read(): Promise<Uint8Array | undefined> {
    const reading = this.readPart()
    this.reading = reading
    return reading
  }

  private async readPart(): Promise<Uint8Array | undefined> {
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

  /** The complete body: the parts held, then the rest of the source. */
  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          await this.reading
          this.reading = undefined
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

/** A body that was read completely, or, if it is too large, a stream of all its bytes. */
export type ReadBody =
  | { readonly whole: Uint8Array<ArrayBuffer> }
  | { readonly stream: ReadableStream<Uint8Array> }

/**
 * Reads a body up to `limitBytes`. Past the limit, if memory is short, or if the end has not come
 * within `withinMs`, returns a stream of what was read and the rest. Bytes held count in `memory`.
 */
export async function readUpTo(
  source: ReadableStream<Uint8Array> | null,
  limitBytes: number,
  memory?: Memory,
  withinMs?: number,
): Promise<ReadBody> {
  if (source === null) return { whole: new Uint8Array(0) }
  const held = new BufferedBody(source, memory)
  if (withinMs === undefined) return readParts(held, limitBytes, memory)
  try {
    return await withTimeout(withinMs, (late) => readParts(held, limitBytes, memory, late))
  } catch (error) {
    if (!isTimeout(error)) throw error
    return { stream: held.stream() }
  }
}

async function readParts(
  held: BufferedBody,
  limitBytes: number,
  memory: Memory | undefined,
  late?: AbortSignal,
): Promise<ReadBody> {
  for (;;) {
    const part = await (late === undefined ? held.read() : untilAborted(held.read(), late))
    if (part === undefined) {
      const whole = concatenate(held.parts)
      held.drop()
      return { whole }
    }
    if (held.length > limitBytes || memory?.isShort) return { stream: held.stream() }
  }
}

/** Reads a body completely; undefined if it breaks off, is too large, or memory is short. */
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
