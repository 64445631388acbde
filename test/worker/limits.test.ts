import { env as bindings } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import type { Limiter } from '../../src/auth/rate-limit.ts'
import { litellmError } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => vi.restoreAllMocks())

/** Allows each key `times` requests. */
function limiter(times: number): Limiter & { seen: string[] } {
  const seen: string[] = []
  return {
    seen,
    async limit({ key }) {
      seen.push(key)
      return { success: seen.filter((one) => one === key).length <= times }
    },
  }
}

/** A gateway with rate limits and one key of each class. */
async function limitedGateway(over: Record<string, unknown> = {}) {
  const keys = [
    { sha256: await sha256('standard key'), tenant: 'acme' },
    { sha256: await sha256('high key'), tenant: 'acme', limit: 'high' },
  ]
  const limits = {
    RATE_LIMIT_STANDARD: limiter(2),
    RATE_LIMIT_HIGH: limiter(3),
    RATE_LIMIT_ADDRESS: limiter(2),
  }
  const made = gateway({
    withKey: false,
    env: {
      ENVIRONMENT: 'production',
      AUTH_MODE: 'keys',
      GATEWAY_KEYS: JSON.stringify(keys),
      ...limits,
      ...over,
    },
  })
  const statuses = async (times: number, headers: Record<string, string>) => {
    const seen: number[] = []
    for (let n = 0; n < times; n += 1) seen.push((await made.post(CHAT, chat(), headers)).status)
    return seen
  }
  return { ...made, ...limits, statuses }
}

