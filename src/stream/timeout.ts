/**
 * Work that may take so long, and is told by its signal when the time is over. Unlike with
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
