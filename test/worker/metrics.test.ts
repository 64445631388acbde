import { createExecutionContext } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import { dependenciesFor } from '../../src/dependencies.ts'
import { Misconfigured } from '../../src/parse-config.ts'
import type { LedgerReader } from '../../src/ledger/report.ts'
import { samplesOf, valueOf } from '../support/exposition.ts'
import { completion } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'
import { ledger as durableLedger } from '../support/ledger.ts'
import { ledgerTotals, readerOf, requestTotals } from '../support/ledger-totals.ts'

const ADMIN = { authorization: 'Bearer admin' }
const totals = ledgerTotals({ requests: [requestTotals({ model: 'a"b', requests: 3 })] })

let warned: string[]
beforeEach(() => {
  warned = []
  vi.spyOn(console, 'warn').mockImplementation((line: string) => void warned.push(line))
})
afterEach(() => vi.restoreAllMocks())

/** A gateway whose ledger is this one. */
function operated(
  ledgerReader: LedgerReader | undefined,
  env: Record<string, unknown> = { ADMIN_KEY: 'admin' },
) {
  const { settings } = gateway({ env })
  const dependencies = dependenciesFor(settings)
  if (dependencies instanceof Misconfigured) throw dependencies
  const app = createApp({ ...dependencies, ledgerReader })
  return async (headers: Record<string, string> = ADMIN, method = 'GET') =>
    app.fetch(
      new Request('https://gateway/metrics', { method, headers }),
      settings,
      createExecutionContext(),
    )
}

const ledger = () => readerOf(async () => totals)
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code

describe('GET /metrics', () => {
  it("writes the ledger's totals in Prometheus' text format", async () => {
    const answer = await operated(ledger())()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const labels = {
      api: '/v1/chat/completions',
      outcome: 'exact-hit',
      tier: 'memory',
      status: '2xx',
    }
    const samples = samplesOf(await answer.text())
    const name = 'edge_llm_cache_requests_total'
    expect(valueOf(samples, name, { ...labels, model: 'a"b' })).toBe(3)
    const build = samples.find(({ name }) => name === 'edge_llm_cache_build_info')
    expect(build?.labels['version']).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('counts the requests that were answered', async () => {
    const { namespace } = durableLedger()
    const { get, post, settled } = gateway({
      env: { ADMIN_KEY: 'admin', LEDGER_OBJECTS: namespace },
      answer: () => completion({}, { 'x-litellm-response-cost': '0.002' }),
    })
    for (const _ of ['miss', 'hit', 'hit']) {
      await post('/v1/chat/completions', chat())
      await settled()
    }
    const samples = samplesOf(await (await get('/metrics', ADMIN)).text())
    const labels = { api: '/v1/chat/completions', model: 'small', status: '2xx' }
    const of = (name: string, own?: Record<string, string>) =>
      valueOf(samples, `edge_llm_cache_${name}`, own)
    expect(of('requests_total', { ...labels, outcome: 'miss', tier: 'none' })).toBe(1)
    expect(of('requests_total', { ...labels, outcome: 'exact-hit', tier: 'memory' })).toBe(2)
    expect(of('saved_cost_usd_total')).toBe(0.004)
  })

  it('has the same headers for HEAD, and no body', async () => {
    const ask = operated(ledger())
    const [get, head] = [await ask(), await ask(ADMIN, 'HEAD')]
    const headersOf = ({ headers }: Response) =>
      Object.fromEntries([...headers].filter(([name]) => name !== 'x-request-id'))
    expect(head.status).toBe(200)
    expect(headersOf(head)).toEqual(headersOf(get))
    expect(head.headers.get('content-length')).toBe(String((await get.arrayBuffer()).byteLength))
    expect(await head.text()).toBe('')
  })

  it('answers other methods with a 405', async () => {
    const answer = await operated(ledger())(ADMIN, 'POST')
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })
})

describe('access to /metrics', () => {
  it('needs the ADMIN_KEY, as a bearer token or as x-api-key', async () => {
    const ask = operated(ledger())
    expect((await ask({ 'x-api-key': 'admin' })).status).toBe(200)
    for (const headers of [{}, { authorization: 'Bearer admin2' }, { 'x-api-key': 'Admin' }]) {
      const answer = await ask(headers)
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      expect(await answer.text()).not.toContain('edge_llm_cache')
    }
    expect((await ask({}, 'HEAD')).status).toBe(401)
  })

  it("is refused to a caller's key, and to the gateway's own", async () => {
    const ask = operated(ledger(), { ADMIN_KEY: 'admin', AUTH_MODE: 'litellm' })
    for (const key of ['sk-caller', 'sk-upstream']) {
      expect((await ask({ authorization: `Bearer ${key}` })).status).toBe(401)
    }
  })

  it.each(['production', 'development'])(
    'does not exist without ADMIN_KEY, in %s',
    async (environment) => {
      const ask = operated(ledger(), { ENVIRONMENT: environment })
      for (const method of ['GET', 'HEAD', 'POST']) {
        expect((await ask(ADMIN, method)).status).toBe(404)
      }
      expect(await codeOf(await ask(ADMIN))).toBe('not_found')
    },
  )

  it('is limited by address once too many keys were wrong, before the ledger is read', async () => {
    const seen: string[] = []
    const limiter = {
      async limit({ key }: { key: string }) {
        seen.push(key)
        return { success: seen.length <= 2 }
      },
    }
    const reader = ledger()
    const read = vi.spyOn(reader, 'totals')
    const ask = operated(reader, { ADMIN_KEY: 'admin', RATE_LIMIT_ADDRESS: limiter })
    const from = { 'cf-connecting-ip': '192.0.2.1' }
    const statuses: number[] = []
    for (const key of ['a', 'b', 'c', 'admin']) {
      statuses.push((await ask({ ...from, authorization: `Bearer ${key}` })).status)
    }
    expect(statuses).toEqual([401, 401, 429, 429])
    expect(read).not.toHaveBeenCalled()
    expect((await ask({ ...ADMIN, 'cf-connecting-ip': '192.0.2.2' })).status).toBe(200)
  })
})

describe('/metrics without a ledger', () => {
  it('names the setting if the ledger is off, to operators only', async () => {
    const ask = operated(undefined)
    const answer = await ask()
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({
      error: { code: 'not_found', param: 'LEDGER', message: expect.stringContaining('LEDGER') },
    })
    const stranger = await ask({})
    expect(stranger.status).toBe(401)
    expect(await stranger.text()).not.toContain('LEDGER')
  })

  it('answers 503 and logs why if a part of the ledger is late', async () => {
    const ask = operated(readerOf(() => Promise.reject(new Error('shard 3 is late'))))
    const answer = await ask()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10'])
    expect(await codeOf(answer.clone())).toBe('ledger_unavailable')
    expect(await answer.text()).not.toContain('shard 3')
    const lines = warned.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.filter(({ event }) => event === 'ledger not read')).toEqual([
      expect.objectContaining({ level: 'warn', error: 'shard 3 is late' }),
    ])
  })
})
