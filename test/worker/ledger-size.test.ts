import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { MOST_NAMES } from '../../src/ledger/bounded-names.ts'
import { LedgerStorage } from '../../src/ledger/ledger-storage.ts'
import { MOST_FAILURES, OTHER } from '../../src/ledger/report.ts'
import { by } from '../support/ledger-records.ts'
import {
  A_DAY,
  clock,
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

/** The number of rows in the first shard. */
const rowsIn = (made: ReturnType<typeof ledger>, table: string, where = '1') =>
  runInDurableObject(made.stubOf(0), (_, { storage }) =>
    Number(storage.sql.exec(`SELECT COUNT(*) AS rows FROM ${table} WHERE ${where}`).one()['rows']),
  )

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
    const rows = (table: string, where?: string) => rowsIn(made, table, where)
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
      clock.now = NOW + laterMs
      expect(await made.alarms()).toBe(1)
      expect(await made.reader.totals()).toEqual(totals)
      return left()
    }
    const hoursOnly = { ...all, minutes: 0, events: 1, names: 0 }
    expect(await at(0)).toEqual(all)
    expect(await at(2 * DAY_MS)).toEqual(all)
    expect(await at(2 * DAY_MS + HOUR_MS)).toEqual(hoursOnly)
    expect(await at(7 * DAY_MS + 1)).toEqual({ ...hoursOnly, failures: 0 })
    expect(await at(90 * DAY_MS)).toEqual({ ...hoursOnly, failures: 0 })
    const spendOnly = { minutes: 0, hours: 0, events: 0, failures: 0, spend: 1, names: 0 }
    expect(await at(90 * DAY_MS + HOUR_MS)).toEqual(spendOnly)
    clock.now = Date.UTC(2091, 5, 1) - 1 // the last instant of the twelfth month after
    expect(await at(clock.now - NOW)).toEqual(spendOnly)
    clock.now = Date.UTC(2091, 5, 1)
    expect(await at(clock.now - NOW)).toEqual({ ...spendOnly, spend: 0 })
    expect(await made.alarms(), 'nothing is left to prune').toBe(0)
    await made.add({ requests: [request({ at: clock.now })] })
    expect(await made.alarms()).toBe(1)
  })

  it('answers in hours where it has no minutes any more', async () => {
    const made = ledger(1)
    const at = NOW - (NOW % HOUR_MS) + 5 * MINUTE_MS
    await made.add({ requests: [request({ at })] })
    expect((await minutes(made, at)).series).toMatchObject([{ at, requests: 1 }])
    clock.now = NOW + 3 * DAY_MS
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
    const counted = async () =>
      (await made.report()).series.reduce((sum, step) => sum + step.requests, 0)
    expect(await counted()).toBe(8)
    await runInDurableObject(made.stubOf(0), (_, { storage }) => {
      new LedgerStorage(storage, () => NOW, { mostRows: 5 }).prune()
    })
    expect((await minutes(made, NOW)).series).toMatchObject([{ requests: 2 }])
    expect((await minutes(made, NOW - MINUTE_MS)).query.stepMs).toBe(MINUTE_MS)
    expect((await minutes(made, NOW - 2 * MINUTE_MS)).query.stepMs).toBe(HOUR_MS)
    expect(await counted()).toBe(8)
    expect(await rowsIn(made, 'requests', 'stepMs = 60000')).toBe(4)
    expect(await made.reader.totals()).toEqual(totals)
  })

  it('deletes the oldest and smallest amounts if too many tenants paid the judge', async () => {
    const made = ledger(1)
    const paid = (tenant: string, judgeUsd: number, at = NOW) => decision({ tenant, judgeUsd, at })
    const lastMonth = NOW - 30 * DAY_MS
    const decisions = [paid('a', 3), paid('b', 1), paid('c', 2), paid('d', 9, lastMonth)]
    await made.add({ decisions })
    await runInDurableObject(made.stubOf(0), (_, { storage }) =>
      new LedgerStorage(storage, () => NOW, { mostRows: 2 }).prune(),
    )
    const spent = ['a', 'b', 'c'].map((tenant) => made.writer.judgeSpend(tenant, NOW))
    expect(await Promise.all(spent)).toEqual([3, 0, 2])
    expect(await made.writer.judgeSpend('d', lastMonth)).toBe(0)
  })

  it('wakes ten minutes after a batch, and then when the next row is too old', async () => {
    const made = ledger(1)
    const alarmIn = async () =>
      runInDurableObject(
        made.stubOf(0),
        async (_, { storage }) => ((await storage.getAlarm()) ?? 0) - clock.now,
      )
    await made.add({ requests: [request()] })
    expect(await alarmIn()).toBe(10 * MINUTE_MS)
    clock.now += MINUTE_MS
    await made.add({ requests: [request()] })
    expect(await alarmIn(), 'not put off by another batch').toBe(9 * MINUTE_MS)
    await made.alarms()
    expect(await alarmIn()).toBeGreaterThan(2 * DAY_MS - HOUR_MS)
    await made.evict()
    await made.add({ requests: [request()] })
    expect(await alarmIn()).toBe(10 * MINUTE_MS)
  })

  it('frees the places of names that were not used for two days', async () => {
    const made = ledger(1)
    const models = (prefix: string) =>
      Array.from({ length: MOST_NAMES.model }, (_, at) =>
        request({ at: clock.now, model: `${prefix}-${at}` }),
      )
    await made.add({ requests: models('old') })
    clock.now = NOW + 3 * DAY_MS
    await made.alarms()
    await made.add({ requests: models('new') })
    const ever = new Set((await made.reader.totals()).requests.map(({ model }) => model))
    expect(ever.size, 'the totals keep their names').toBe(MOST_NAMES.everModel + 1)
    const names = (await made.report({ from: clock.now - HOUR_MS, to: clock.now })).models.map(
      ({ name }) => name,
    )
    expect(names).toContain('new-0')
  })
})
