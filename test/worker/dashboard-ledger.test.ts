import { expect, it } from 'vitest'
import { reportTables } from '../../src/dashboard/tables.ts'
import { rangeNames } from '../../src/dashboard/view.ts'
import { parseCsv } from '../support/csv.ts'
import { ADMIN_KEY, dashboard } from '../support/dashboard.ts'
import { HOSTILE_TENANT } from '../support/fake-ledger.ts'
import { decision, ledger, NOW, request, useClock } from '../support/ledger.ts'

const AS_ADMIN = { authorization: `Bearer ${ADMIN_KEY}` }

useClock()

const saved = { inputTokens: 30, outputTokens: 12, usd: 0.5, ms: 2_000 }
const hit = { outcome: 'exact-hit', tier: 'memory', latencyMs: 3, saved } as const

/** A dashboard on the real ledger, in which two tenants have made requests. */
async function counted() {
  const { add, reader } = ledger()
  await add({
    requests: [
      request(hit),
      request({ ...hit, saved: { ...saved, usd: undefined } }),
      request({ latencyMs: 900 }),
      request({ outcome: 'coalesced', status: 429, error: 'status 429' }),
      request({ tenant: '', outcome: 'rejected', status: 401, error: 'invalid_api_key' }),
      request({
        tenant: HOSTILE_TENANT,
        status: 504,
        error: 'upstream_timeout',
        requestId: 'late',
      }),
    ],
    decisions: [decision({ verdict: 'hit', shadow: false, same: 0.95, judgeUsd: 0.25 })],
    events: [{ at: NOW, name: 'trace_spans_dropped', count: 7 }],
  })
  const made = dashboard({ dependencies: { ledgerReader: reader, now: () => NOW } })
  const csv = async (name: string, query = '') => {
    const answer = await made.get(`/dashboard/export/${name}.csv${query}`, AS_ADMIN)
    const [head = [], ...rows] = parseCsv(await answer.text())
    return rows.map((row) => Object.fromEntries(row.map((cell, at) => [head[at]!, cell])))
  }
  return {
    csv,
    page: async (query = '') => (await made.get(`/dashboard${query}`, AS_ADMIN)).text(),
  }
}

it('the dashboard shows in every range what the ledger counted', async () => {
  const { csv, page } = await counted()
  for (const range of rangeNames) {
    const query = `?range=${range}`
    const text = await page(query)
    expect(text, range).toContain('2 of 5 requests were answered by a cache.')
    expect(text, range).toContain('Of 2 hits, 1 has no price and count as 0.')
    expect(text, range).toContain('upstream_timeout')
    const series = await csv('series', query)
    const sum = (name: string) => series.reduce((total, row) => total + Number(row[name]), 0)
    expect([sum('exact-hit'), sum('miss'), sum('saved_usd')], range).toEqual([2, 2, 0.5])
    expect([sum('coalesced'), sum('rejected'), sum('hits')], range).toEqual([1, 1, 2])
  }
})

it('the hit ratio is the same number everywhere, and rejected requests do not count in it', async () => {
  const { csv, page } = await counted()
  expect(await page()).toMatch(/Hit ratio<\/dt><dd class="value">40.0\u00a0%</)
  const [model] = await csv('models')
  expect(model).toMatchObject({ requests: '6', rejected: '1', hit_ratio: '0.4' })
  const layers = (await csv('layers')).map(({ hit_ratio }) => Number(hit_ratio))
  expect(layers.reduce((sum, ratio) => sum + ratio, 0)).toBe(0.4)
  const steps = (await csv('series')).filter(({ hit_ratio }) => hit_ratio !== '')
  expect(steps).toEqual([expect.objectContaining({ hits: '2', hit_ratio: '0.4' })])
})

it('the dashboard shows one tenant alone', async () => {
  const { csv } = await counted()
  const query = `?tenant=${encodeURIComponent(HOSTILE_TENANT)}`
  expect(await csv('outcomes', query)).toMatchObject([
    { outcome: 'miss', requests: '1', failed: '1' },
  ])
  expect(await csv('failures', query)).toMatchObject([{ request_id: 'late', status: '504' }])
  expect(await csv('failures', '?tenant=acme')).toEqual([])
})

it('every table of the dashboard has a row once something was counted', async () => {
  const { csv } = await counted()
  for (const name of reportTables) expect(await csv(name), name).not.toEqual([])
  expect(await csv('layers')).toContainEqual({
    layer: 'memory',
    hits: '2',
    hit_ratio: '0.4',
    saved_usd: '0.5',
    saved_tokens: '84',
  })
  expect(await csv('latency')).toContainEqual(
    expect.objectContaining({ outcome: 'exact-hit', p99_at_most_ms: '5', mean_ms: '3' }),
  )
  expect((await csv('verdicts'))[0]).toMatchObject({ verdict: 'hit', decisions: '1' })
})
