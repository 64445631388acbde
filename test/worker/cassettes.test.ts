import { env as bindings } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ExportPage } from '../../src/admin/export.ts'
import type { Import } from '../../src/admin/import.ts'
import type { Purge } from '../../src/admin/purge.ts'
import { sha256 } from '../../src/cache/key.ts'
import { credulous } from '../support/credulous-litellm.ts'
import { recentObjects } from '../support/explaining.ts'
import { chunks, completion, completionBody, eventStream } from '../support/fake-litellm.ts'
import { chat, QDRANT_ONLY } from '../support/gateway.ts'
import { operator } from '../support/operator.ts'

const CHAT = '/v1/chat/completions'
const NOW = 1_796_000_000_000
const ONLY_IF_CACHED = { 'cache-control': 'only-if-cached' }

const gatewayKey = async (key: string, tenant: string, more: object = {}) => ({
  sha256: await sha256(key),
  tenant,
  ...more,
})

const keys = async (...all: Promise<object>[]) => ({
  AUTH_MODE: 'keys',
  GATEWAY_KEYS: JSON.stringify(await Promise.all(all)),
})

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** A gateway without near tiers, so that what Qdrant has is what counts. */
function recorder(env: Record<string, unknown> = {}, more: Parameters<typeof operator>[0] = {}) {
  const made = operator({ ...more, env: { ...QDRANT_ONLY, ...env } })
  const exported = async (filter: object = { all: true }) => {
    const pages: ExportPage[] = []
    let cursor: string | undefined
    do {
      const page = await made.operate<ExportPage>('/admin/export', { filter, cursor })
      pages.push(page)
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    return pages
  }
  const entries = async (filter?: object) =>
    (await exported(filter)).flatMap((page) => page.entries)
  const imported = (body: object) => made.operate<Import>('/admin/import', body)
  const purged = () => made.operate<Purge>('/admin/purge', { filter: { all: true } })
  const ask = async (over: object = {}, headers: Record<string, string> = {}) => {
    const answer = await made.post(CHAT, chat({ ...over }), headers)
    const text = await answer.text()
    await made.settled()
    return { answer, text, outcome: answer.headers.get('x-cache') }
  }
  return { ...made, exported, entries, imported, purged, ask }
}

describe('a cassette', () => {
  it('answers what was recorded in a cache that was empty, byte for byte, and asks no model', async () => {
    const { ask, entries, purged, imported, litellm } = recorder()
    const recorded = await ask()
    const all = await entries()
    await purged()
    expect((await ask({}, ONLY_IF_CACHED)).answer.status).toBe(504)
    expect(await imported({ entries: all, ttl_seconds: 60 })).toEqual({
      imported: 1,
      expired: 0,
      too_large: 0,
      reported: 0,
      unreachable: [],
    })
    const replayed = await ask({}, ONLY_IF_CACHED)
    expect(replayed.outcome).toBe('exact-hit')
    expect(replayed.text).toBe(recorded.text)
    expect((await ask({ temperature: 1 }, ONLY_IF_CACHED)).answer.status).toBe(504)
    expect(litellm.asked).toHaveLength(1)
  })

  it('answers in both modes what was recorded as a stream', async () => {
    const { ask, entries, purged, imported } = recorder({}, { answer: () => eventStream(chunks()) })
    const recorded = await ask({ stream: true })
    const all = await entries()
    await purged()
    await imported({ entries: all, ttl_seconds: 60 })
    expect((await ask({ stream: true }, ONLY_IF_CACHED)).text).toBe(recorded.text)
    expect((await ask({}, ONLY_IF_CACHED)).text).toContain('Air scatters.')
  })

  it('has the entries that match the filter, each once, and nothing else', async () => {
    const { ask, entries, qdrant } = recorder()
    for (let n = 0; n < 20; n += 1) await ask({ temperature: n / 20 }, { 'x-cache-tags': 'ci' })
    await ask()
    const tagged = await entries({ tag: 'ci' })
    expect(new Set(tagged.map(({ key }) => key)).size).toBe(20)
    expect(tagged).toHaveLength(20)
    expect(await entries()).toHaveLength(21)
    for (const { key, entry } of tagged) expect(entry).toEqual(qdrant.points.get(key))
  })

  it('is exported in pages that are bounded in bytes, and in reads of few entries', async () => {
    const content = 'x'.repeat(900_000)
    const answer = () => Response.json(completionBody({ content }))
    const { ask, exported } = recorder({}, { answer })
    for (let n = 0; n < 12; n += 1) await ask({ temperature: n / 20 })
    const pages = await exported()
    expect(pages.length).toBeGreaterThan(1)
    for (const { entries } of pages) expect(entries.length).toBeLessThanOrEqual(8)
    expect(pages.flatMap(({ entries }) => entries)).toHaveLength(12)
  })

  it('is exported by few requests to Qdrant if entries may be large', async () => {
    const { ask, exported, qdrant } = recorder({ CACHE_MAX_ENTRY_BYTES: '16777216' })
    for (let n = 0; n < 20; n += 1) await ask({ temperature: n / 20 })
    qdrant.requests.length = 0
    const [first, ...others] = await exported()
    expect(first!.entries).toHaveLength(16)
    expect(others.flatMap(({ entries }) => entries)).toHaveLength(4)
    expect(qdrant.requests).toHaveLength(20)
  })

  it('leaves out what this version cannot read, and says how many', async () => {
    const { ask, exported, qdrant } = recorder()
    await ask()
    qdrant.points.set(crypto.randomUUID(), { v: 99, tenant: 'acme' })
    expect(await exported()).toMatchObject([{ entries: [{}], unreadable: 1, next: null }])
  })

  it('needs a filter', async () => {
    const { refusedBy } = recorder()
    expect(await refusedBy('/admin/export', { filter: {} })).toMatchObject({ param: 'filter' })
    expect(await refusedBy('/admin/export', {})).toMatchObject({ param: 'filter' })
  })
})

describe('imported entries', () => {
  async function recorded(env: Record<string, unknown> = {}) {
    const made = recorder({ CACHE_TTL_SECONDS: '60', ...env })
    await made.ask()
    const entries = await made.entries()
    await made.purged()
    return { ...made, entries }
  }

  it('get a new life, but no new age', async () => {
    const { ask, imported, entries } = await recorded()
    vi.setSystemTime(NOW + 3_600_000)
    expect(await imported({ entries, ttl_seconds: 600 })).toMatchObject({ imported: 1 })
    const { answer, outcome } = await ask({}, ONLY_IF_CACHED)
    expect(outcome).toBe('exact-hit')
    expect(answer.headers.get('age')).toBe('3600')
    const young = { 'cache-control': 'only-if-cached, max-age=3599' }
    expect((await ask({}, young)).answer.status).toBe(504)
    vi.setSystemTime(NOW + 4_200_000)
    expect((await ask({}, ONLY_IF_CACHED)).answer.status).toBe(504)
  })

  it.each([
    ['CACHE_MAX_TTL_SECONDS', { CACHE_MAX_TTL_SECONDS: '90' }],
    [
      'the limit of their policy',
      {
        POLICIES: JSON.stringify([
          { name: 'short', models: ['small'], paths: [CHAT], max_ttl_seconds: 90 },
        ]),
      },
    ],
  ])('live no longer than %s', async (_, env) => {
    const { imported, entries, qdrant } = await recorded(env)
    await imported({ entries, ttl_seconds: 86_400 })
    expect([...qdrant.points.values()]).toMatchObject([{ expires_at: NOW + 90_000 }])
  })

  it('keep their times without a TTL, and are skipped once they have expired', async () => {
    const { imported, entries, qdrant } = await recorded()
    expect(await imported({ entries })).toMatchObject({ imported: 1, expired: 0 })
    expect([...qdrant.points.values()]).toEqual([entries[0]!.entry])
    vi.setSystemTime(NOW + 60_000)
    expect(await imported({ entries })).toMatchObject({ imported: 0, expired: 1 })
  })

  it('replace what had the same key, also in this isolate', async () => {
    const made = operator()
    const ask = async () => (await made.post(CHAT, chat())).text()
    const recorded = await ask()
    await made.settled()
    const page = await made.operate<ExportPage>('/admin/export', { filter: { all: true } })
    const [{ key, entry }] = page.entries as [ExportPage['entries'][number]]
    const body = entry.body.replace('Air scatters', 'Imported')
    await made.operate('/admin/import', { entries: [{ key, entry: { ...entry, body } }] })
    expect(recorded).not.toContain('Imported')
    expect(await ask()).toContain('Imported')
  })

  it('last no longer than any entry of this gateway, also if they keep their times', async () => {
    const { imported, entries, qdrant } = await recorded()
    const [one] = entries as [ExportPage['entries'][number]]
    const lasting = [{ ...one, entry: { ...one.entry, expires_at: NOW + 10 * 86_400_000 } }]
    await imported({ entries: lasting })
    expect(qdrant.points.get(one.key)).toMatchObject({ expires_at: NOW + 86_400_000 })
  })

  it('get no new life if their answers expire themselves', async () => {
    const audio = { id: 'a', data: 'UklGRg==', transcript: 'Hi.', expires_at: NOW / 1_000 + 60 }
    const message = { role: 'assistant', content: null, audio }
    const answer = () => completion({ choices: [{ index: 0, finish_reason: 'stop', message }] })
    const { ask, entries, imported, qdrant } = recorder({}, { answer })
    await ask()
    const all = await entries()
    expect(all).toHaveLength(1)
    expect(all[0]!.entry.expires_at).toBe(NOW + 60_000)
    await imported({ entries: all, ttl_seconds: 3_600 })
    expect(qdrant.points.get(all[0]!.key)).toMatchObject({ expires_at: NOW + 60_000 })
    vi.setSystemTime(NOW + 61_000)
    expect(await imported({ entries: all, ttl_seconds: 3_600 })).toMatchObject({ expired: 1 })
  })

  it('are skipped if they are larger than this gateway stores', async () => {
    const { imported, entries, qdrant } = await recorded()
    const [one] = entries
    const body = 'é'.repeat(524_289)
    const larger = [{ ...one!, entry: { ...one!.entry, body } }]
    expect(await imported({ entries: larger, ttl_seconds: 60 })).toMatchObject({ too_large: 1 })
    expect(qdrant.points.size).toBe(0)
    const fitting = [{ ...one!, entry: { ...one!.entry, body: body.slice(1) } }]
    expect(await imported({ entries: fitting, ttl_seconds: 60 })).toMatchObject({ imported: 1 })
  })

  it('are skipped if their answers were reported as wrong, but not answers made since', async () => {
    const { ask, entries, imported, operate } = recorder()
    await ask()
    const wrong = await entries()
    await operate('/admin/report', { key: wrong[0]!.key })
    expect(await imported({ entries: wrong, ttl_seconds: 60 })).toMatchObject({
      imported: 0,
      reported: 1,
    })
    expect((await ask({}, ONLY_IF_CACHED)).answer.status).toBe(504)
    vi.setSystemTime(NOW + 1_000)
    await ask()
    const right = await entries()
    expect(await imported({ entries: right, ttl_seconds: 60 })).toMatchObject({
      imported: 1,
      reported: 0,
    })
  })

  it('are skipped if they are semantic hits on a reported pair, or on a reported answer', async () => {
    const { ask, entries, imported, operate } = recorder({}, { answer: credulous() })
    const asked = (content: string) => ask({ messages: [{ role: 'user', content }] })
    await asked('Convert 10 miles to km')
    await asked('Convert 10 km to miles')
    await asked('How far is it in km?')
    const all = await entries()
    const original = all.find(({ entry }) => entry.source === 'llm')!
    const hits = all.filter(({ entry }) => entry.source === 'semantic')
    expect(hits).toHaveLength(2)
    await operate('/admin/report', { key: hits[0]!.key })
    expect(await imported({ entries: all, ttl_seconds: 60 })).toMatchObject({
      imported: 2,
      reported: 1,
    })
    await operate('/admin/report', { key: original.key })
    expect(await imported({ entries: all, ttl_seconds: 60 })).toMatchObject({
      imported: 0,
      reported: 3,
    })
  })

  it('are not imported while the reports cannot be read', async () => {
    const { entries, refusedBy, qdrant } = await recorded()
    const { fetch } = qdrant
    qdrant.fetch = (request) =>
      request.url.includes('_reports') ? new Response('no', { status: 500 }) : fetch(request)
    expect(await refusedBy('/admin/import', { entries, ttl_seconds: 60 })).toMatchObject({
      code: 'store_unavailable',
    })
    expect(qdrant.points.size).toBe(0)
  })

  it('are all refused if one is not valid, with the place', async () => {
    const { refusedBy, entries, qdrant } = await recorded()
    const [good] = entries as [ExportPage['entries'][number]]
    for (const [bad, param] of [
      [{ ...good, key: 'x' }, 'entries.1.key'],
      [{ ...good, tenant: 'acme' }, 'entries.1.tenant'],
      [{ ...good, entry: { ...good.entry, v: 2 } }, 'entries.1.entry.v'],
      [{ ...good, entry: { ...good.entry, proof: 'z'.repeat(64) } }, 'entries.1.entry.proof'],
      [{ ...good, entry: { ...good.entry, status: 500 } }, 'entries.1.entry.status'],
      [{ ...good, entry: { ...good.entry, body: '' } }, 'entries.1.entry.body'],
    ] as const) {
      const refused = await refusedBy('/admin/import', { entries: [good, bad] })
      expect(refused).toMatchObject({ status: 400, param })
    }
    expect(await refusedBy('/admin/import', { entries: [] })).toMatchObject({ param: 'entries' })
    expect(await refusedBy('/admin/import', { entries, tenant: 'acme' })).toMatchObject({
      param: 'tenant',
    })
    expect(qdrant.points.size).toBe(0)
  })

  it('never answer another request or tenant, whatever the file says', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { ask, imported, entries } = await recorded()
    const [good] = entries as [ExportPage['entries'][number]]
    const { answer } = await ask({ temperature: 1 })
    const otherKey = answer.headers.get('x-cache-key')
    await imported({ entries: [{ ...good, key: otherKey }], ttl_seconds: 60 })
    expect((await ask({ temperature: 1 }, ONLY_IF_CACHED)).answer.status).toBe(504)
    await imported({ entries: [{ ...good, entry: { ...good.entry, tenant: 'acme' } }] })
    expect((await ask({}, ONLY_IF_CACHED)).answer.status).toBe(504)
    expect(warned.mock.calls.join()).toMatch(/entry refused.*collision.*entry refused.*tenant/s)
  })
})

