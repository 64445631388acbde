import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { totalOf } from '../../src/dashboard/sums.ts'
import { reportTables } from '../../src/dashboard/tables.ts'
import { rangeNames } from '../../src/dashboard/view.ts'
import type { LedgerReader, ReportQuery } from '../../src/ledger/report.ts'
import { parseCsv } from '../support/csv.ts'
import { ADMIN_KEY, dashboard } from '../support/dashboard.ts'
import {
  emptyReport,
  fakeLedger,
  HOSTILE_TENANT,
  QUIET_TENANT,
  UNREADABLE_TENANT,
} from '../support/fake-ledger.ts'

const NOW = Date.UTC(2026, 10, 29, 12, 10)
const AS_ADMIN = { authorization: `Bearer ${ADMIN_KEY}` }

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => vi.restoreAllMocks())

/** The page as an operator gets it. */
async function shown(made: ReturnType<typeof dashboard>, query = '') {
  const answer = await made.get(`/dashboard${query}`, AS_ADMIN)
  return { answer, page: await answer.text() }
}

/** A ledger that remembers what it was asked. */
function watchedLedger(): LedgerReader & { queries: ReportQuery[] } {
  const queries: ReportQuery[] = []
  return {
    ...fakeLedger,
    queries,
    report(query) {
      queries.push(query)
      return fakeLedger.report(query)
    },
  }
}

