import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchOf } from '../support/batch-of.ts'
import { BatchLost, ledgerReader, ledgerWriter } from '../../src/ledger/client.ts'
import type { LedgerNamespace } from '../../src/ledger/client.ts'
import type { LedgerStub } from '../../src/ledger/ledger.ts'
import { mergeReports, mergeTotals } from '../../src/ledger/merge.ts'
import { ledgerOutcomes } from '../../src/ledger/record.ts'
import { MOST_FAILURES, MOST_GROUPS, OTHER } from '../../src/ledger/report.ts'
import type { GroupSums, Report, Totals } from '../../src/ledger/report.ts'
import { shardOf } from '../../src/ledger/shards.ts'
import {
  NO_RECORDS,
  plainLatencies,
  plainSums,
  randomNumbers,
  randomRequest,
} from '../support/ledger-records.ts'

const HOUR_MS = 3_600_000
const NOW = Date.UTC(2026, 10, 15, 12)
const seeds = fc.integer({ min: 0, max: 1e9 })

/** What a shard may say. */
function randomReport(seed: number): Report {
  const random = randomNumbers(seed)
  const requests = (count: number) =>
    Array.from({ length: random.below(count) }, () => randomRequest(random, NOW, HOUR_MS))
  const some = <Item>(of: () => Item) => Array.from({ length: random.below(6) }, of)
  const groups = (names: number): GroupSums[] =>
    Array.from({ length: names }, (_, at) => ({
      name: `name-${at}`,
      ...plainSums(requests(9)),
    })).filter(() => random.next() < 0.8)
  const outcomes = ledgerOutcomes.filter(() => random.next() < 0.5)
  return {
    query: { from: NOW - HOUR_MS, to: NOW, stepMs: HOUR_MS, tenant: undefined },
    series: outcomes.map((outcome) => ({
      at: NOW - HOUR_MS,
      outcome,
      ...plainSums(requests(9)),
    })),
    outcomes: outcomes.map((outcome) => ({
      outcome,
      tier: '' as const,
      ...plainLatencies(requests(9)),
    })),
    models: groups(40),
    tenants: groups(MOST_GROUPS),
    apis: groups(3),
    verdicts: [
      { verdict: 'hit', shadow: false, decisions: random.below(9), agreed: 0, disagreed: 0 },
    ],
    probabilities: Array.from({ length: 10 }, () => random.below(9)),
    judge: {
      calls: random.below(9),
      usd: random.below(9),
      unpriced: random.below(9),
      ms: random.below(9),
    },
    failures: some(() => ({
      at: random.below(1e9),
      requestId: `${random.next()}`,
      tenant: '',
      model: '',
      api: '',
      status: 500,
      error: 'e',
    })).sort((a, b) => b.at - a.at),
    events: [{ name: 'judge_paused', count: random.below(9) }],
    gauges: some(() => ({
      name: 'sweep_left' as const,
      value: random.below(9),
      at: random.below(1e12),
    })).slice(0, 1),
  }
}

/** The same report, whatever the order of lists that have none. */
const inOrder = (report: Report) => ({
  ...report,
  series: report.series.toSorted((a, b) => (a.outcome < b.outcome ? -1 : 1)),
  outcomes: report.outcomes.toSorted((a, b) => (a.outcome < b.outcome ? -1 : 1)),
})

type Reports = [Report, ...Report[]]

describe('merged reports', () => {
  it('are the same in any order of the shards', () => {
    fc.assert(
      fc.property(fc.array(seeds, { minLength: 1, maxLength: 8 }), (made) => {
        const reports = made.map(randomReport) as Reports
        const backwards = reports.toReversed() as Reports
        expect(inOrder(mergeReports(backwards))).toEqual(inOrder(mergeReports(reports)))
      }),
    )
  })

  it('lose nothing: every sum is that of the shards', () => {
    fc.assert(
      fc.property(fc.array(seeds, { minLength: 1, maxLength: 8 }), (made) => {
        const reports = made.map(randomReport) as Reports
        const merged = mergeReports(reports)
        for (const list of ['models', 'tenants', 'apis', 'outcomes', 'series'] as const) {
          const requests = (some: readonly Report[]) =>
            some
              .flatMap((report): readonly { readonly requests: number }[] => report[list])
              .reduce((sum, one) => sum + one.requests, 0)
          expect(requests([merged]), list).toBe(requests(reports))
        }
        const calls = reports.reduce((sum, { judge }) => sum + judge.calls, 0)
        expect(merged.judge.calls).toBe(calls)
      }),
    )
  })

  it('name the largest groups of all shards, and one that holds the others', () => {
    const group = (name: string, requests: number): GroupSums => ({
      name,
      ...plainSums([]),
      requests,
    })
    const shard = (prefix: string) => ({
      ...randomReport(1),
      models: [
        group('everywhere', 6), // not the largest of any shard
        ...Array.from({ length: 30 }, (_, at) => group(`${prefix}-${at}`, 10)),
        group(OTHER, 100),
      ],
    })
    const { models } = mergeReports([shard('a'), shard('b')])
    expect(models).toHaveLength(MOST_GROUPS + 1)
    expect(models[0]).toMatchObject({ name: 'everywhere', requests: 12 })
    expect(models.at(-1)).toMatchObject({ name: OTHER, requests: 200 + 41 * 10 })
  })

  it('list the newest failures of all shards', () => {
    const failing = (from: number) => ({
      ...randomReport(1),
      failures: Array.from({ length: MOST_FAILURES }, (_, back) => ({
        at: from - 2 * back,
        requestId: '',
        tenant: '',
        model: '',
        api: '',
        status: 500,
        error: '',
      })),
    })
    const { failures } = mergeReports([failing(1_000), failing(1_001)])
    expect(failures.map(({ at }) => at)).toEqual(
      Array.from({ length: MOST_FAILURES }, (_, back) => 1_001 - back),
    )
  })

  it('have the widest range and step, if a shard has no minutes any more', () => {
    const report = randomReport(1)
    const inMinutes = {
      ...report,
      query: { from: NOW - 60_000, to: NOW, stepMs: 60_000, tenant: undefined },
      series: [{ at: NOW - 60_000, outcome: 'miss' as const, ...plainSums([]), requests: 1 }],
    }
    const inHours = {
      ...report,
      series: [{ at: NOW - HOUR_MS, outcome: 'miss' as const, ...plainSums([]), requests: 2 }],
    }
    expect(mergeReports([inMinutes, inHours])).toMatchObject({
      query: { from: NOW - HOUR_MS, to: NOW, stepMs: HOUR_MS },
      series: [{ at: NOW - HOUR_MS, requests: 3 }],
    })
  })
})

