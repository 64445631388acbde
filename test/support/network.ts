import { onTestFinished, vi } from 'vitest'

/** Anything that answers requests, as a Hono app does. */
export interface Host {
  fetch(request: Request): Response | Promise<Response>
}

/**
 * Replaces the network until the test ends. A host that is not listed, or is `undefined`, throws.
 * Connections that are open when the test ends are lost, except with `unbound`: the signals of a test
 * cannot reach connections that a Durable Object makes.
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
    if (unbound) {
      const response = await host.fetch(request)
      return new Response(response.body?.pipeThrough(cutAsNetworksDo()), response)
    }
    const signal = AbortSignal.any([request.signal, cut.signal])
    signal.throwIfAborted()
    const lost = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    lost.catch(() => {})
    const response = await Promise.race([host.fetch(request), lost])
    // As on a real connection, an abort also ends the body.
    const body = response.body?.pipeThrough(cutAsNetworksDo())
    return new Response(body && untilLost(body, lost), response)
  })
}

/** The most that workerd returns in one read. */
const LONGEST_READ_BYTES = 4_096
const [LF, CR] = [0x0a, 0x0d]

/** The number of cuts inside characters and line ends; more would only take time. */
const UNKIND_CUTS = 100

/** Cuts a body as networks do: into 4 KiB reads, inside characters, and between CR and LF. */
function cutAsNetworksDo(): TransformStream<Uint8Array, Uint8Array> {
  let left = UNKIND_CUTS
  return new TransformStream({
    transform(chunk, controller) {
      let start = 0
      for (let at = 1; at <= chunk.length; at += 1) {
        const isFull = at - start === LONGEST_READ_BYTES
        const isInLineEnd = chunk[at - 1] === CR && chunk[at] === LF
        const isInCharacter = ((chunk[at] ?? 0) & 0xc0) === 0x80
        const isUnkind = left > 0 && (isInLineEnd || isInCharacter)
        if (!isFull && !isUnkind && at < chunk.length) continue
        if (isUnkind) left -= 1
        controller.enqueue(chunk.slice(start, at))
        start = at
      }
    },
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