describe('the dashboard', () => {
  it('has headers that forbid storing, framing, scripts and everything foreign', async () => {
    const { answer } = await shown(dashboard())
    const { headers } = answer
    expect(headers.get('content-type')).toMatch(/^text\/html/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('strict-transport-security')).toContain('max-age=')
  })

  it('has no script, no inline style and nothing from elsewhere', async () => {
    const { page } = await shown(dashboard())
    const bare = page.replaceAll(/="[^"]*"/g, '=')
    expect(bare).not.toMatch(/<script|<style|<[^>]*\s(style|on[a-z]+)=/)
    expect(page).not.toMatch(/https?:\/\/(?!gateway)/)
  })

  it('escapes the names of tenants, which callers may choose', async () => {
    const made = dashboard()
    const filtered = `?tenant=${encodeURIComponent(HOSTILE_TENANT)}`
    for (const query of ['', filtered]) {
      const { page } = await shown(made, query)
      expect(page).toContain('=1+1&quot;&gt;&lt;img src=x')
      expect(page).not.toMatch(/<script|<img src=x/)
    }
    const login = await (await made.get(`/dashboard${filtered}`)).text()
    expect(login).not.toMatch(/<script|<img src=x/)
  })

  it('asks the ledger for the range and the tenant in its URL', async () => {
    const ledgerReader = watchedLedger()
    const made = dashboard({ dependencies: { ledgerReader, now: () => NOW } })
    for (const range of rangeNames) await shown(made, `?range=${range}&tenant=acme`)
    await shown(made)
    const hours = ledgerReader.queries.map(({ from, to }) => (to - from) / 3_600_000)
    expect(hours).toEqual([0.25, 1, 6, 24, 168, 720, 2_160, 24])
    const steps = ledgerReader.queries.map(({ stepMs }) => stepMs / 60_000)
    expect(steps).toEqual([1, 1, 5, 30, 180, 720, 1_440, 30])
    const tenants = ledgerReader.queries.map(({ tenant }) => tenant)
    expect(tenants).toEqual([...rangeNames.map(() => 'acme'), undefined])
    for (const { from, to, stepMs } of ledgerReader.queries) {
      expect([from % stepMs, to % stepMs]).toEqual([0, 0])
      expect(to).toBeGreaterThan(NOW)
      expect(to - NOW).toBeLessThanOrEqual(stepMs)
    }
  })

  it('keeps the other parameters in every link', async () => {
    const { page } = await shown(dashboard(), '?range=7d&tenant=acme&refresh=60')
    expect(page).toContain('href="/dashboard?range=30d&amp;tenant=acme&amp;refresh=60"')
    expect(page).toContain('href="/dashboard?range=7d&amp;tenant=acme&amp;refresh=300"')
    expect(page).toContain('href="/dashboard?range=7d&amp;refresh=60"')
    expect(page).toContain('/dashboard/export/models.csv?range=7d&amp;tenant=acme&amp;refresh=60')
  })

  it('reloads itself only if its URL says so', async () => {
    const made = dashboard()
    expect((await shown(made)).answer.headers.get('refresh')).toBeNull()
    expect((await shown(made, '?refresh=60')).answer.headers.get('refresh')).toBe('60')
    const login = await made.get('/dashboard?refresh=60')
    expect(login.headers.get('refresh')).toBeNull()
  })

  it.each([
    'range=2h',
    'range=',
    'range=__proto__',
    'refresh=1',
    'refresh=060',
    `tenant=${'x'.repeat(600)}`,
  ])('refuses a value that is not offered: %s', async (query) => {
    const made = dashboard()
    const { answer, page } = await shown(made, `?${query}`)
    expect(answer.status).toBe(400)
    expect(page).toContain('Back to the dashboard')
    const csv = await made.get(`/dashboard/export/models.csv?${query}`, AS_ADMIN)
    expect(csv.status).toBe(400)
    expect(await csv.json()).toMatchObject({ error: { param: query.split('=')[0] } })
  })

  it('answers HEAD with the headers of GET, and 405 to other methods', async () => {
    const { fetch } = dashboard()
    const head = await fetch('/dashboard', { method: 'HEAD', headers: AS_ADMIN })
    expect(head.status).toBe(200)
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(10_000)
    const posted = await fetch('/dashboard', { method: 'POST' })
    expect(posted.status).toBe(405)
    expect(posted.headers.get('allow')).toBe('GET, HEAD')
    const got = await fetch('/dashboard/login')
    expect(got.status).toBe(405)
    expect(got.headers.get('allow')).toBe('POST')
  })

  it('links a stylesheet that browsers may keep, because its URL changes with it', async () => {
    const made = dashboard()
    const { page } = await shown(made)
    const [, href = ''] = /href="(\/dashboard\/style\.css\?v=[0-9a-f]{12})"/.exec(page) ?? []
    const style = await made.get(href)
    expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(style.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(await style.text()).toContain('prefers-color-scheme:dark')
    expect((await made.get('/dashboard/style.css')).headers.get('cache-control')).toBe('no-cache')
    expect((await made.get('/dashboard/icon.svg')).headers.get('content-type')).toBe(
      'image/svg+xml',
    )
  })
})

describe('what the dashboard says without data', () => {
  it('without requests: how to send one, and where to look', async () => {
    const { page } = await shown(dashboard(), `?tenant=${QUIET_TENANT}`)
    expect(page).toContain('No requests of this tenant in this range')
    expect(page).toContain('curl https://gateway/v1/chat/completions')
    expect(page).toContain('No request failed in this range.')
  })

  it.each([
    ['off', 'The semantic cache is off'],
    ['shadow', 'No semantic hit in this range (<code>SEMANTIC=shadow</code>)'],
  ])('without semantic hits and SEMANTIC=%s: what the setting does', async (mode, text) => {
    const made = dashboard({ env: { SEMANTIC: mode } })
    const { page } = await shown(made, `?tenant=${QUIET_TENANT}`)
    expect(page).toContain(text)
  })

  it('with the ledger off: that, and the state of the services', async () => {
    const made = dashboard({ dependencies: { ledgerReader: undefined } })
    const { answer, page } = await shown(made)
    expect(answer.status).toBe(200)
    expect(page).toContain('The ledger is off')
    expect(page).toContain('LiteLLM')
    expect((await made.get('/dashboard/export/models.csv', AS_ADMIN)).status).toBe(404)
  })

  it('with a shard that does not answer: 503, that, and the state of the services', async () => {
    const made = dashboard()
    const { answer, page } = await shown(made, `?tenant=${UNREADABLE_TENANT}`)
    expect(answer.status).toBe(503)
    expect(page).toContain('The ledger did not answer')
    expect(page).toContain('LiteLLM')
    const csv = await made.get(`/dashboard/export/models.csv?tenant=${UNREADABLE_TENANT}`, AS_ADMIN)
    expect(csv.status).toBe(503)
  })
})

describe('the state of the services', () => {
  it('names what fails in the header of the page', async () => {
    const made = dashboard({ hosts: { qdrant: undefined } })
    const { page } = await shown(made)
    expect(page).toContain('href="#services">Qdrant is failing</a>')
    expect(page).toContain('<code>MLFLOW_URL</code>')
    expect((await shown(dashboard())).page).toContain('All services ok')
  })

  it('says that the circuit breaker is open', async () => {
    const { page } = await shown(dashboard({ dependencies: { breaker: () => 'open' } }))
    expect(page).toContain('href="#services">Qdrant is skipped</a>')
    expect(page).toContain('open: this isolate skips Qdrant')
  })

  it('is probed once a minute at most, because the judge costs money', async () => {
    let now = Date.now()
    let probed = 0
    const probe = async () => void (probed += 1)
    const made = dashboard({
      dependencies: { now: () => now, probes: [{ name: 'semantic-judge', vital: false, probe }] },
    })
    await shown(made)
    await shown(made)
    expect(probed).toBe(1)
    now += 60_001
    await shown(made)
    expect(probed).toBe(2)
  })
})

describe('the tables as CSV', () => {
  it.each([...reportTables, 'services'])(
    '%s has the rows and numbers of the page',
    async (name) => {
      const made = dashboard()
      const { page } = await shown(made, '?range=1h')
      const answer = await made.get(`/dashboard/export/${name}.csv?range=1h`, AS_ADMIN)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
      expect(answer.headers.get('content-disposition')).toBe(
        `attachment; filename="${name}-1h.csv"`,
      )
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const [head = [], ...rows] = parseCsv(await answer.text())
      const [, table = ''] = new RegExp(`<table id="table-${name}">(.*?)</table>`).exec(page) ?? []
      expect(rows.length).toBeGreaterThan(0)
      expect(table.split('<tr>')).toHaveLength(rows.length + 2)
      for (const row of rows) expect(row).toHaveLength(head.length)
      const numbers = [...table.matchAll(/<data value="([^"]+)">/g)].map(([, value]) => value)
      const probe = head.indexOf('probe_ms') // measured, so that it differs
      const plain = rows.flatMap((row) => row.filter((_, at) => at !== probe))
      if (probe < 0) expect(plain).toEqual(expect.arrayContaining(numbers))
    },
  )

  it('runs no formula in a spreadsheet', async () => {
    const answer = await dashboard().get('/dashboard/export/tenants.csv', AS_ADMIN)
    const names = parseCsv(await answer.text()).map(([name]) => name)
    expect(names).toContain(`'${HOSTILE_TENANT}`)
  })

  it('is 404 for an unknown table', async () => {
    const { get } = dashboard()
    for (const name of ['secrets', '__proto__', 'constructor', '..%2Fmodels']) {
      expect((await get(`/dashboard/export/${name}.csv`, AS_ADMIN)).status, name).toBe(404)
    }
  })
})

describe('a long name in a table', () => {
  it('is the start of a digest, and the whole on hover, in its link and in CSV', async () => {
    const digest = 'f'.repeat(64)
    const made = dashboard()
    const { page } = await shown(made)
    expect(page).toContain(`tenant=${digest}"><span title="${digest}">ffffffffffff…</span>`)
    const csv = await made.get('/dashboard/export/tenants.csv', AS_ADMIN)
    expect(await csv.text()).toContain(`\n${digest},`)
  })
})

describe('the headline numbers', () => {
  /** The page of a ledger with 1,200 hits. */
  async function pageOf(unpricedHits: number, savedUsd: number): Promise<string> {
    const hits = {
      ...totalOf([]),
      outcome: 'exact-hit',
      tier: 'memory',
      requests: 1_200,
      hits: 1_200,
      savedInputTokens: 3_000,
      savedOutputTokens: 500,
      savedMs: 90_000,
      savedUsd,
      unpricedHits,
      latency: [1_200],
      latencySumMs: 1_200,
    } as const
    const report = (query: ReportQuery) =>
      Promise.resolve({
        ...emptyReport(query),
        series: [{ ...hits, at: query.from }],
        outcomes: [hits],
      })
    const ledgerReader = { ...fakeLedger, report }
    return (await shown(dashboard({ dependencies: { ledgerReader } }))).page
  }

  it('say how many hits have no price', async () => {
    const page = await pageOf(40, 2.5)
    expect(page).toContain('Of 1,200 hits, 40 have no price and count as 0.')
    expect(page).toContain('$2.50<span class="of"> USD</span>')
    expect(page).toContain('3,000 input and 500 output tokens')
    expect(page).toContain('>1\u00a0min 30\u00a0s<')
    expect(page).toContain('Saved money over time')
  })

  it('are in tokens, and not $0.00, if no hit has a price', async () => {
    const page = await pageOf(1_190, 0)
    expect(page).toContain('LiteLLM named no price for 1,190 of 1,200 hits.')
    expect(page).toMatch(/Saved money<\/dt><dd class="value">–<\/dd>/)
    expect(page).toContain('Saved tokens over time')
    expect(page).toContain('UTC\n3,500</title>')
  })
})
