export interface BatchingOptions<Item> {
  /** Sends a batch, within `timeoutMs`. If it rejects, the batch is lost. */
  readonly send: (items: readonly Item[]) => Promise<void>
  /** Called with items that were not sent, and why. */
  readonly onLost: (items: readonly Item[], why: unknown) => void
  /** The size of an item, in the unit of the next two. */
  readonly sizeOf: (item: Item) => number
  /** A batch of this size is sent without waiting. */
  readonly batchSize: number
  /** Items that would make the queue larger are dropped. */
  readonly queueSize: number
  /** How long the first item of a batch waits for others. */
  readonly delayMs: number
  /** After this, a batch that is still on its way no longer holds up the next ones. */
  readonly timeoutMs: number
  readonly now: () => number
}

/** So many batches may be on their way at once. The next ones wait in the queue. */
const MOST_SENDING = 2
/** After a failure, nothing is sent for this long. */
const PAUSE_MS = 2_000
/** How long a batch waits for one of those on their way, and how often. All within `waitUntil`'s 30 s. */
const BUSY_MS = 500
const MOST_WAITS = 20
/** A request that has not sent its batch this long after it was due never will: it was cut off. */
const GRACE_MS = 2_000

/**
 * Collects what the requests of an isolate leave behind, and sends it in batches. Requests share plain
 * data only, so the first request of a batch waits for the others in its own `waitUntil`, and sends
 * all of it over its own connection.
 */
export class Batching<Item> {
  private items: Item[] = []
  private size = 0
  /** When the request that has promised to send the queue does so, epoch ms; undefined without one. */
  private dueAt: number | undefined
  /** When each batch on its way stops to hold up others, epoch ms. */
  private sendingUntil: number[] = []
  private pausedUntil = 0
  private readonly options: BatchingOptions<Item>

  constructor(options: BatchingOptions<Item>) {
    this.options = options
  }

  /** Adds an item. Whoever adds one calls `flush` afterwards. */
  add(item: Item): void {
    const { sizeOf, queueSize, onLost } = this.options
    const size = sizeOf(item)
    if (this.size + size > queueSize) return onLost([item], 'the queue is full')
    this.items.push(item)
    this.size += size
  }

  /**
   * Sends the queue when it is due or full; for `waitUntil`. Undefined if there is nothing to do, or
   * another request has promised to do it. Never rejects.
   */
  flush(): Promise<void> | undefined {
    const { batchSize, now } = this.options
    if (this.items.length === 0) return undefined
    if (this.size >= batchSize && !this.isBusy()) return this.send()
    if (this.dueAt !== undefined && now() < this.dueAt + GRACE_MS) return undefined
    return this.sendWhenDue()
  }

  private async sendWhenDue(): Promise<void> {
    let waitMs = this.options.delayMs
    for (let waits = 0; waits < MOST_WAITS; waits += 1) {
      await this.wait(waitMs)
      if (!this.isBusy()) return this.send()
      waitMs = BUSY_MS
    }
  }

  private async wait(waitMs: number): Promise<void> {
    if (waitMs === 0) return
    const dueAt = this.options.now() + waitMs
    this.dueAt = dueAt
    await new Promise((resume) => setTimeout(resume, waitMs))
    if (this.dueAt === dueAt) this.dueAt = undefined
  }

  private isBusy(): boolean {
    const now = this.options.now()
    this.sendingUntil = this.sendingUntil.filter((until) => now < until)
    return this.sendingUntil.length >= MOST_SENDING || now < this.pausedUntil
  }

  private async send(): Promise<void> {
    const { send, onLost, timeoutMs, now } = this.options
    const { items } = this
    if (items.length === 0) return
    this.items = []
    this.size = 0
    const until = now() + timeoutMs
    this.sendingUntil.push(until)
    try {
      await send(items)
    } catch (error) {
      this.pausedUntil = now() + PAUSE_MS
      onLost(items, error)
    } finally {
      const at = this.sendingUntil.indexOf(until)
      if (at >= 0) this.sendingUntil.splice(at, 1)
    }
  }
}
