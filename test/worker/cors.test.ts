import { afterEach, describe, expect, it, vi } from 'vitest'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const PAGE = 'https://page.example'
const KEYS = {
  AUTH_MODE: 'keys',
  GATEWAY_KEYS: JSON.stringify([{ sha256: 'a'.repeat(64), tenant: 'acme' }]),
}

afterEach(() => vi.useRealTimers())

/** The preflight request that a browser sends for a page. */
function preflight(origin: string): Request {
  return new Request(`https://gateway${CHAT}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-cache-ttl',
    },
  })
}

describe('CORS', () => {
  it('answers a preflight without a key, and allows only the listed origins', async () => {
    const { send } = gateway({ env: { ...KEYS, CORS_ORIGINS: `${PAGE}, http://localhost:3000` } })
    const answer = await send(preflight(PAGE))
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE)
    expect(answer.headers.get('access-control-allow-headers')).toMatch(/authorization.*x-cache-ttl/)
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET,POST')
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
    const other = await send(preflight('https://other.example'))
    expect(other.headers.has('access-control-allow-origin')).toBe(false)
  })

  it('lets a page read answers and cache headers, including errors and stale answers', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, settled, litellm } = gateway({ env: { CORS_ORIGINS: '*' } })
    const headers = { origin: PAGE }
    const answers = [await post(CHAT, chat(), headers), await post(CHAT, 'no JSON', headers)]
    await settled()
    answers.push(await post(CHAT, chat(), headers))
    vi.setSystemTime(1_790_001_900_000)
    litellm.answer = () => new Response('no', { status: 503 })
    answers.push(await post(CHAT, chat(), headers))
    expect(answers.map((answer) => answer.headers.get('x-cache'))).toEqual([
      'miss',
      null,
      'exact-hit',
      'stale',
    ])
    for (const answer of answers) {
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
      expect(answer.headers.get('access-control-expose-headers')).toContain('cache-status')
      expect(answer.headers.has('x-request-id')).toBe(true)
    }
  })

  it('allows no page without CORS_ORIGINS', async () => {
    const { send, post } = gateway()
    const asked = await send(preflight(PAGE))
    expect([asked.status, asked.headers.has('access-control-allow-origin')]).toEqual([405, false])
    const answer = await post(CHAT, chat(), { origin: PAGE })
    expect(answer.headers.has('access-control-allow-origin')).toBe(false)
  })

  it.each(['https://a.example/path', 'a.example', 'https://a.example;https://b.example'])(
    'rejects CORS_ORIGINS=%s as misconfigured',
    async (CORS_ORIGINS) => {
      const { get } = gateway({ env: { CORS_ORIGINS } })
      expect((await get('/health')).status).toBe(500)
    },
  )
})
