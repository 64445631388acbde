import { describe, expect, it, vi } from 'vitest'
import { completion } from '../support/fake-litellm.ts'
import type { Answer } from '../support/fake-litellm.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat, gateway, WITHOUT_KEYS } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const START = 1_790_000_000_000
const EXPIRY = START + 1_800_000

fixedClock(START, { warnings: false })

const failing = (status: number, error: Record<string, unknown> = { message: 'no' }): Answer => {
  return () => Response.json({ error }, { status })
}

/** A gateway with one answer that expired 42 s ago; from here on LiteLLM does what `then` says. */
async function expired(then: Answer | 'down' | 'silent', options: GatewayOptions = {}) {
  vi.setSystemTime(START)
  let down = false
  const made: ReturnType<typeof gateway> = gateway({
    ...options,
    env: { LITELLM_FIRST_BYTE_TIMEOUT_MS: '50', ...options.env },
    hosts: {
      litellm: {
        fetch: (request) => {
          if (down) throw new Error('Network connection lost.')
          return made.litellm.fetch(request)
        },
      },
    },
  })
  const first = await (await made.post(CHAT, chat())).text()
  await made.settled()
  vi.setSystemTime(EXPIRY + 42_000)
  if (then === 'down') down = true
  else if (then === 'silent') made.litellm.answer = () => new Promise(() => {})
  else made.litellm.answer = then
  const ask = async (cacheControl?: string, over: Record<string, unknown> = {}) => {
    const headers: Record<string, string> =
      cacheControl === undefined ? {} : { 'cache-control': cacheControl }
    const answer = await made.post(CHAT, chat(over), headers)
    const text = await answer.text()
    await made.settled()
    return { answer, text, status: answer.status, outcome: answer.headers.get('x-cache') }
  }
  return { ...made, first, ask }
}

/** The status of each gateway error that a stale answer replaces. */
const STATUSES: Record<string, number> = { upstream_unreachable: 502, upstream_timeout: 504 }

describe('stale-if-error', () => {
  const cases: [name: string, then: Answer | 'down' | 'silent', because: string][] = [
    ['is down', 'down', 'upstream_unreachable'],
    ['does not answer in time', 'silent', 'upstream_timeout'],
    ...[408, 429, 500, 502, 503, 504].map(
      (status) => [`answers ${status}`, failing(status), `status ${status}`] as (typeof cases)[0],
    ),
  ]
  for (const [name, then, because] of cases) {
    it(`serves the expired answer if LiteLLM ${name}, marked as stale`, async () => {
      const { ask, first } = await expired(then)
      const { answer, text, outcome, status } = await ask()
      expect([status, text, outcome]).toEqual([200, first, 'stale'])
      const fwdStatus = Number(/^status (\d+)$/.exec(because)?.[1] ?? STATUSES[because])
      expect(answer.headers.get('age')).toBe('1842')
      expect(answer.headers.get('server-timing')).toMatch(/^cache;dur=\d+, upstream;dur=\d+$/)
      expect(cacheStatus(answer)).toEqual([
        {
          cache: 'edge',
          fwd: 'stale',
          'fwd-status': fwdStatus,
          ttl: -42,
          key: answer.headers.get('x-cache-key'),
          detail: `qdrant; ${because}`,
        },
      ])
    })
  }

  for (const status of [400, 401, 403, 404, 422]) {
    it(`passes a ${status} through, as the caller must see it`, async () => {
      const { ask } = await expired(failing(status))
      expect(await ask()).toMatchObject({
        status,
        outcome: 'miss',
        text: '{"error":{"message":"no"}}',
      })
    })
  }

  it('passes a 429 budget_exceeded through', async () => {
    const { ask } = await expired(failing(429, { message: 'over', type: 'budget_exceeded' }))
    const { status, text } = await ask()
    expect(status).toBe(429)
    expect(text).toBe('{"error":{"message":"over","type":"budget_exceeded"}}')
  })

  it('serves the expired answer if an error body breaks off; without one, the request fails', async () => {
    const breaking: Answer = () => {
      const body = new ReadableStream({ pull: (controller) => controller.error(new Error('lost')) })
      return new Response(body, { status: 429 })
    }
    const { ask, post, first } = await expired(breaking, { env: { COALESCE: 'off' } })
    expect(await ask()).toMatchObject({ outcome: 'stale', text: first })
    await expect(post(CHAT, chat({ seed: 1 }))).rejects.toThrow('broke off')
  })

  it('passes a long 429 on with all its bytes if no stale answer may be served', async () => {
    const message = 'x'.repeat(200_000)
    const { ask } = await expired(failing(429, { message }))
    expect((await ask('no-cache')).text).toBe(JSON.stringify({ error: { message } }))
  })

  it('serves a fresh entry as an exact hit to a caller of no-cache with stale-if-error', async () => {
    const { ask, first } = await expired('down')
    vi.setSystemTime(EXPIRY - 1_000)
    const { answer, text, outcome } = await ask('no-cache, stale-if-error=60')
    expect([text, outcome]).toEqual([first, 'exact-hit'])
    expect(cacheStatus(answer)).toMatchObject([{ fwd: 'request', 'fwd-status': 502, ttl: 1 }])
  })

  it('serves the expired answer as a stream to a stream caller', async () => {
    const { ask } = await expired('down')
    const { answer, text, outcome } = await ask(undefined, { stream: true })
    expect(outcome).toBe('stale')
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    expect(text).toMatch(/data: \[DONE\]\s*$/)
  })

  it('serves nothing past its window, and is off with a window of 0', async () => {
    // Without keys: LiteLLM's verdict on a key lasts an hour too.
    const { ask } = await expired('down', { env: WITHOUT_KEYS })
    vi.setSystemTime(EXPIRY + 3_600_000)
    expect(await ask()).toMatchObject({ status: 502, outcome: 'miss' })
    const off = await expired('down', { env: { CACHE_STALE_IF_ERROR_SECONDS: '0' } })
    expect(await off.ask()).toMatchObject({ status: 502, outcome: 'miss' })
  })

  it.each(['no-cache', 'no-store', 'max-age=60'])(
    'serves nothing stale to a caller of %s, unless max-stale or stale-if-error allows it',
    async (said) => {
      const { ask } = await expired('down')
      expect((await ask(said)).status).toBe(502)
      for (const also of ['stale-if-error=60', 'max-stale=60']) {
        expect(await ask(`${said}, ${also}`)).toMatchObject({ status: 200, outcome: 'stale' })
      }
      expect((await ask(`${said}, stale-if-error=42`)).status).toBe(502)
    },
  )

  it("never serves a semantic hit or another tenant's answer", async () => {
    for (const change of [{ source: 'semantic', similarity: 0.9 }, { tenant: 'mallory' }]) {
      const { ask, qdrant } = await expired('down')
      for (const payload of qdrant.points.values()) Object.assign(payload, change)
      expect((await ask()).status).toBe(502)
    }
  })

  it('serves a new answer once LiteLLM has recovered', async () => {
    const { ask, litellm, first } = await expired(failing(503))
    await ask()
    litellm.answer = () => completion()
    const { outcome, text } = await ask()
    expect(outcome).toBe('miss')
    expect(text).not.toBe(first)
    expect((await ask()).outcome).toBe('exact-hit')
  })

  it('passes the error through if nothing is stored', async () => {
    const { post } = gateway({ answer: failing(503) })
    expect((await post(CHAT, chat())).status).toBe(503)
  })

  it("passes LiteLLM's error through if Qdrant fails as well", async () => {
    const { post } = gateway({ answer: failing(503), hosts: { qdrant: undefined } })
    const answer = await post(CHAT, chat())
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({ error: { message: 'no' } })
  })
})

