/** What waits to be sent. Its owner adds to it, and bounds it. */
export interface Queue<Batch> {
  /** 0 if there is nothing to send. */
  readonly size: number
  /** Everything that waits. The queue is empty afterwards. */
  take(): Batch
}

export interface BatchingOptions<Batch> {
  readonly queue: Queue<Batch>
  /** Sends a batch, within `timeoutMs`. If it rejects, the batch is lost. */
  readonly send: (batch: Batch) => Promise<void>
  /** Called with a batch that was not sent, and why. */
  readonly onLost: (batch: Batch, why: unknown) => void
  /** A queue of this size is sent without waiting. */
  readonly batchSize: number
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
 * Sends what the requests of an isolate leave behind, in batches. Requests share plain data only, so
 * the first request of a batch waits for the others in its own `waitUntil`, and sends all of it over
 * its own connection.
 */
export class Batching<Batch> {
  /** When the request that has promised to send the queue does so, epoch ms; undefined without one. */
  private dueAt: number | undefined
  /** When each batch on its way stops holding up others, epoch ms. */
  private sendingUntil: number[] = []
  private pausedUntil = 0
  private readonly options: BatchingOptions<Batch>

  constructor(options: BatchingOptions<Batch>) {
    this.options = options
  }

  /**
   * Sends the queue when it is due or full; for `waitUntil`. Undefined if there is nothing to do, or
   * another request has promised to do it. Never rejects.
   */
  flush(): Promise<void> | undefined {
    const { queue, batchSize, now } = this.options
    if (queue.size === 0) return undefined
    if (queue.size >= batchSize && !this.isBusy()) return this.send()
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
    const { queue, send, onLost, timeoutMs, now } = this.options
    if (queue.size === 0) return
    const batch = queue.take()
    const until = now() + timeoutMs
    this.sendingUntil.push(until)
    try {
      await send(batch)
    } catch (error) {
      this.pausedUntil = now() + PAUSE_MS
      onLost(batch, error)
    } finally {
      const at = this.sendingUntil.indexOf(until)
      if (at >= 0) this.sendingUntil.splice(at, 1)
    }
  }
}
