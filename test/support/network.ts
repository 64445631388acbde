import type { Hono } from 'hono'
import { vi } from 'vitest'

/** Anything that answers requests, as a Hono app does. */
export type Host = Pick<Hono, 'fetch'> | { fetch(request: Request): Response | Promise<Response> }

/** Stands in for the network: hosts by name; any other host throws, as does a host set to `undefined`. */
export function network(hosts: Record<string, Host | undefined>): void {
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    const host = hosts[new URL(request.url).hostname]
    if (host === undefined) throw new Error(`Network connection lost: ${request.url}`)
    request.signal.throwIfAborted()
    const aborted = new Promise<never>((_, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason), { once: true })
    })
    return Promise.race([host.fetch(request), aborted])
  })
}
