import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { dependenciesFor } from '../../src/dependencies.ts'
import { MOST_NAMES } from '../../src/ledger/bounded-names.ts'
import { batchOf } from '../support/batch-of.ts'
import { ledgerWriter } from '../../src/ledger/client.ts'
import { noRecorder } from '../../src/ledger/recorder.ts'
import { Misconfigured } from '../../src/parse-config.ts'
import {
  by,
  NO_RECORDS,
  plainDecisions,
  plainLatencies,
  plainReport,
  randomDecision,
  randomNumbers,
  randomRequest,
} from '../support/ledger-records.ts'
import { byName, totalsByName } from '../support/ledger-report.ts'
import type { Batch } from '../../src/ledger/batch.ts'
import type { LedgerNamespace } from '../../src/ledger/client.ts'
import type { RequestRecord } from '../../src/ledger/record.ts'
import {
  DAY_MS,
  decision,
  HOUR_MS,
  ledger,
  MINUTE_MS,
  NOW,
  request,
  useClock,
} from '../support/ledger.ts'

useClock()

/** Whole minutes and hours, as the ledger counts them. */
const widened = (from: number, to: number, ms: number) => ({
  from: from - (from % ms),
  to: Math.ceil(to / ms) * ms,
})

/** Records of five days in batches of 1 … 200, in any order, all sent. */
async function sendAtRandom(made: ReturnType<typeof ledger>, requests: number, decisions: number) {
  const numbers = randomNumbers(21)
  const records = {
    ...NO_RECORDS,
    requests: Array.from({ length: requests }, () => randomRequest(numbers, NOW, 5 * DAY_MS)),
    decisions: Array.from({ length: decisions }, () => randomDecision(numbers, NOW, 5 * DAY_MS)),
  }
  for (let r = 0, d = 0; r < requests || d < decisions;) {
    const [some, few] = [1 + numbers.below(200), numbers.below(50)]
    await made.add({
      requests: records.requests.slice(r, r + some),
      decisions: records.decisions.slice(d, d + few),
    })
    r += some
    d += few
  }
  return records
}