describe('max-stale', () => {
  it('serves an expired answer without an upstream call, for as long as it allows', async () => {
    const alone = { env: { COALESCE: 'off' } }
    const { ask, first, litellm } = await expired(() => completion(), alone)
    for (const said of ['max-stale=43', 'max-stale', 'only-if-cached, max-stale=43']) {
      const { answer, text, outcome } = await ask(said)
      expect([text, outcome]).toEqual([first, 'stale'])
      expect(cacheStatus(answer)[0]).toMatchObject({ hit: true, ttl: -42, detail: 'qdrant' })
    }
    expect(litellm.asked).toHaveLength(1)
    expect((await ask('only-if-cached, max-stale=42')).status).toBe(504)
    expect((await ask('max-stale=42')).outcome).toBe('miss')
  })

  it('refreshes the answer in the background, except with only-if-cached', async () => {
    const { ask, first, litellm } = await expired(() => completion())
    await ask('only-if-cached, max-stale')
    expect(litellm.asked).toHaveLength(1)
    expect(await ask('max-stale')).toMatchObject({ outcome: 'stale', text: first })
    const { outcome, text } = await ask('max-stale')
    expect(outcome).toBe('exact-hit')
    expect(text).not.toBe(first)
    expect(litellm.asked).toHaveLength(2)
  })
})

describe('stale-while-revalidate', () => {
  const window = { env: { CACHE_STALE_WHILE_REVALIDATE_SECONDS: '60' } }

  it('serves the expired answer at once and refreshes it with one upstream call', async () => {
    const { post, litellm, first, settled, coalescing } = await expired(() => completion(), window)
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(CHAT, chat())))
    for (const answer of answers) {
      expect(answer.headers.get('x-cache')).toBe('stale')
      expect(await answer.text()).toBe(first)
    }
    await settled()
    expect(litellm.asked).toHaveLength(2)
    expect(coalescing.keptAwake).toBe(1)
    const fresh = await post(CHAT, chat())
    expect(fresh.headers.get('x-cache')).toBe('exact-hit')
    expect(await fresh.text()).not.toBe(first)
  })

  it('goes on serving the expired answer while refreshes fail', async () => {
    const { ask, first, litellm } = await expired(failing(500), window)
    for (const _ of [1, 2, 3]) expect(await ask()).toMatchObject({ outcome: 'stale', text: first })
    // A failed refresh is not retried at once.
    expect(litellm.asked).toHaveLength(2)
  })

  it('serves nothing past its window, or to a caller of max-age', async () => {
    const { ask } = await expired(() => completion(), window)
    expect((await ask('max-age=3000')).outcome).toBe('miss')
    const late = await expired(() => completion(), window)
    vi.setSystemTime(EXPIRY + 60_000)
    expect((await late.ask()).outcome).toBe('miss')
  })

  it('is rejected as misconfigured with COALESCE=off, as is FINISH_ABANDONED', async () => {
    for (const [name, value] of [
      ['CACHE_STALE_WHILE_REVALIDATE_SECONDS', '60'],
      ['FINISH_ABANDONED', 'true'],
    ] as const) {
      const { get } = gateway({ env: { COALESCE: 'off', [name]: value } })
      const answer = await get('/health')
      expect(answer.status).toBe(500)
      expect(await answer.text()).toContain(`${name}: needs COALESCE=on`)
    }
  })
})
