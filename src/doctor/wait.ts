/** Resolves after some ms. Rejects when the signal fires. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>

/** Waits by the clock. */
export const wait: Wait = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (ms === 0) return resolve()
    const abort = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal.addEventListener('abort', abort, { once: true })
  })
