/**
 * Watches over waits that follow each other quickly, as between the chunks of a stream. However many
 * there are, one clock runs at a time: setting and clearing one for each chunk costs more than
 * passing it on.
 */
export class IdleTimer {
  /** When the wait began, epoch ms; undefined between waits. */
  private since: number | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly idleMs: number
  private readonly onIdle: () => void
  private readonly now: () => number

  /** Calls `onIdle` when a wait takes `idleMs`. */
  constructor(idleMs: number, onIdle: () => void, now: () => number) {
    this.idleMs = idleMs
    this.onIdle = onIdle
    this.now = now
  }

  /** A wait begins. */
  start(): void {
    this.since = this.now()
    this.timer ??= setTimeout(() => this.check(), this.idleMs)
  }

  /** It is over; another one may begin. */
  pause(): void {
    this.since = undefined
  }

  /** No wait will begin any more. */
  stop(): void {
    this.since = undefined
    clearTimeout(this.timer)
  }

  private check(): void {
    this.timer = undefined
    if (this.since === undefined) return
    const leftMs = this.since + this.idleMs - this.now()
    if (leftMs <= 0) this.onIdle()
    else this.timer = setTimeout(() => this.check(), leftMs)
  }
}
