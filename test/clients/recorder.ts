import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request of a client, as it came over the wire, and the gateway's answer. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly status: number
  readonly answer: IncomingHttpHeaders
  /** By `performance.now()`. */
  readonly sentAt: number
  readonly answeredAt: number
}

/** A server between a client and the gateway, so that the client itself stays unmodified. */
export interface Recorder {
  readonly url: string
  /** Every exchange whose request contains this text in its body or in a header. */
  of(text: string): Exchange[]
  close(): void
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host'])

/** Starts a recorder that passes every byte on to the gateway at `target`, and back. */
export async function recorder(target: string): Promise<Recorder> {
  const seen: Exchange[] = []
  const server = createServer((request, response) => void passOn(request, response))
  const passOn = async (request: IncomingMessage, response: ServerResponse) => {
    const sentAt = performance.now()
    const body = Buffer.concat(await Array.fromAsync(request))
    const { method = '', url: path = '', headers } = request
    const upstream = httpRequest(target + path, { method, headers: endToEnd(headers) })
    // A client that leaves is one that leaves the gateway, too.
    response.on('close', () => upstream.destroy())
    upstream.on('error', () => response.destroy())
    upstream.on('response', (answer) => {
      const { statusCode: status = 0, headers: answered } = answer
      const answeredAt = performance.now()
      seen.push({ method, path, headers, body, status, answer: answered, sentAt, answeredAt })
      response.writeHead(status, endToEnd(answered))
      answer.on('error', () => response.destroy())
      answer.pipe(response)
    })
    upstream.end(body)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    of: (text) =>
      seen.filter(
        ({ body, headers }) =>
          body.includes(text) || Object.values(headers).some((value) => value?.includes(text)),
      ),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)))

/** A lookup takes a few milliseconds, and storing not much longer. */
const MAX_LOOKUPS = 200

/** What the cache alone answers to the same request: 200, or 504 if nothing is stored. */
export async function lookup(gateway: string, { path, headers, body }: Exchange): Promise<number> {
  const request = httpRequest(gateway + path, {
    method: 'POST',
    headers: { ...endToEnd(headers), 'cache-control': 'only-if-cached' },
  })
  request.end(body)
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  answer.resume()
  await once(answer, 'end')
  return answer.statusCode ?? 0
}

/** Resolves when the cache can answer all of these: answers are stored after their last byte. */
export async function stored(gateway: string, exchanges: readonly Exchange[]): Promise<void> {
  for (const exchange of exchanges) {
    let lookups = 1
    while ((await lookup(gateway, exchange)) !== 200) {
      if (lookups === MAX_LOOKUPS) throw new Error(`Never stored: ${exchange.body.toString()}`)
      lookups += 1
    }
  }
}
