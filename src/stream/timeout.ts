/**
 * Runs work with a time limit; its signal fires when the time is up. Unlike `AbortSignal.timeout`,
 * it clears its timer when the work is done: isolates limit their timers.
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

/** Whether an error is a time-out of `withTimeout`. */
export function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError'
}

/** Rejects when the signal fires, for work that takes no signal itself. */
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

/** Is told when waits begin and end. */
export interface Waits {
  start(): void
  pause(): void
}

/**
 * Limits the length of waits in quick succession, such as those between the chunks of a stream. One
 * timer serves all of them: a new timer per chunk costs more than passing the chunk on.
 */
export class IdleTimer implements Waits {
  /** When the current wait began, epoch ms; undefined between waits. */
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

  /** Starts a wait. */
  start(): void {
    this.since = this.now()
    this.timer ??= setTimeout(() => this.check(), this.idleMs)
  }

  /** Ends the wait; another one may start. */
  pause(): void {
    this.since = undefined
  }

  /** Stops the timer for good. */
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
