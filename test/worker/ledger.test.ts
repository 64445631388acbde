import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { batchOf } from '../../src/ledger/cells.ts'
import { LedgerStorage } from '../../src/ledger/ledger-storage.ts'
import { ledgerReader, ledgerWriter } from '../../src/ledger/client.ts'
import type { LedgerNamespace } from '../../src/ledger/client.ts'
import { MOST_NAMES } from '../../src/ledger/bounded-names.ts'
import type { Batch } from '../../src/ledger/batch.ts'
import type { DecisionRecord, RequestRecord } from '../../src/ledger/record.ts'
import { MOST_FAILURES, OTHER } from '../../src/ledger/report.ts'
import type { ReportQuery } from '../../src/ledger/report.ts'
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

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
/** In the far future, so that no alarm goes off by itself. Not at a full minute. */
const NOW = Date.UTC(2090, 4, 15, 12, 34, 56)
const A_DAY: ReportQuery = {
  from: NOW - DAY_MS,
  to: NOW + DAY_MS,
  stepMs: HOUR_MS,
  tenant: undefined,
}

let now = NOW
beforeEach(() => {
  now = NOW
  vi.spyOn(Date, 'now').mockImplementation(() => now)
})
afterEach(() => vi.restoreAllMocks())

/** A ledger of its own, on real Durable Objects. */
function ledger(shards = 4) {
  const prefix = crypto.randomUUID()
  const stubOf = (shard: number) => env.LEDGER.getByName(`${prefix} ledger:${shard}`)
  const namespace: LedgerNamespace = {
    getByName: (name) => env.LEDGER.getByName(`${prefix} ${name}`),
    jurisdiction: () => namespace,
  }
  const options = { namespace, shards, timeoutMs: 60_000 }
  const writer = ledgerWriter(options)
  const reader = ledgerReader(options)
  return {
    writer,
    reader,
    stubOf,
    add: (records: Partial<typeof NO_RECORDS>) =>
      writer.send(batchOf({ ...NO_RECORDS, ...records })),
    report: (over: Partial<ReportQuery> = {}) => reader.report({ ...A_DAY, ...over }),
    evict: () =>
      Promise.all(Array.from({ length: shards }, (_, at) => evictDurableObject(stubOf(at)))),
    /** Runs the alarms; how many there were. */
    alarms: async () => {
      const ran = await Promise.all(
        Array.from({ length: shards }, (_, at) => runDurableObjectAlarm(stubOf(at))),
      )
      return ran.filter(Boolean).length
    },
  }
}

const random = randomNumbers(1)

const request = (over: Partial<RequestRecord> = {}): RequestRecord => ({
  ...randomRequest(random, NOW, 1),
  outcome: 'miss',
  tier: '',
  status: 200,
  error: undefined,
  saved: undefined,
  tenant: 'acme',
  model: 'small',
  ...over,
})

const decision = (over: Partial<DecisionRecord> = {}): DecisionRecord => ({
  ...randomDecision(random, NOW, 1),
  tenant: 'acme',
  judgeUsd: 0.25,
  ...over,
})

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
    const rows = await runInDurableObject(made.stubOf(0), (_, { storage }) =>
      storage.sql.exec(`SELECT name FROM names WHERE kind = 'tenant'`).toArray(),
    )
    expect(rows).toEqual([{ name: 'acme' }])
    await made.evict() // which creates the table again
    await made.add({ requests: [request({ tenant: 'globex' })] })
    expect((await made.report()).tenants).toHaveLength(2)
  })
})

