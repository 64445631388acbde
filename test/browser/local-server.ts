import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface LocalServer {
  /** Without a slash at its end. */
  readonly url: string
  stop(): void
}

/** Answers requests on a free port of this machine. */
export async function startServer(
  answer: (request: Request) => Response | Promise<Response>,
): Promise<LocalServer> {
  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing, answer).catch((error: Error) => outgoing.destroy(error))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: Request) => Response | Promise<Response>,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming
  const body = await buffer(incoming)
  const response = await answer(
    new Request(`http://127.0.0.1${url}`, {
      method,
      headers: new Headers(Object.entries(headers) as [string, string][]),
      ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
    }),
  )
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}