describe('rate limits', () => {
  it('count each key in its class and answer 429 with Retry-After past the limit', async () => {
    const { post, statuses, RATE_LIMIT_STANDARD, litellm } = await limitedGateway()
    expect(await statuses(3, { 'x-api-key': 'standard key' })).toEqual([200, 200, 429])
    expect(await statuses(4, { 'x-api-key': 'high key' })).toEqual([200, 200, 200, 429])
    const refused = await post(CHAT, chat({ seed: 1 }), { 'x-api-key': 'standard key' })
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(await refused.json()).toMatchObject({
      error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    })
    expect(new Set(RATE_LIMIT_STANDARD.seen)).toEqual(new Set([await sha256('standard key')]))
    expect(litellm.asked.every(({ body }) => body['seed'] === undefined)).toBe(true)
  })

  it('apply to /v1/models', async () => {
    const { get } = await limitedGateway()
    const ask = async () => (await get('/v1/models', { 'x-api-key': 'standard key' })).status
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429])
  })

  it('count unknown keys by client address, an IPv6 /64 as one', async () => {
    const { statuses } = await limitedGateway()
    const from = (address: string, key?: string) => ({
      'cf-connecting-ip': address,
      ...(key === undefined ? {} : bearer(key)),
    })
    expect(await statuses(2, from('192.0.2.1', 'guess-1'))).toEqual([401, 401])
    expect(await statuses(1, from('192.0.2.1', 'guess-3'))).toEqual([429])
    // A request without a key guesses nothing, so it is not counted.
    expect(await statuses(5, from('192.0.2.1'))).toEqual([401, 401, 401, 401, 401])
    expect(await statuses(1, from('192.0.2.2', 'guess-2'))).toEqual([401])
    // One subscriber has a whole /64 of IPv6 addresses.
    expect(await statuses(2, from('2001:db8::1', 'guess'))).toEqual([401, 401])
    expect(await statuses(1, from('2001:db8:0:0:ffff::2', 'guess'))).toEqual([429])
    expect(await statuses(1, from('2001:db8:0:1::1', 'guess'))).toEqual([401])
    // A valid key is not limited by guesses from the same address.
    const good = { ...from('192.0.2.1'), 'x-api-key': 'standard key' }
    expect(await statuses(1, good)).toEqual([200])
  })

  it('stop key guessing before it reaches LiteLLM, and let known keys pass', async () => {
    const { post, litellm, settled } = await limitedGateway({ AUTH_MODE: 'litellm' })
    const from = (key: string) => ({ ...bearer(key), 'cf-connecting-ip': '192.0.2.1' })
    const good = `sk-${crypto.randomUUID()}`
    expect((await post(CHAT, chat(), from(good))).status).toBe(200)
    await settled()
    litellm.models = () => litellmError(401, 'auth_error')
    const guesses = [1, 2, 3, 4].map((n) => `sk-guess-${n}-${crypto.randomUUID()}`)
    const seen: number[] = []
    for (const guess of guesses) seen.push((await post(CHAT, chat(), from(guess))).status)
    expect(seen).toEqual([401, 401, 429, 429])
    expect(litellm.checked).toHaveLength(4)
    expect((await post(CHAT, chat(), from(good))).status).toBe(200)
  })

  it('do not count a valid key by address, however many concurrent requests use it', async () => {
    const { post, RATE_LIMIT_ADDRESS } = await limitedGateway({
      AUTH_MODE: 'litellm',
      RATE_LIMIT_STANDARD: undefined,
    })
    const headers = { ...bearer(`sk-${crypto.randomUUID()}`), 'cf-connecting-ip': '192.0.2.1' }
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => post(CHAT, chat(), headers)))
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(RATE_LIMIT_ADDRESS.seen).toEqual([])
  })

  it('do not count a key by address if LiteLLM fails or limits its check', async () => {
    const { post, litellm, RATE_LIMIT_ADDRESS } = await limitedGateway({ AUTH_MODE: 'litellm' })
    const from = { 'cf-connecting-ip': '192.0.2.1' }
    for (const status of [429, 500]) {
      litellm.models = () => litellmError(status, 'busy')
      const key = bearer(`sk-${crypto.randomUUID()}`)
      expect((await post(CHAT, chat(), { ...key, ...from })).status).toBe(503)
    }
    expect(RATE_LIMIT_ADDRESS.seen).toEqual([])
  })

  it('apply to guesses of ADMIN_KEY', async () => {
    const { get } = await limitedGateway({ ADMIN_KEY: 'admin' })
    const ask = async (key: string) =>
      (await get('/health?verbose', { ...bearer(key), 'cf-connecting-ip': '192.0.2.1' })).status
    expect([await ask('a'), await ask('b'), await ask('c'), await ask('admin')]).toEqual([
      200, 200, 429, 429,
    ])
  })

  it('send RATE_LIMIT_PERIOD_SECONDS as Retry-After', async () => {
    const { post, statuses } = await limitedGateway({ RATE_LIMIT_PERIOD_SECONDS: '10' })
    await statuses(2, { 'x-api-key': 'standard key' })
    const refused = await post(CHAT, chat(), { 'x-api-key': 'standard key' })
    expect(refused.headers.get('retry-after')).toBe('10')
  })

  it('are off with AUTH_MODE=none', async () => {
    const { statuses } = await limitedGateway({ ENVIRONMENT: 'development', AUTH_MODE: 'none' })
    expect(await statuses(4, { 'cf-connecting-ip': '192.0.2.1' })).toEqual([200, 200, 200, 200])
  })

  it('let every request pass if the binding fails or is missing', async () => {
    const failing = { limit: () => Promise.reject(new Error('no')) }
    for (const RATE_LIMIT_STANDARD of [failing, undefined]) {
      const { statuses } = await limitedGateway({ RATE_LIMIT_STANDARD })
      expect(await statuses(4, { 'x-api-key': 'standard key' })).toEqual([200, 200, 200, 200])
    }
  })

  it("work with Cloudflare's binding as configured in wrangler.toml", async () => {
    const { statuses } = await limitedGateway({
      RATE_LIMIT_ADDRESS: bindings.RATE_LIMIT_ADDRESS,
    })
    const from = { ...bearer('guess'), 'cf-connecting-ip': '192.0.2.1' }
    // Enough for two periods, in case one ends meanwhile.
    expect(new Set(await statuses(121, from))).toEqual(new Set([401, 429]))
  })
})
