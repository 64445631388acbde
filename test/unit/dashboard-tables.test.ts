import { describe, expect, it } from 'vitest'
import { csvOf } from '../../src/dashboard/csv.ts'
import { groupTable } from '../../src/dashboard/group-tables.ts'
import { latencyTable } from '../../src/dashboard/latency-table.ts'
import { layersTable, outcomesTable, seriesTable } from '../../src/dashboard/outcome-tables.ts'
import { semanticSums } from '../../src/dashboard/semantic-tables.ts'
import { totalOf } from '../../src/dashboard/sums.ts'
import type { Kind, Table } from '../../src/dashboard/table.ts'
import { queryOf, viewOf } from '../../src/dashboard/view.ts'
import { ledgerOutcomes } from '../../src/ledger/record.ts'
import { emptyReport, fakeLedger } from '../support/fake-ledger.ts'
import { parseCsv } from '../support/csv.ts'

const query = queryOf(viewOf({ range: '24h' }), Date.UTC(2026, 10, 29, 12, 10))
const report = await fakeLedger.report(query)

/** A column of numbers, summed. */
const sumOf = (rows: readonly (readonly unknown[])[], at: number) =>
  rows.reduce((sum, row) => sum + Number(row[at]), 0)

/** The rows of a table as objects. */
const recordsOf = ({ columns, rows }: Table) =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])))

describe('the tables of a report', () => {
  it('count the same requests by outcome, over time and by latency', () => {
    const { requests } = totalOf(report.outcomes)
    expect(sumOf(outcomesTable(report).rows, 1)).toBe(requests)
    const series = seriesTable(report).rows
    expect(ledgerOutcomes.reduce((sum, _, at) => sum + sumOf(series, at + 1), 0)).toBe(requests)
    const latency = latencyTable(report).rows
    expect(latency.at(-1)!.slice(0, 3)).toEqual(['all', null, requests])
    expect(sumOf(latency.slice(0, -1), 2)).toBe(requests)
  })

  it('have layers that add up to the hit ratio', () => {
    const { requests, rejected, hits } = totalOf(report.outcomes)
    expect(rejected).toBeGreaterThan(0)
    expect(sumOf(layersTable(report).rows, 1)).toBe(hits)
    expect(sumOf(layersTable(report).rows, 2)).toBeCloseTo(hits / (requests - rejected))
  })

  it('count no rejected request and no failed shared call in the hit ratio of a step', () => {
    const at = query.from
    const nothing = totalOf([])
    const series = [
      { ...nothing, at, outcome: 'coalesced', requests: 4, hits: 3 },
      { ...nothing, at, outcome: 'miss', requests: 2 },
      { ...nothing, at, outcome: 'rejected', requests: 5, rejected: 5 },
    ] as const
    const [step, next] = recordsOf(seriesTable({ ...emptyReport(query), series }))
    expect(step).toMatchObject({ rejected: 5, hits: 3, hit_ratio: 0.5 })
    expect(next).toMatchObject({ hits: 0, hit_ratio: null })
  })

  it('count no rejected request in the hit ratio of a model, a tenant or an API', () => {
    const sums = { ...totalOf([]), requests: 12, rejected: 4, hits: 2 }
    const groups = [
      { ...sums, name: 'acme' },
      { ...sums, name: 'wrong keys', rejected: 12, hits: 0 },
    ]
    for (const kind of ['models', 'tenants', 'apis'] as const) {
      const [acme, wrong] = recordsOf(groupTable(kind, groups, viewOf({})))
      expect(acme, kind).toMatchObject({ requests: 12, rejected: 4, hit_ratio: 0.25 })
      expect(wrong, kind).toMatchObject({ rejected: 12, hit_ratio: null })
    }
  })

  it('count hits of unknown tiers as a layer of their own', () => {
    const one = report.outcomes.find(({ tier }) => tier === 'memory')!
    const table = layersTable({ ...report, outcomes: [{ ...one, tier: '' }] })
    expect(table.rows.find(([layer]) => layer === 'mixed')).toEqual([
      'mixed',
      one.requests,
      1,
      one.savedUsd,
      one.savedInputTokens + one.savedOutputTokens,
    ])
  })

  it('call the tier of hits on batches from several tiers mixed', () => {
    const one = report.outcomes.find(({ tier }) => tier === 'memory')!
    const miss = report.outcomes.find(({ outcome }) => outcome === 'miss')!
    const table = latencyTable({ ...report, outcomes: [{ ...one, tier: '' }, miss] })
    expect(table.rows.map(([outcome, tier]) => [outcome, tier])).toEqual([
      ['exact-hit', 'mixed'],
      ['miss', null],
      ['all', null],
    ])
  })

  it('have a row for every step of the range, also without requests', () => {
    const rows = seriesTable(emptyReport(query)).rows
    expect(rows).toHaveLength(48)
    expect(rows[0]).toEqual([query.from, ...ledgerOutcomes.map(() => 0), 0, null, 0, 0])
    expect(rows.at(-1)![0]).toBe(query.to - query.stepMs)
  })

  it('leave out steps outside of the range', () => {
    const step = { ...totalOf([]), outcome: 'miss', requests: 1, savedUsd: 1 } as const
    const series = [query.from - 1, query.to].map((at) => ({ at, ...step }))
    expect(sumOf(seriesTable({ ...emptyReport(query), series }).rows, 5)).toBe(0)
  })
})