describe('merged totals', () => {
  it('sum up what has all names in common', () => {
    const { verdicts, probabilities, judge, events, gauges } = randomReport(3)
    const row = {
      api: '/v1/messages',
      model: 'small',
      outcome: 'miss',
      tier: '',
      status: '2xx',
    } as const
    const one: Totals = {
      requests: [
        { ...row, ...plainLatencies([]), requests: 2 },
        { ...row, status: '5xx', ...plainLatencies([]), requests: 1 },
      ],
      verdicts,
      probabilities,
      judge,
      events,
      gauges,
    }
    const merged = mergeTotals([one, one, one])
    expect(merged.requests).toMatchObject([{ requests: 6 }, { requests: 3 }])
    expect(merged.probabilities).toEqual(probabilities.map((count) => 3 * count))
    expect(merged.events).toEqual(events.map((event) => ({ ...event, count: 3 * event.count })))
  })
})

/** A ledger whose objects do as they are told. */
function scripted(stub: (name: string) => Partial<LedgerStub>) {
  const namespace: LedgerNamespace = {
    getByName: (name) => stub(name) as LedgerStub,
    jurisdiction: () => namespace,
  }
  return { namespace, shards: 4, timeoutMs: 1 }
}

const never = new Promise<never>(() => {})

describe('the client of the ledger', () => {
  const random = randomNumbers(4)
  const requestOf = (tenant: string) => ({ ...randomRequest(random, NOW, 1), tenant })
  /** Tenants of each of four shards. */
  const tenants = [0, 1, 2, 3].map((shard) =>
    Array.from({ length: 50 }, (_, at) => `tenant-${at}`).find(
      (tenant) => shardOf(tenant, 4) === shard,
    )!,
  )

  it('says how many records were lost with the shards that failed or were late', async () => {
    const added: string[] = []
    const writer = ledgerWriter(
      scripted((name) => ({
        add: async () => {
          added.push(name)
          if (name === 'ledger:1') throw new Error('overloaded')
          if (name === 'ledger:2') await never
        },
      })),
    )
    const requests = tenants.flatMap((tenant, shard) =>
      Array.from({ length: 10 ** shard }, () => requestOf(tenant)),
    )
    const lost: unknown = await writer
      .send(batchOf({ ...NO_RECORDS, requests }))
      .catch((error: unknown) => error)
    expect(lost).toBeInstanceOf(BatchLost)
    expect(lost).toMatchObject({ batches: 2, records: 110, message: 'overloaded' })
    expect(added.toSorted()).toEqual(['ledger:0', 'ledger:1', 'ledger:2', 'ledger:3'])
  })

  it('asks only the shards that a batch concerns', async () => {
    const added: string[] = []
    const writer = ledgerWriter(scripted((name) => ({ add: async () => void added.push(name) })))
    await writer.send(batchOf({ ...NO_RECORDS, requests: [requestOf(tenants[3]!)] }))
    await writer.send(batchOf(NO_RECORDS))
    expect(added).toEqual(['ledger:3'])
  })

  it('reads nothing if a shard is late', async () => {
    const reader = ledgerReader(
      scripted((name) => ({
        report: async () => (name === 'ledger:3' ? never : randomReport(1)),
        totals: async () => (name === 'ledger:3' ? never : (randomReport(1) as never)),
      })),
    )
    const query = { from: 0, to: NOW, stepMs: HOUR_MS, tenant: undefined }
    await expect(reader.report(query)).rejects.toThrow('Too late.')
    await expect(reader.totals()).rejects.toThrow('Too late.')
  })

  it('asks the shard of the tenant what the judge cost in the month', async () => {
    const writer = ledgerWriter(
      scripted((name) => ({
        judgeSpend: async (tenant, month) =>
          Number(name.slice(-1)) + (tenant === tenants[2] && month === '2026-11' ? 0.5 : 0),
      })),
    )
    expect(await writer.judgeSpend(tenants[2]!, NOW)).toBe(2.5)
  })
})