describe('the size of the ledger', () => {
  it('counts further names as `(other)`', async () => {
    const made = ledger(1)
    const names = (count: number) => Array.from({ length: count }, (_, at) => `name-${at}`)
    await made.add({ requests: names(MOST_NAMES.model + 30).map((model) => request({ model })) })
    await made.add({ requests: names(MOST_NAMES.tenant + 7).map((tenant) => request({ tenant })) })
    const shard = await made.stubOf(0).report(A_DAY)
    expect(shard.models).toHaveLength(MOST_NAMES.model + 1)
    expect(shard.models.find(({ name }) => name === OTHER)).toMatchObject({ requests: 30 + 5_007 })
    const [other] = (await made.report({ tenant: OTHER })).tenants
    expect(other).toMatchObject({ name: OTHER, requests: 8 }) // `acme` has a place
    const { requests } = await made.reader.totals()
    const models = by(requests, ({ model }) => model)
    expect(models.size).toBe(MOST_NAMES.everModel + 1)
  })

  it('leaves half of the places for models that answer, whatever callers make up', async () => {
    const made = ledger(1)
    const invented = Array.from({ length: MOST_NAMES.model }, (_, at) =>
      request({ model: `invented-${at}`, status: 404 }),
    )
    await made.add({ requests: [...invented, request({ model: 'real' })] })
    const { requests } = await made.reader.totals()
    expect(by(requests, ({ model }) => model).size).toBe(MOST_NAMES.everModel / 2 + 2)
    expect(requests.find(({ model }) => model === 'real')).toMatchObject({ requests: 1 })
    const [busiest] = (await made.report()).models
    expect(busiest?.name).not.toBe(OTHER)
    expect(requests.reduce((sum, one) => sum + one.requests, 0)).toBe(MOST_NAMES.model + 1)
  })

  it('cuts long names, and finds a tenant by its long name', async () => {
    const made = ledger()
    const tenant = 'é\u0000'.repeat(100)
    await made.add({
      requests: [request({ tenant, model: '😀'.repeat(100) })],
      decisions: [decision({ tenant })],
    })
    const report = await made.report({ tenant })
    expect(report.tenants).toMatchObject([{ requests: 1, name: 'é�'.repeat(64) }])
    expect(report.models).toMatchObject([{ name: '😀'.repeat(64) }])
    expect(await made.writer.judgeSpend(tenant, NOW)).toBe(0.25)
  })

  it('lists the newest failures and keeps 200 of them', async () => {
    const made = ledger(1)
    const failed = (at: number, status = 502) =>
      request({ at, status, error: `status ${status}`, requestId: `failed ${at}` })
    for (let batch = 0; batch < 6; batch++) {
      const at = NOW - 1_000 + batch * 50
      await made.add({ requests: Array.from({ length: 50 }, (_, more) => failed(at + more)) })
    }
    const { failures } = await made.report()
    expect(failures.map(({ at }) => at)).toEqual(
      Array.from({ length: MOST_FAILURES }, (_, back) => NOW - 701 - back),
    )
    expect(failures[0]).toEqual({
      at: NOW - 701,
      requestId: `failed ${NOW - 701}`,
      tenant: 'acme',
      model: 'small',
      api: failures[0]!.api,
      status: 502,
      error: 'status 502',
    })
    const rows = await runInDurableObject(made.stubOf(0), (_, { storage }) =>
      storage.sql.exec('SELECT COUNT(*) AS rows, MIN(at) AS oldest FROM failures').one(),
    )
    expect(rows).toEqual({ rows: 200, oldest: NOW - 900 })
  })
})