describe('the ledger', () => {
  it('counts 10,000 random requests as a plain count does, and keeps them when it is evicted', async () => {
    const made = ledger()
    const records = await sendAtRandom(made, 10_000, 2_000)
    const ranges = [
      [NOW - 5 * DAY_MS, NOW, HOUR_MS],
      [NOW - 5 * DAY_MS, NOW, DAY_MS],
      [NOW - 3 * DAY_MS, NOW - DAY_MS, HOUR_MS],
      [NOW - 2 * DAY_MS, NOW, 10 * MINUTE_MS],
      [NOW - 7 * HOUR_MS, NOW - HOUR_MS - 1_234, MINUTE_MS],
      [NOW + DAY_MS, NOW + 2 * DAY_MS, MINUTE_MS],
    ] as const
    const check = async () => {
      expect((await made.report({ stepMs: 0 })).query.stepMs, 'a whole step').toBe(MINUTE_MS)
      for (const [from, to, stepMs] of ranges) {
        const counted = widened(from, to, stepMs < HOUR_MS ? MINUTE_MS : HOUR_MS)
        for (const tenant of [undefined, 'tenant-3', 'tenant-16', '', 'unknown']) {
          const report = await made.report({ from, to, stepMs, tenant })
          expect(report.query).toEqual({ ...counted, stepMs, tenant })
          expect(byName(report)).toEqual(plainReport(records, { ...counted, tenant }, stepMs))
        }
      }
      const rows = ({ api, model, outcome, tier, status }: RequestRecord) =>
        `${api} ${model} ${outcome} ${tier} ${Math.floor(status / 100)}xx`
      expect(totalsByName(await made.reader.totals())).toEqual({
        requests: Object.fromEntries(
          [...by(records.requests, rows)].map(([name, some]) => [name, plainLatencies(some)]),
        ),
        ...plainDecisions(records.decisions),
      })
    }
    await check()
    await made.evict()
    await check()
  })

  it('keeps a tenant in one shard, and events in the first', async () => {
    const made = ledger()
    const event = { at: NOW, name: 'trace_spans_sent', count: 3 } as const
    await made.add({ requests: [request(), request()], events: [event, event] })
    const shards = await Promise.all([0, 1, 2, 3].map((at) => made.stubOf(at).totals()))
    expect(shards.filter(({ requests }) => requests.length > 0)).toHaveLength(1)
    expect(shards.map(({ events }) => events.length)).toEqual([1, 0, 0, 0])
    expect((await made.report()).events).toEqual([{ name: 'trace_spans_sent', count: 6 }])
  })

  it('still finds the rows of a tenant when the number of shards was raised', async () => {
    const made = ledger(8)
    const first: LedgerNamespace = {
      getByName: () => made.stubOf(0),
      jurisdiction: () => first,
    }
    const before = ledgerWriter({ namespace: first, shards: 1, timeoutMs: 60_000 })
    const tenants = Array.from({ length: 10 }, (_, at) => `tenant-${at}`)
    await before.send(
      batchOf({ ...NO_RECORDS, requests: tenants.map((tenant) => request({ tenant })) }),
    )
    await made.add({ requests: tenants.map((tenant) => request({ tenant })) })
    for (const tenant of tenants) {
      expect((await made.report({ tenant })).tenants).toMatchObject([{ name: tenant, requests: 2 }])
    }
  })

  it('keeps the latest value of a gauge, whatever the order', async () => {
    const made = ledger()
    const gauge = (at: number, value: number) => ({ name: 'sweep_left', at, value }) as const
    await made.add({ gauges: [gauge(NOW, 5), gauge(NOW - 1, 4)] })
    await made.add({ gauges: [gauge(NOW - 2, 3)] })
    expect((await made.reader.totals()).gauges).toEqual([gauge(NOW, 5)])
  })

  it('refuses a batch that does not parse as a whole, and goes on counting', async () => {
    const made = ledger(1)
    const good = batchOf({ ...NO_RECORDS, requests: [request()], decisions: [decision()] })
    const [cell] = good.requests
    const bad: readonly unknown[] = [
      null,
      'text',
      { ...good, version: 2 },
      { ...good, requests: [cell, { ...cell, outcome: 'unheard-of' }] },
      { ...good, requests: [cell, { ...cell, latency: [1] }] },
      { ...good, requests: [cell, { ...cell, savedUsd: Number.NaN }] },
      { ...good, requests: [cell, { ...cell, requests: -1 }] },
      { ...good, requests: [cell, { ...cell, model: 'm'.repeat(129) }] },
      { ...good, decisions: [{ ...good.decisions[0], probability: 10 }] },
      { ...good, gauges: undefined },
    ]
    for (const batch of bad) {
      await expect(
        runInDurableObject(made.stubOf(0), (object) => object.add(batch as Batch)),
      ).rejects.toThrow('ledger batch refused')
    }
    expect((await made.reader.totals()).requests).toEqual([])
    // A newer gateway may send more than this version knows.
    await runInDurableObject(made.stubOf(0), (object) =>
      object.add({ ...good, requests: [{ ...cell, more: 1 }], new: [] } as unknown as Batch),
    )
    expect((await made.reader.totals()).requests).toMatchObject([{ requests: 1 }])
  })

  it('adds nothing of a batch that fails half way', async () => {
    const made = ledger(1)
    await made.add({ requests: [request()] })
    await runInDurableObject(made.stubOf(0), (_, { storage }) =>
      storage.sql.exec('DROP TABLE gauges'),
    )
    const batch = batchOf({
      ...NO_RECORDS,
      requests: [request({ tenant: 'globex' })],
      gauges: [{ name: 'sweep_left', at: NOW, value: 1 }],
    })
    await expect(runInDurableObject(made.stubOf(0), (object) => object.add(batch))).rejects.toThrow(
      'gauges',
    )
    const names = () =>
      runInDurableObject(made.stubOf(0), (_, { storage }) =>
        storage.sql.exec(`SELECT name FROM names WHERE kind = 'tenant'`).toArray(),
      )
    expect(await names()).toEqual([{ name: 'acme' }])
    await runInDurableObject(made.stubOf(0), (_, { storage }) =>
      storage.sql.exec('CREATE TABLE gauges (name TEXT PRIMARY KEY, value, at) WITHOUT ROWID'),
    )
    await runInDurableObject(made.stubOf(0), (object) => object.add(batch))
    expect(await names()).toEqual([{ name: 'acme' }, { name: 'globex' }])
    expect((await made.report()).tenants).toHaveLength(2)
  })
})

