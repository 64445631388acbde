import { vi } from 'vitest'
import { keyInfo } from './fake-litellm.ts'
import { chat, gateway } from './gateway.ts'
import type { GatewayOptions } from './gateway.ts'

const CHAT = '/v1/chat/completions'
/** When a test begins that sets the clock. */
export const NOW = 1_790_000_000_000

/** A gateway with this scope, and a LiteLLM that knows whose its keys are. */
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
  /** A new key, and whose it is. */
  const issue = (owner: Record<string, unknown> = {}) => {
    const key = `sk-${crypto.randomUUID()}`
    owners.set(key, owner)
    return key
  }
  const sendAs = (key: string, over: Record<string, unknown> = {}) =>
    made.post(CHAT, chat(over), { authorization: `Bearer ${key}` })
  /** Sends a request, and waits for the work behind its answer. */
  const ask = async (key: string, over: Record<string, unknown> = {}) => {
    const answer = await sendAs(key, over)
    await made.settled()
    return answer
  }
  /** What became of one request: `x-cache`, or the status if the caller was not let in. */
  const outcome = async (key: string, over: Record<string, unknown> = {}) => {
    const answer = await ask(key, over)
    return answer.headers.get('x-cache') ?? String(answer.status)
  }
  const tenants = () => [...made.qdrant.points.values()].map((point) => point['tenant'])
  /** Moves the clock to so many ms after the beginning. */
  const at = (ms: number) => vi.setSystemTime(NOW + ms)
  return { ...made, owners, issue, sendAs, ask, outcome, tenants, at }
}