describe('entries of tenants that nobody here has', () => {
  const CI = 'gw-ci'
  const HEADERS = { authorization: `Bearer ${CI}` }

  it('answer no one until a gateway key has that tenant, even the digest of a LiteLLM key', async () => {
    const production = recorder()
    await production.ask()
    const entries = await production.entries()
    const tenant = entries[0]!.entry.tenant
    expect(tenant).toMatch(/^[0-9a-f]{64}$/)

    const elsewhere = recorder(await keys(gatewayKey(CI, 'ci')))
    expect(await elsewhere.imported({ entries, ttl_seconds: 60 })).toMatchObject({
      imported: 1,
      unreachable: [{ tenant, entries: 1 }],
    })
    expect((await elsewhere.ask({}, { ...HEADERS, ...ONLY_IF_CACHED })).answer.status).toBe(504)

    const ci = recorder(await keys(gatewayKey(CI, tenant)))
    expect(await ci.imported({ entries, ttl_seconds: 60 })).toMatchObject({ unreachable: [] })
    const replayed = await ci.ask({}, { ...HEADERS, ...ONLY_IF_CACHED })
    expect(replayed.outcome).toBe('exact-hit')
    expect(ci.litellm.asked).toEqual([])
  })

  it('are told apart from those that somebody has, in each way to authenticate', async () => {
    const made = recorder()
    await made.ask()
    const [one] = await made.entries()
    const tenants = [
      'ci',
      'a'.repeat(64),
      'team:t',
      'user:u',
      'public',
      '["ci","ann"]',
      '["app","ann"]',
      // No prefix of LiteLLM's: the tenant of a gateway key.
      'key:k',
    ]
    const entries = tenants.map((tenant, at) => ({
      key: one!.key.replace(/^./, String(at)),
      entry: { ...one!.entry, tenant },
    }))
    const unreachableIn = async (env: Record<string, unknown>) => {
      const { unreachable } = await recorder(env).imported({ entries, ttl_seconds: 60 })
      return tenants.filter((tenant) => unreachable.every((one) => one.tenant !== tenant))
    }
    expect(await unreachableIn({})).toEqual(['a'.repeat(64)])
    expect(await unreachableIn({ CACHE_SCOPE: 'team' })).toEqual(['a'.repeat(64), 'team:t'])
    expect(await unreachableIn({ CACHE_SCOPE: 'user' })).toEqual(['a'.repeat(64), 'user:u'])
    expect(await unreachableIn({ ENVIRONMENT: 'development', AUTH_MODE: 'none' })).toEqual([
      'public',
    ])
    const both = await keys(gatewayKey(CI, 'ci'), gatewayKey('other', 'app', { scope: 'user' }))
    expect(await unreachableIn(both)).toEqual(['ci', '["app","ann"]'])
  })
})

