import { env as bindings, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { completion } from '../support/fake-litellm.ts'
import { chat, gateway, QDRANT_ONLY } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const NOW = 1_790_000_000_000
const SECOND_MS = 1_000

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** A gateway that records requests in the real Durable Object. */
function explaining({ env = {}, ...options }: GatewayOptions = {}) {
  const made = gateway({
    ...options,
    env: { ...QDRANT_ONLY, RECENT_REQUESTS: bindings.RECENT_REQUESTS, ...env },
  })
  /** Sends a request that wants to know why it was a miss; what the headers say. */
  const ask = async (body: unknown, headers: Record<string, string> = {}, path = CHAT) => {
    const answer = await made.post(path, body, { 'x-cache-explain': '1', ...headers })
    const text = await answer.text()
    await made.settled()
    const why = answer.headers.get('x-cache-explanation')
    return { answer, text, outcome: answer.headers.get('x-cache'), why }
  }
  return { ...made, ask, why: async (...asked: Parameters<typeof ask>) => (await ask(...asked)).why }
}

const id = (name: string) => ({ 'x-request-id': name })
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * SECOND_MS)
const system = (content: string) =>
  chat({
    messages: [
      { role: 'system', content },
      { role: 'user', content: 'Why is the sky blue?' },
    ],
  })

describe('the explanation of a miss', () => {
  it('names a time stamp in the system prompt as what differs from the last request', async () => {
    const { why } = explaining()
    await why(system('You are kind.\nIt is Sunday, 29 November, 10:35.'), id('req-1'))
    later(12)
    expect(await why(system('You are kind.\nIt is Monday, 30 November, 09:12.'))).toBe(
      'differs from request req-1 12 s ago: messages[0].content, line 2: only a time stamp, an id or a number',
    )
  })
})
