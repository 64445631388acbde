import { createScheduledController } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { MOST_REPORTS, report } from '../../src/admin/report.ts'
import type { ReportOptions } from '../../src/admin/report.ts'
import { entryCatalog } from '../../src/store/entry-catalog.ts'
import { qdrantReports } from '../../src/store/report-store.ts'
import worker from '../../src/index.ts'
import { sha256 } from '../../src/cache/key.ts'
import { wrongAnswer } from '../contract/report-contract.ts'
import { entry } from '../contract/store-contract.ts'
import { credulous } from '../support/credulous-litellm.ts'
import { FakeQdrant } from '../support/fake-qdrant.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat, gateway } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'
import { network } from '../support/network.ts'
import { operator } from '../support/operator.ts'

const CHAT = '/v1/chat/completions'
const REPORT = '/v1/cache/report'
const NOW = 1_790_000_000_000
const UNKNOWN = '0c7d1f7e-0000-0000-0000-000000000001'

fixedClock(NOW, { warnings: false })

/** The reports that Qdrant holds. */
const reportsIn = (qdrant: FakeQdrant) =>
  [...qdrant.collections]
    .filter(([name]) => name.endsWith('_reports'))
    .flatMap(([, { points }]) => [...points.values()])

/** A gateway, and its callers who report. */
function reporting(options: GatewayOptions = {}) {
  const made = gateway(options)
  const ask = async (over: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
    const answer = await made.post(CHAT, chat(over), headers)
    await answer.text()
    await made.settled()
    return { outcome: answer.headers.get('x-cache'), key: answer.headers.get('x-cache-key')! }
  }
  const send = async (wrong: unknown, headers: Record<string, string> = {}) => {
    const response = await made.post(REPORT, wrong, headers)
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { ...made, ask, send }
}

const errorOf = ({ body }: { body: Record<string, unknown> }) =>
  body['error'] as { code: string; param: string | null; message: string }

describe('a caller who reports a wrong answer', () => {
  it('has it deleted with its own key, without an ADMIN_KEY, and gets a new one', async () => {
    const { ask, send, litellm, qdrant, key: apiKey } = reporting()
    const { key } = await ask()
    const { status, body } = await send({ key, reason: 'The sky is green.' })
    expect([status, body]).toEqual([
      200,
      { layer: 'exact', purged: 1, pair_refused: false, near_tiers_until: NOW + 30_000 },
    ])
    expect((await ask()).outcome).toBe('miss')
    expect(litellm.asked).toHaveLength(2)
    const expected = {
      v: 1,
      tenant: await sha256(apiKey),
      layer: 'exact',
      key,
      model: 'small',
      reason: 'The sky is green.',
      reported_by: 'caller',
      reported_at: NOW,
      expires_at: NOW + 365 * 86_400_000,
    }
    expect(reportsIn(qdrant)).toEqual([expected])
  })

  it('may do it twice', async () => {
    const { ask, send, qdrant } = reporting()
    const { key } = await ask()
    await send({ key })
    const again = await send({ key })
    expect(again).toMatchObject({ status: 200, body: { layer: 'exact', purged: 0 } })
    expect(reportsIn(qdrant)).toHaveLength(1)
  })

  it("never learns whether another tenant's answer exists, and never changes it", async () => {
    const { ask, send, qdrant } = reporting()
    const { key } = await ask({}, { authorization: 'Bearer sk-theirs' })
    const requests = qdrant.requests.length
    const theirs = await send({ key })
    const made = qdrant.requests.slice(requests)
    const none = await send({ key: UNKNOWN })
    expect(theirs.status).toBe(404)
    expect(theirs).toEqual(none)
    expect(qdrant.requests.slice(requests + made.length)).toEqual(made)
    expect(qdrant.points.has(key)).toBe(true)
    expect(reportsIn(qdrant)).toEqual([])
    // Not even after its owner has reported it.
    await send({ key }, { authorization: 'Bearer sk-theirs' })
    expect(await send({ key })).toEqual(none)
  })

  it('with a key of scope user reports as the end user that it names', async () => {
    const GATEWAY_KEYS = JSON.stringify([
      { sha256: await sha256('sk-app'), tenant: 'acme', scope: 'user' },
    ])
    const { ask, send } = reporting({ env: { AUTH_MODE: 'keys', GATEWAY_KEYS }, key: 'sk-app' })
    const { key } = await ask({ user: 'ann' })
    expect(errorOf(await send({ key }))).toMatchObject({ code: 'invalid_request', param: 'user' })
    expect((await send({ key, user: 'bob' })).status).toBe(404)
    expect((await send({ key, user: 'ann' })).status).toBe(200)
  })

  it('is counted by the rate limit, and refused without a valid key', async () => {
    const limited = { limit: async () => ({ success: false }) }
    const many = reporting({ env: { RATE_LIMIT_STANDARD: limited } })
    expect((await many.send({ key: UNKNOWN })).status).toBe(429)
    const { send } = reporting({ withKey: false })
    expect((await send({ key: UNKNOWN })).status).toBe(401)
  })

  it('is told to wait while it is not known whose cache its key uses', async () => {
    const { send, litellm, qdrant } = reporting({ env: { CACHE_SCOPE: 'team' } })
    litellm.keyInfo = () => new Response('no', { status: 500 })
    const refused = await send({ key: UNKNOWN })
    expect([refused.status, errorOf(refused).code]).toEqual([503, 'auth_unavailable'])
    expect(qdrant.requests).toEqual([])
  })

  it('is told if Qdrant fails', async () => {
    const { send } = reporting({ hosts: { qdrant: undefined } })
    const refused = await send({ key: UNKNOWN })
    expect([refused.status, errorOf(refused).code]).toEqual([503, 'store_unavailable'])
  })

  it('has its answer deleted if the reports cannot be kept, as with a token for one collection', async () => {
    const { ask, send, qdrant, settings } = reporting()
    const { key } = await ask()
    const answered = qdrant.fetch
    qdrant.fetch = (request) =>
      request.url.includes(`${settings.QDRANT_COLLECTION}_reports`)
        ? Response.json({ status: { error: 'Forbidden' } }, { status: 403 })
        : answered(request)
    expect(await send({ key })).toMatchObject({ status: 200, body: { purged: 1 } })
    expect(qdrant.points.has(key)).toBe(false)
  })

  it.each<[string, object, string | null]>([
    ['neither key nor request id', {}, null],
    ['both', { key: UNKNOWN, request_id: 'a' }, null],
    ['a key that is none', { key: 'a' }, 'key'],
    ['a tenant, which its key says', { key: UNKNOWN, tenant: 'acme' }, 'tenant'],
    ['a reason of 501 characters', { key: UNKNOWN, reason: 'x'.repeat(501) }, 'reason'],
    ['a request id that is unknown', { request_id: 'req-1' }, 'request_id'],
  ])('is refused with %s', async (_, wrong, param) => {
    const refused = await reporting().send(wrong)
    expect(refused.status).toBe(400)
    expect(errorOf(refused)).toMatchObject({ code: 'invalid_request', param })
  })

  it('may send 16 KiB, by POST', async () => {
    const { send, get } = reporting()
    expect((await send(`{"key":"${'x'.repeat(20_000)}"}`)).status).toBe(413)
    const other = await get(REPORT)
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST'])
  })

  it('has at most 1,000 reported pairs; the oldest stay, and can be repeated', async () => {
    const { asked, send, fill, qdrant } = await deceived()
    const first = await asked('Convert 10 km to miles')
    await send({ key: first })
    const points = await fill('semantic')
    const wrong = await asked('How far is it?')
    const refused = await send({ key: wrong })
    expect([refused.status, errorOf(refused).code]).toEqual([400, 'invalid_request'])
    expect(points.size).toBe(MOST_REPORTS)
    // The answer is deleted all the same.
    expect(qdrant.points.has(wrong)).toBe(false)
    expect(await send({ key: first })).toMatchObject({ status: 200, body: { pair_refused: true } })
  })

  it('has other answers deleted without a report once there are 1,000', async () => {
    const { ask, send, fill } = await deceived()
    await send({ key: (await ask({ model: 'large' })).key })
    const points = await fill('exact')
    const { key } = await ask({ seed: 1 })
    expect(await send({ key })).toMatchObject({ status: 200, body: { purged: 1 } })
    expect(points.size).toBe(MOST_REPORTS)
    // Another tenant has its own.
    const other = { authorization: 'Bearer sk-other' }
    await send({ key: (await ask({}, other)).key }, other)
    expect(points.size).toBe(MOST_REPORTS + 1)
  })

  /** A caller whose LiteLLM finds all questions alike, after a first one. */
  async function deceived() {
    const made = reporting({ answer: credulous() })
    const asked = async (content: string) =>
      (await made.ask({ messages: [{ role: 'user', content }] })).key
    await asked('Convert 10 miles to km')
    /** Adds reports of this caller up to the most, without the gateway. */
    const fill = async (layer: 'exact' | 'semantic') => {
      const tenant = await sha256(made.key)
      const name = `${made.settings.QDRANT_COLLECTION}_reports`
      const { points } = made.qdrant.collections.get(name)!
      while (points.size < MOST_REPORTS) {
        points.set(crypto.randomUUID(), wrongAnswer({ tenant, layer }))
      }
      return points
    }
    return { ...made, asked, fill }
  }
})

describe('an operator who reports a wrong answer', () => {
  it('names it by its key, for any tenant', async () => {
    const { post, settled, operate, qdrant, key: apiKey } = operator()
    const answer = await post(CHAT, chat())
    await settled()
    const key = answer.headers.get('x-cache-key')
    await operate('/admin/report', { key, tenant: await sha256(apiKey) })
    expect(reportsIn(qdrant)).toMatchObject([{ key, reported_by: 'admin' }])
  })

  it('is told if there is no such answer, or if it is not that of the tenant', async () => {
    const { post, settled, refusedBy } = operator()
    const key = (await post(CHAT, chat())).headers.get('x-cache-key')
    await settled()
    const none = { status: 404, code: 'entry_not_found', param: 'key' }
    expect(await refusedBy('/admin/report', { key: UNKNOWN })).toMatchObject(none)
    expect(await refusedBy('/admin/report', { key, tenant: 'acme' })).toMatchObject(none)
  })

  it.each<[object, string]>([
    [{ request_id: 'req-1' }, 'tenant'],
    [{ request_id: 'req-1', tenant: 'acme' }, 'request_id'],
  ])('is told which field is wrong: %j', async (wrong, param) => {
    const refused = await operator().refusedBy('/admin/report', wrong)
    expect(refused).toMatchObject({ status: 400, code: 'invalid_request', param })
  })
})

describe('a report by request id', () => {
  const pair = { a: 'Convert 10 miles to km', b: 'Convert 10 km to miles' }
  const id = '5f9c1a52-0000-0000-0000-000000000002'

  function parts(pairId: string | undefined): ReportOptions & { readonly qdrant: FakeQdrant } {
    const qdrant = new FakeQdrant()
    network({ qdrant })
    const now = () => NOW
    const address = { url: 'http://qdrant', timeoutMs: 5_000 }
    return {
      qdrant,
      reports: qdrantReports({
        ...address,
        collection: 'entries_reports',
        lookupTimeoutMs: 250,
        copyTtlMs: 0,
        now,
      }),
      purging: {
        catalog: entryCatalog({ ...address, collection: 'entries' }),
        semantic: undefined,
        forgetNear: async () => {},
        edgeTtlSeconds: 0,
        now,
      },
      findRequest: async (tenant, requestId) =>
        tenant === 'acme' && requestId === 'req-1' ? { key: UNKNOWN, pairId } : undefined,
      ttlDays: 1,
      now,
    }
  }
  const wrong = { request_id: 'req-1', tenant: 'acme', by: 'admin' } as const

  it('refuses the pair of a semantic hit that was never stored', async () => {
    const options = parts(id)
    const done = await report(wrong, options)
    expect(done).toMatchObject({ layer: 'semantic', purged: 0, pair_refused: true })
    expect(await options.reports.stateOf(id)).toBe('reported')
    expect(reportsIn(options.qdrant)).toMatchObject([{ request_id: 'req-1', key: UNKNOWN }])
    expect(await report(wrong, options)).toMatchObject({ pair_refused: true })
  })

  it('does not take an answer that was stored since for the one that was reported', async () => {
    const options = parts(id)
    const stored = entry({
      source: 'semantic',
      question: pair.b,
      original_question: pair.a,
      original_key: id,
      pair_id: UNKNOWN,
    })
    const points = new Map([[UNKNOWN, { ...stored }]])
    options.qdrant.collections.set('entries', { points, indexes: new Map() })
    expect(await report(wrong, options)).toMatchObject({ pair_refused: true, purged: 1 })
    const [known] = reportsIn(options.qdrant)
    expect(known).not.toHaveProperty('a')
    expect(await options.reports.stateOf(id)).toBe('reported')
  })

  it('keeps the questions of an earlier report of the same pair', async () => {
    const options = parts(id)
    await options.reports.put(id, wrongAnswer({ tenant: 'acme' }))
    expect(await report(wrong, options)).toMatchObject({ pair_refused: true })
    expect(reportsIn(options.qdrant)).toEqual([wrongAnswer({ tenant: 'acme' })])
  })

  it('deletes the entry of a request that was no semantic hit', async () => {
    const options = parts(undefined)
    const points = new Map([[UNKNOWN, { ...entry() }]])
    options.qdrant.collections.set('entries', { points, indexes: new Map() })
    const done = await report(wrong, options)
    expect(done).toMatchObject({ layer: 'exact', purged: 1, pair_refused: false })
    expect(points.size).toBe(0)
  })

  it("is refused for another tenant's request", async () => {
    const theirs = report({ ...wrong, tenant: 'globex' }, parts(id))
    await expect(theirs).rejects.toMatchObject({ code: 'invalid_request', param: 'request_id' })
  })
})

const linesOf = async (answer: Response) =>
  new TextDecoder()
    .decode(await answer.arrayBuffer())
    .trimEnd()
    .split('\n')

describe('the reports of an operator', () => {
  const FIRST = 'Convert 10 miles to km'
  const SECOND = 'Convert 10 km to miles'

  /** A gateway with one report about a semantic hit, and one about an exact answer. */
  async function reported() {
    const made = operator({ answer: credulous() })
    const ask = async (content: string) => {
      const answer = await made.post(CHAT, chat({ messages: [{ role: 'user', content }] }))
      await made.settled()
      return answer.headers.get('x-cache-key')
    }
    const first = await ask(FIRST)
    const wrong = await ask(SECOND)
    await made.operate('/admin/report', { key: wrong, reason: 'swapped' })
    await made.operate('/admin/report', { key: first })
    return { ...made, first, wrong, tenant: await sha256(made.key) }
  }

  it('are listed page by page, with their questions only if asked for', async () => {
    const { operate, wrong, tenant } = await reported()
    const all = await operate<{ reports: { key: string; layer: string }[] }>('/admin/reports')
    expect(all.reports.map(({ layer }) => layer).sort()).toEqual(['exact', 'semantic'])
    expect(JSON.stringify(all)).not.toContain(SECOND)
    const page = await operate<{ next: string }>(`/admin/reports?limit=1&tenant=${tenant}`)
    const next = await operate<{ reports: unknown[]; next: null }>(
      `/admin/reports?limit=1&tenant=${tenant}&cursor=${page.next}`,
    )
    expect([next.reports.length, next.next]).toEqual([1, null])
    expect(await operate('/admin/reports?tenant=globex')).toEqual({ reports: [], next: null })
    const shown = await operate<{ reports: { layer: string }[] }>('/admin/reports?content=1')
    expect(shown.reports.find(({ layer }) => layer === 'semantic')).toMatchObject({
      key: wrong,
      reason: 'swapped',
      same: 0.97,
      content: { a: FIRST, b: SECOND },
    })
  })

  it('are exported as pairs that are not the same, one JSON text per line', async () => {
    const { call, tenant } = await reported()
    const answer = await call(`/admin/reports/export?tenant=${tenant}`)
    expect(answer.headers.get('content-type')).toBe('application/jsonl')
    const lines = await linesOf(answer)
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        id: expect.any(String),
        category: 'reported',
        language: 'und',
        same: false,
        a: FIRST,
        b: SECOND,
      },
    ])
  })

  it('are exported whole, however many there are', async () => {
    const { call, qdrant, settings } = await reported()
    const { points } = qdrant.collections.get(`${settings.QDRANT_COLLECTION}_reports`)!
    for (let n = 0; n < 250; n += 1) points.set(crypto.randomUUID(), wrongAnswer())
    const answer = await call('/admin/reports/export')
    const lines = await linesOf(answer)
    expect(new Set(lines).size).toBe(251)
  })

  it('are exported page by page: the whole is never held, which may exceed the memory', async () => {
    const { answerTo, qdrant, settings } = operator({ env: { ADMIN_KEY: 'admin' } })
    const points = new Map<string, Record<string, unknown>>()
    for (let n = 0; n < 1_000; n += 1) points.set(crypto.randomUUID(), wrongAnswer())
    qdrant.collections.set(`${settings.QDRANT_COLLECTION}_reports`, { points, indexes: new Map() })
    const headers = { authorization: 'Bearer admin' }
    const url = 'https://gateway/admin/reports/export'
    const answer = await answerTo(new Request(url, { headers }))
    expect(qdrant.requests.length).toBeLessThan(4)
    expect(await linesOf(answer)).toHaveLength(1_000)
    const head = await answerTo(new Request(url, { method: 'HEAD', headers }))
    expect([...head.headers.keys()]).toEqual([...answer.headers.keys()])
  })

  it('are an error, not an empty export, if Qdrant fails', async () => {
    const { call } = operator({ hosts: { qdrant: undefined } })
    expect((await call('/admin/reports/export')).status).toBe(503)
    expect((await call('/admin/reports')).status).toBe(503)
  })

  it('are erased with their tenant', async () => {
    const { operate, qdrant, tenant } = await reported()
    const erased = await operate<{ reached: unknown[] }>('/admin/erase', { tenant })
    const reports = { what: 'reports of wrong answers', erased: 2, failed: null }
    expect(erased.reached).toContainEqual(reports)
    expect(reportsIn(qdrant)).toEqual([])
  })

  it('are swept by the cron after REPORTS_TTL_DAYS', async () => {
    const { settings, qdrant } = await reported()
    const cron = () => worker.scheduled(createScheduledController(), settings)
    vi.setSystemTime(NOW + 365 * 86_400_000)
    await cron()
    expect(reportsIn(qdrant)).toHaveLength(2)
    vi.setSystemTime(NOW + 365 * 86_400_000 + 1)
    await cron()
    expect(reportsIn(qdrant)).toEqual([])
  })
})