describe('the sums of semantic verification', () => {
  it('keep what shadow mode would have served apart from what was served', () => {
    const verdict = (
      name: string,
      shadow: boolean,
      decisions: number,
      agreed = 0,
      disagreed = 0,
    ) => ({
      verdict: name,
      shadow,
      decisions,
      agreed,
      disagreed,
    })
    const verdicts = [
      verdict('hit', false, 10),
      verdict('not the same', false, 4),
      verdict('judge unavailable', false, 1),
      verdict('hit', true, 8, 5, 2),
      verdict('not the same', true, 3, 1, 2),
    ]
    expect(semanticSums({ ...emptyReport(query), verdicts })).toEqual({
      served: 10,
      refused: 5,
      wouldServe: 8,
      wouldRefuse: 3,
      agreed: 5,
      disagreed: 2,
    })
  })
})

describe('CSV', () => {
  const table = (kind: Kind, rows: (string | number | null)[][]) => ({
    name: 'test',
    caption: 'Test',
    columns: [{ name: 'value', title: 'Value', kind }],
    rows,
  })
  const fieldOf = (value: string | number | null, kind: Kind = 'text') =>
    csvOf(table(kind, [[value]]))
      .replace('value\r\n', '')
      .replace(/\r\n$/, '')

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=1,"x"'])(
    'puts an apostrophe before a text that a spreadsheet would run: %j',
    (text) => expect(parseCsv(csvOf(table('text', [[text]])))[1]![0]).toBe(`'${text}`),
  )

  it('leaves numbers as they are, negative ones too', () => {
    expect(fieldOf(-1.5, 'usd')).toBe('-1.5')
    expect(fieldOf(0.1 + 0.2, 'usd')).toBe('0.3')
    expect(fieldOf(Infinity, 'atMost')).toBe('Infinity')
  })

  it('writes times by ISO 8601, and nothing for what is unknown', () => {
    expect(fieldOf(Date.UTC(2026, 10, 29), 'instant')).toBe('2026-11-29T00:00:00.000Z')
    expect(fieldOf(null)).toBe('')
  })

  it('quotes commas, quotes and line ends', () => {
    expect(fieldOf('a,b')).toBe('"a,b"')
    expect(fieldOf('say "yes"')).toBe('"say ""yes"""')
    expect(fieldOf('two\nlines')).toBe('"two\nlines"')
  })
})
