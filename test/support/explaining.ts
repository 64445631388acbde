import { env as bindings } from 'cloudflare:test'
import type { RecentRequestsNamespace } from '../../src/explain/client.ts'
import { gateway, QDRANT_ONLY } from './gateway.ts'
import type { GatewayOptions } from './gateway.ts'

const CHAT = '/v1/chat/completions'

/** A gateway that records requests in real Durable Objects, with a way to ask why one was a miss. */
export function explaining({ env = {}, ...options }: GatewayOptions = {}) {
  const made = gateway({
    ...options,
    // Without near tiers, so that a test can change what Qdrant holds.
    env: { ...QDRANT_ONLY, RECENT_REQUESTS: bindings.RECENT_REQUESTS, ...env },
  })
  /** Sends a request that wants to be explained, and waits for the work behind its answer. */
  const ask = async (body: unknown, headers: Record<string, string> = {}, path = CHAT) => {
    const answer = await made.post(path, body, { 'x-cache-explain': '1', ...headers })
    const text = await answer.text()
    await made.settled()
    const why = answer.headers.get('x-cache-explanation')
    return { answer, text, outcome: answer.headers.get('x-cache'), why }
  }
  const why = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).why
  return { ...made, ask, why }
}

/** A namespace whose objects do what `call` says, and how often they were called. */
export function recentObjects(call: (method: string) => Promise<undefined>) {
  const calls: string[] = []
  const method = (name: string) => () => {
    calls.push(name)
    return call(name)
  }
  const namespace: RecentRequestsNamespace = {
    getByName: () => ({
      record: method('record'),
      recordAll: method('recordAll'),
      fingerprints: async () => (await method('fingerprints')()) ?? [],
      nearest: method('nearest'),
      find: async () => undefined,
      forget: async () => 0,
    }),
    jurisdiction: () => namespace,
  }
  return { namespace, calls }
}