describe('a miss of a request that was recorded elsewhere', () => {
  const { RECENT_REQUESTS } = bindings
  const EXPLAINED = { ...ONLY_IF_CACHED, 'x-cache-explain': '1' }

  /** Why the cache has no answer, as the 504 says it. */
  const whyNot = async (made: ReturnType<typeof recorder>, over: object) => {
    const { answer, text } = await made.ask(over, EXPLAINED)
    expect(answer.status).toBe(504)
    return (JSON.parse(text) as { error: { message: string } }).error.message
  }

  it('names the nearest recorded request by its key, and what differs, but no text', async () => {
    const made = recorder({ RECENT_REQUESTS })
    await made.ask({ temperature: 0.5 })
    await made.ask({ messages: [{ role: 'user', content: 'Something else entirely.' }] })
    const entries = await made.entries()
    expect(entries.map(({ fingerprint }) => fingerprint)).toEqual([
      expect.anything(),
      expect.anything(),
    ])
    const [{ entry }] = entries as [ExportPage['entries'][number]]
    expect(JSON.stringify(entries.map(({ fingerprint }) => fingerprint))).not.toMatch(
      /sky|entirely/,
    )
    const recent = RECENT_REQUESTS.getByName(await sha256(entry.tenant))
    expect(await recent.fingerprints([entries[0]!.key])).toHaveLength(1)
    // As in another gateway.
    await made.purged()
    await recent.forget()
    expect(await whyNot(made, { temperature: 0.7 })).toContain('no recent request to this model')

    await made.imported({ entries, ttl_seconds: 60 })
    vi.setSystemTime(NOW + 5_000)
    const message = await whyNot(made, { temperature: 0.7 })
    expect(message).toMatch(
      /differs from request [0-9a-f-]{36} of a cassette, imported \d+ s ago: temperature 0\.5 -> 0\.7\.$/,
    )
    const [, key] = /request ([0-9a-f-]{36}) of/.exec(message)!
    expect(entries.map((one) => one.key)).toContain(key)
    const { answer } = await made.ask({ temperature: 0.5 }, ONLY_IF_CACHED)
    expect(answer.headers.get('x-cache-key')).toBe(key)
  })

  it("is never compared with another tenant's cassette", async () => {
    const made = recorder({ RECENT_REQUESTS })
    await made.ask({ temperature: 0.5 })
    const entries = await made.entries()
    await made.imported({ entries, ttl_seconds: 60 })
    const stranger = { authorization: `Bearer sk-${crypto.randomUUID()}` }
    const { answer, text } = await made.ask({ temperature: 0.7 }, { ...EXPLAINED, ...stranger })
    expect(entries).toHaveLength(1)
    expect(answer.status).toBe(504)
    expect(text).toContain('no recent request')
  })

  it('is only less explained if what was asked lately cannot be read or recorded', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { namespace, calls } = recentObjects(() => Promise.reject(new Error('no object')))
    const whole = recorder({ RECENT_REQUESTS })
    await whole.ask()
    const [known] = await whole.entries()
    const made = recorder({ RECENT_REQUESTS: namespace })
    await made.ask()
    expect(await made.entries()).toMatchObject([{ key: expect.any(String) }])
    expect(await made.imported({ entries: [known!], ttl_seconds: 60 })).toMatchObject({
      imported: 1,
    })
    expect(calls).toEqual(expect.arrayContaining(['fingerprints', 'recordAll']))
    expect(warned).toHaveBeenCalled()
  })

  it('is not explained, and nothing is exported for that, with EXPLAIN=off', async () => {
    const made = recorder({ RECENT_REQUESTS, EXPLAIN: 'off' })
    await made.ask()
    const entries = await made.entries()
    expect(entries[0]).not.toHaveProperty('fingerprint')
    expect(await made.imported({ entries, ttl_seconds: 60 })).toMatchObject({ imported: 1 })
  })
})
