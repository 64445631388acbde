import { env, evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test'
import { afterEach, beforeEach, vi } from 'vitest'
import { batchOf } from './batch-of.ts'
import { ledgerReader, ledgerWriter } from '../../src/ledger/client.ts'
import type { LedgerNamespace } from '../../src/ledger/client.ts'
import type { DecisionRecord, RequestRecord } from '../../src/ledger/record.ts'
import type { ReportQuery } from '../../src/ledger/report.ts'
import { NO_RECORDS, randomDecision, randomNumbers, randomRequest } from './ledger-records.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000
/** In the far future, so that no alarm goes off by itself. Not at a full minute. */
export const NOW = Date.UTC(2090, 4, 15, 12, 34, 56)
/** The days before and after `NOW`. */
export const A_DAY: ReportQuery = {
  from: NOW - DAY_MS,
  to: NOW + DAY_MS,
  stepMs: HOUR_MS,
  tenant: undefined,
}

/** The time that the objects see, epoch ms. */
export const clock = { now: NOW }

/** Sets the clock to `NOW` before each test. */
export function useClock(): void {
  beforeEach(() => {
    clock.now = NOW
    vi.spyOn(Date, 'now').mockImplementation(() => clock.now)
  })
  afterEach(() => vi.restoreAllMocks())
}

/** A ledger of its own, on real Durable Objects. */
export function ledger(shards = 4) {
  const prefix = crypto.randomUUID()
  const stubOf = (shard: number) => env.LEDGER_OBJECTS.getByName(`${prefix} ledger:${shard}`)
  const namespace: LedgerNamespace = {
    getByName: (name) => env.LEDGER_OBJECTS.getByName(`${prefix} ${name}`),
    jurisdiction: () => namespace,
  }
  const options = { namespace, shards, timeoutMs: 60_000 }
  const writer = ledgerWriter(options)
  const reader = ledgerReader(options)
  return {
    namespace,
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

/** A miss of the tenant `acme`. */
export const request = (over: Partial<RequestRecord> = {}): RequestRecord => ({
  ...randomRequest(random, NOW, 1),
  outcome: 'miss',
  tier: '',
  status: 200,
  error: undefined,
  saved: undefined,
  tenant: 'acme',
  model: 'small',
  api: '/v1/chat/completions',
  ...over,
})

/** A semantic hit of the tenant `acme`. */
export const decision = (over: Partial<DecisionRecord> = {}): DecisionRecord => ({
  ...randomDecision(random, NOW, 1),
  tenant: 'acme',
  judgeUsd: 0.25,
  ...over,
})