describe('the spend of the judge', () => {
  it('is of a tenant and a calendar month in UTC', async () => {
    const made = ledger()
    const end = Date.UTC(2090, 5, 1)
    await made.add({
      decisions: [
        decision({ at: end - 1, judgeUsd: 0.5 }),
        decision({ at: end - 1, judgeUsd: 0.25 }),
        decision({ at: end, judgeUsd: 0.125 }),
        decision({ at: end, judgeUsd: null }),
        decision({ at: end, judgeUsd: undefined }),
        decision({ at: end, judgeUsd: 4, tenant: 'globex' }),
      ],
    })
    await made.add({ decisions: [decision({ at: end - 1, judgeUsd: 0.25 })] })
    expect(await made.writer.judgeSpend('acme', end - 1)).toBe(1)
    expect(await made.writer.judgeSpend('acme', end)).toBe(0.125)
    expect(await made.writer.judgeSpend('globex', end)).toBe(4)
    expect(await made.writer.judgeSpend('unknown', end)).toBe(0)
  })

  it('is exact for tenants that reports count as `(other)`', async () => {
    const made = ledger(1)
    const tenants = Array.from({ length: MOST_NAMES.tenant }, (_, at) => `tenant-${at}`)
    await made.add({ requests: tenants.map((tenant) => request({ tenant })) })
    await made.add({ decisions: [decision({ tenant: 'late', judgeUsd: 2 })] })
    expect(await made.writer.judgeSpend('late', NOW)).toBe(2)
  })
})

describe('the settings of the ledger', () => {
  const report = { from: NOW - HOUR_MS, to: NOW, stepMs: HOUR_MS, tenant: undefined }

  /** A gateway with these settings, and the names of the objects that it reads. */
  function configured(over: Record<string, unknown>) {
    const asked: string[] = []
    const real = ledger(64).stubOf(0)
    const namespaceOf = (place: string): LedgerNamespace => ({
      getByName: (name) => {
        asked.push(`${place}${name}`)
        return real
      },
      jurisdiction: (name) => namespaceOf(`${name} `),
    })
    const made = dependenciesFor({
      LITELLM_URL: 'http://litellm',
      QDRANT_URL: 'http://qdrant',
      COALESCE: 'off',
      LEDGER_OBJECTS: namespaceOf(''),
      ...over,
    })
    if (made instanceof Misconfigured) throw made
    return { ...made, asked }
  }

  it('turn it off, as does a missing binding', () => {
    for (const over of [{ LEDGER: 'off' }, { LEDGER_OBJECTS: undefined }]) {
      const { ledgerReader, recorder } = configured(over)
      expect(ledgerReader).toBeUndefined()
      expect(recorder).toBe(noRecorder)
    }
  })

  it('refuse a budget for verdicts that nothing would count', () => {
    for (const over of [{ LEDGER: 'off' }, { LEDGER_OBJECTS: undefined }]) {
      expect(() => configured({ SEMANTIC_JUDGE_BUDGET_USD: '1', ...over })).toThrow(
        'SEMANTIC_JUDGE_BUDGET_USD: needs the ledger',
      )
    }
  })

  it('spread it over the configured number of objects, in the configured jurisdiction', async () => {
    const european = configured({ LEDGER_JURISDICTION: 'eu', LEDGER_SHARDS: '2' })
    await european.ledgerReader?.report(report)
    expect(european.asked).toEqual(['eu ledger:0', 'eu ledger:1'])
    const plain = configured({})
    await plain.ledgerReader?.report(report)
    expect(plain.asked).toEqual(['ledger:0', 'ledger:1', 'ledger:2', 'ledger:3'])
  })
})