describe('retention', () => {
  const minutes = (made: ReturnType<typeof ledger>, at: number) =>
    made.report({ from: at, to: at + MINUTE_MS, stepMs: MINUTE_MS })

  it('keeps minutes for 2 days, hours for 90, failures for 7, and the totals for ever', async () => {
    const made = ledger(1)
    const failed = request({ status: 500, error: 'status 500' })
    await made.add({
      requests: [request(), failed],
      decisions: [decision()],
      events: [{ at: NOW, name: 'judge_paused', count: 2 }],
    })
    const totals = await made.reader.totals()
    const rows = (table: string, where = '1') =>
      runInDurableObject(made.stubOf(0), (_, { storage }) =>
        Number(
          storage.sql.exec(`SELECT COUNT(*) AS rows FROM ${table} WHERE ${where}`).one()['rows'],
        ),
      )
    const left = async () => ({
      minutes:
        (await rows('requests', 'stepMs = 60000')) + (await rows('decisions', 'stepMs = 60000')),
      hours:
        (await rows('requests', 'stepMs = 3600000')) +
        (await rows('decisions', 'stepMs = 3600000')),
      events: await rows('events', 'stepMs > 0'),
      failures: await rows('failures'),
      spend: await rows('judgeSpend'),
      names: await rows('names', `kind != 'everModel'`),
    })
    const all = {
      minutes: 3,
      hours: 3,
      events: 2,
      failures: 1,
      spend: 1,
      names: await rows('names', `kind != 'everModel'`),
    }
    const at = async (laterMs: number) => {
      now = NOW + laterMs
      expect(await made.alarms()).toBe(1)
      expect(await made.reader.totals()).toEqual(totals)
      return left()
    }
    expect(await at(0)).toEqual(all)
    expect(await at(2 * DAY_MS)).toEqual(all)
    expect(await at(2 * DAY_MS + HOUR_MS)).toEqual({ ...all, minutes: 0, events: 1 })
    expect(await at(7 * DAY_MS + 1)).toEqual({ ...all, minutes: 0, events: 1, failures: 0 })
    expect(await at(90 * DAY_MS)).toEqual({ ...all, minutes: 0, events: 1, failures: 0 })
    const spendOnly = { minutes: 0, hours: 0, events: 0, failures: 0, spend: 1, names: 0 }
    expect(await at(90 * DAY_MS + HOUR_MS)).toEqual(spendOnly)
    now = Date.UTC(2091, 5, 1) - 1 // the last instant of the twelfth month after
    expect(await at(now - NOW)).toEqual(spendOnly)
    now = Date.UTC(2091, 5, 1)
    expect(await at(now - NOW)).toEqual({ ...spendOnly, spend: 0 })
    expect(await made.alarms(), 'nothing is left to prune').toBe(0)
    await made.add({ requests: [request({ at: now })] })
    expect(await made.alarms()).toBe(1)
  })

  it('answers in hours where it has no minutes any more', async () => {
    const made = ledger(1)
    const at = NOW - (NOW % HOUR_MS) + 5 * MINUTE_MS
    await made.add({ requests: [request({ at })] })
    expect((await minutes(made, at)).series).toMatchObject([{ at, requests: 1 }])
    now = NOW + 3 * DAY_MS
    await made.alarms()
    const hour = at - 5 * MINUTE_MS
    expect(await minutes(made, at)).toMatchObject({
      query: { from: hour, to: hour + HOUR_MS, stepMs: HOUR_MS },
      series: [{ at: hour, requests: 1 }],
    })
  })

  it('deletes the oldest rows of a table that is too large, and answers in hours for their time', async () => {
    const made = ledger(1)
    const requests = [0, 1, 2, 3].flatMap((minute) =>
      ['a', 'b'].map((tenant) => request({ tenant, at: NOW - minute * MINUTE_MS })),
    )
    await made.add({ requests })
    const totals = await made.reader.totals()
    const counted = (await made.report({ stepMs: HOUR_MS })).series.reduce(
      (sum, step) => sum + step.requests,
      0,
    )
    await runInDurableObject(made.stubOf(0), (_, { storage }) => {
      new LedgerStorage(storage, () => NOW, { mostRows: 5 }).prune()
    })
    expect((await minutes(made, NOW)).series).toMatchObject([{ requests: 2 }])
    expect((await minutes(made, NOW - MINUTE_MS)).query.stepMs).toBe(MINUTE_MS)
    expect((await minutes(made, NOW - 2 * MINUTE_MS)).query.stepMs).toBe(HOUR_MS)
    expect(
      (await made.report({ stepMs: HOUR_MS })).series.reduce((sum, step) => sum + step.requests, 0),
    ).toBe(counted)
    expect(await made.reader.totals()).toEqual(totals)
  })

  it('frees the places of names that are no longer used', async () => {
    const made = ledger(1)
    const models = (prefix: string) =>
      Array.from({ length: MOST_NAMES.model }, (_, at) =>
        request({ at: now, model: `${prefix}-${at}` }),
      )
    await made.add({ requests: models('old') })
    now = NOW + 91 * DAY_MS
    await made.alarms()
    await made.add({ requests: models('new') })
    const names = (await made.report({ from: now - HOUR_MS, to: now })).models.map(
      ({ name }) => name,
    )
    expect(names).toContain('new-0')
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
