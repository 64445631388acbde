import { vi } from 'vitest'
import { keyInfo } from './fake-litellm.ts'
import { chat, gateway } from './gateway.ts'
import type { GatewayOptions } from './gateway.ts'

const CHAT = '/v1/chat/completions'
/** The start time of tests that set the clock. */
export const NOW = 1_790_000_000_000

/** A gateway with this scope and a LiteLLM that knows the owner of each key. */
export function ownedKeys(
  scope: 'key' | 'team' | 'user' | undefined,
  options: GatewayOptions = {},
) {
  const made = gateway({
    withKey: false,
    ...options,
    env: { ...(scope === undefined ? {} : { CACHE_SCOPE: scope }), ...options.env },
  })
  const owners = new Map<string, Record<string, unknown>>()
  made.litellm.keyInfo = (key) => keyInfo(owners.get(key) ?? {})
  /** A new key with this owner. */
  const issue = (owner: Record<string, unknown> = {}) => {
    const key = `sk-${crypto.randomUUID()}`
    owners.set(key, owner)
    return key
  }
  const sendAs = (key: string, over: Record<string, unknown> = {}) =>
    made.post(CHAT, chat(over), { authorization: `Bearer ${key}` })
  /** Sends a request and waits for the background work. */
  const ask = async (key: string, over: Record<string, unknown> = {}) => {
    const answer = await sendAs(key, over)
    await made.settled()
    return answer
  }
  /** The `x-cache` of a response, or the status if it has none. */
  const outcome = async (key: string, over: Record<string, unknown> = {}) => {
    const answer = await ask(key, over)
    return answer.headers.get('x-cache') ?? String(answer.status)
  }
  const tenants = () => [...made.qdrant.points.values()].map((point) => point['tenant'])
  /** Sets the clock to `ms` after the start. */
  const at = (ms: number) => vi.setSystemTime(NOW + ms)
  return { ...made, owners, issue, sendAs, ask, outcome, tenants, at }
}
