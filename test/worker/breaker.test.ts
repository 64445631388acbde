import { describe, expect, it, vi } from 'vitest'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat, gateway, QDRANT_ONLY } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const START = 1_790_000_000_000

fixedClock(START, { warnings: false })

/** A gateway whose Qdrant fails while `seen.failing` is true; `seen.asked` counts its requests. */
function failing(status = 500) {
  const seen = { failing: true, asked: 0 }
  const made: ReturnType<typeof gateway> = gateway({
    env: { ENVIRONMENT: 'development', ...QDRANT_ONLY },
    hosts: {
      qdrant: {
        fetch(request: Request): Response | Promise<Response> {
          seen.asked += 1
          return seen.failing ? new Response('no', { status }) : made.qdrant.fetch(request)
        },
      },
    },
  })
  const ask = async (body = chat({ cache: { 'no-store': true } })) => {
    const answer = await made.post(CHAT, body)
    await made.settled()
    expect(answer.status).toBe(200)
    return answer.headers.get('cache-status')
  }
  const breaker = async () => {
    const health = await (await made.get('/health?verbose')).json<{ breaker: string }>()
    return health.breaker
  }
  return { ...made, seen, ask, breaker }
}

describe('the circuit breaker around Qdrant', () => {
  it('opens after five failed lookups in a row; requests then skip the lookup and the write', async () => {
    const { ask, seen, breaker } = failing()
    for (let n = 0; n < 5; n += 1) expect(await ask()).toContain('detail="lookup failed"')
    expect(seen.asked).toBe(5)
    expect(await breaker()).toBe('open')
    seen.asked = 0
    expect(await ask(chat())).toContain('detail="lookup skipped"')
    expect(seen.asked).toBe(0)
  })

  it('stays closed if a lookup succeeds between failures', async () => {
    const { ask, seen, breaker } = failing()
    for (let round = 0; round < 3; round += 1) {
      seen.failing = true
      for (let n = 0; n < 4; n += 1) await ask()
      seen.failing = false
      await ask()
    }
    expect(await breaker()).toBe('closed')
  })

  it('probes with one lookup every five seconds, and closes on the first success', async () => {
    const { ask, seen, breaker } = failing()
    for (let n = 0; n < 5; n += 1) await ask()
    seen.asked = 0
    vi.setSystemTime(START + 4_999)
    await ask()
    expect(seen.asked).toBe(0)
    vi.setSystemTime(START + 5_000)
    expect(await ask()).toContain('detail="lookup failed"')
    expect(await ask()).toContain('detail="lookup skipped"')
    expect(seen.asked).toBe(1)
    seen.failing = false
    vi.setSystemTime(START + 10_000)
    await ask(chat())
    expect(await breaker()).toBe('closed')
    expect(await ask(chat())).toMatch(/^edge;hit;/)
  })

  it('closes after a successful write', async () => {
    const { ask, seen, breaker, post, settled } = failing()
    for (let n = 0; n < 5; n += 1) await ask()
    seen.failing = false
    vi.setSystemTime(START + 5_000)
    await post(CHAT, chat(), { 'cache-control': 'no-cache' })
    await settled()
    expect(await breaker()).toBe('closed')
  })

  it('stays closed when only writes fail, as with a read-only Qdrant key', async () => {
    const { post, settled, get } = gateway({
      env: { ENVIRONMENT: 'development', ...QDRANT_ONLY },
      hosts: {
        qdrant: {
          fetch: (request) =>
            request.url.endsWith('/points') && request.method === 'POST'
              ? Response.json({ result: [], status: 'ok' })
              : new Response('Forbidden', { status: 403 }),
        },
      },
    })
    for (let n = 0; n < 8; n += 1) {
      await post(CHAT, chat({ seed: n }))
      await settled()
    }
    expect(await (await get('/health?verbose')).json()).toMatchObject({ breaker: 'closed' })
  })
})
