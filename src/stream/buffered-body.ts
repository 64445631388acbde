import type { Memory } from './memory-budget.ts'

/** What was read of a body: the parts count as held until they are handed on, or dropped. */
export class Held {
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
