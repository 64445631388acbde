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
