import { onTestFinished, vi } from 'vitest'

/** Anything that answers requests, as a Hono app does. */
export interface Host {
  fetch(request: Request): Response | Promise<Response>
}

/**
 * Stands in for the network until the test ends: hosts by name; any other host throws, as does a host
 * set to `undefined`. A connection that is still open when the test ends is lost; but not with
 * `unbound`, for connections that a Durable Object makes: what is the test's can't touch them.
 */
export function network(
  hosts: Record<string, Host | undefined>,
  { unbound = false }: { unbound?: boolean } = {},
): void {
  const cut = new AbortController()
  onTestFinished(() => cut.abort(new Error('The test is over.')))
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    const host = hosts[new URL(request.url).hostname]
    if (host === undefined) throw new Error('Network connection lost.')
    if (unbound) return host.fetch(request)
    const signal = AbortSignal.any([request.signal, cut.signal])
    signal.throwIfAborted()
    const lost = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    lost.catch(() => {})
    const response = await Promise.race([host.fetch(request), lost])
    // As on a real connection, whoever aborts loses the rest of the body, too.
    return new Response(response.body && untilLost(response.body, lost), response)
  })
}

function untilLost(
  body: ReadableStream<Uint8Array>,
  lost: Promise<never>,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await Promise.race([reader.read(), lost])
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
