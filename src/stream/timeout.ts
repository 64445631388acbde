/**
 * Runs work with a time limit; its signal fires when the time is up. Unlike with
 * `AbortSignal.timeout`, nothing is left of the clock when the work is done: an isolate counts clocks.
 */
export async function withTimeout<Result>(
  ms: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new DOMException('Too late.', 'TimeoutError')), ms)
  try {
    return await work(late.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Whether work was ended by `withTimeout`. */
export function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError'
}

/** Rejects when the signal fires: not everything that takes time takes a signal. */
export function untilAborted<Value>(work: PromiseLike<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(
      (value) => {
        signal.removeEventListener('abort', abort)
        resolve(value)
      },
      (error: unknown) => {
        signal.removeEventListener('abort', abort)
        reject(error as Error)
      },
    )
  })
}

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

  /** The wait has ended; another one may begin. */
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
