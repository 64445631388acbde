import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchSchema, recordsIn, storedName } from '../../src/ledger/batch.ts'
import { MOST_FAILURES } from '../../src/ledger/report.ts'
import type { Batch } from '../../src/ledger/batch.ts'
import { batchOf } from '../support/batch-of.ts'
import type { LedgerRecords } from '../support/batch-of.ts'
import { bucketOf, LATENCY_BOUNDS_MS } from '../../src/ledger/histogram.ts'
import { shardOf, splitByShard } from '../../src/ledger/shards.ts'
import { sumBy } from '../../src/ledger/sum-by.ts'
import {
  NO_RECORDS,
  plainSums,
  randomDecision,
  randomNumbers,
  randomRequest,
} from '../support/ledger-records.ts'

const NOW = Date.UTC(2026, 10, 15, 12, 34, 56)
const seeds = fc.integer({ min: 0, max: 1e9 })

function randomRecords(seed: number, count = 60): LedgerRecords {
  const random = randomNumbers(seed)
  const at = () => NOW - random.below(180_000)
  return {
    requests: Array.from({ length: count }, () => randomRequest(random, NOW, 180_000)),
    decisions: Array.from({ length: count }, () => randomDecision(random, NOW, 180_000)),
    events: Array.from({ length: 5 }, () => ({
      at: at(),
      name: random.oneOf(['judge_paused', 'trace_spans_sent'] as const),
      count: random.below(100),
    })),
    gauges: [{ at: at(), name: 'sweep_left', value: random.below(9) }],
  }
}

/** All cells of some batches, summed up and in one order. */
function joined(batches: readonly Batch[]) {
  const { requests, decisions, events } = { ...batches[0]! }
  const keysOf = (cell: object | undefined) =>
    Object.entries(cell ?? {})
      .filter(
        ([name, value]) => typeof value === 'string' || /^(at|shadow|probability)$/.test(name),
      )
      .map(([name]) => name) as never[]
  const sorted = (cells: readonly object[]) =>
    sumBy(cells, keysOf(cells[0]))
      .map((cell) => JSON.stringify(cell))
      .sort()
  return {
    requests: sorted(batches.flatMap((batch) => batch.requests)),
    decisions: sorted(batches.flatMap((batch) => batch.decisions)),
    events: sorted(batches.flatMap((batch) => batch.events)),
    cells: [requests, decisions, events].length,
  }
}

describe('a batch of the ledger', () => {
  it('has the same sums however its records are split', () => {
    fc.assert(
      fc.property(seeds, fc.nat(60), fc.nat(60), (seed, r, d) => {
        const all = randomRecords(seed)
        const first = {
          ...NO_RECORDS,
          requests: all.requests.slice(0, r),
          decisions: all.decisions.slice(d),
        }
        const second = {
          ...all,
          requests: all.requests.slice(r),
          decisions: all.decisions.slice(0, d),
        }
        const whole = joined([batchOf(all)])
        expect(joined([batchOf(first), batchOf(second)])).toEqual(whole)
        expect(joined([batchOf(second), batchOf(first)])).toEqual(whole)
      }),
    )
  })

  it('has the same sums in its shards, with each tenant in one of them', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 64 }), (seed, shards) => {
        const batch = batchOf(randomRecords(seed))
        const parts = splitByShard(batch, shards)
        expect(joined([...parts.values()])).toEqual(joined([batch]))
        for (const [shard, { requests, decisions, failures, events, gauges }] of parts) {
          for (const { tenant } of [...requests, ...decisions, ...failures]) {
            expect(shardOf(tenant, shards)).toBe(shard)
          }
          expect(shard === 0 || events.length + gauges.length === 0).toBe(true)
        }
        expect(parts.get(0)?.gauges).toEqual(batch.gauges)
      }),
    )
  })

  it('parses, and counts its records', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const batch = batchOf(randomRecords(seed))
        expect(batchSchema.parse(structuredClone(batch))).toEqual(batch)
        expect(recordsIn(batch)).toBe(120)
      }),
    )
  })

  it('counts nothing for amounts that are missing or are not numbers', () => {
    const [request] = randomRecords(1).requests
    const odd = [Number.NaN, Infinity, -5, undefined]
    const requests = odd.map((value) => ({
      ...request!,
      latencyMs: value ?? 0,
      saved: { inputTokens: value, outputTokens: value, usd: value, ms: value },
    }))
    const batch = batchOf({ ...NO_RECORDS, requests })
    expect(batchSchema.safeParse(batch).success).toBe(true)
    const [cell] = batch.requests
    expect(cell).toMatchObject({ requests: 4, savedUsd: 0, savedMs: 0, latencySumMs: 0 })
    expect(cell).toMatchObject({ unpricedHits: 1 })
  })

  it('sums up what each request saved', () => {
    const { requests } = randomRecords(7, 500)
    const cells = batchOf({ ...NO_RECORDS, requests }).requests
    expect(cells.length).toBeLessThan(500)
    const { hits: _, rejected: __, failed: ___, ...sums } = plainSums(requests)
    expect(
      sumBy(
        cells.map(
          ({ requests, savedInputTokens, savedOutputTokens, savedUsd, savedMs, unpricedHits }) => ({
            requests,
            savedInputTokens,
            savedOutputTokens,
            savedUsd,
            savedMs,
            unpricedHits,
          }),
        ),
        [],
      ),
    ).toEqual([sums])
  })

  it('lists failed requests, server errors first, but no refused keys and rate limits', () => {
    const [request] = randomRecords(1).requests
    const failed = (status: number, at: number) => ({
      ...request!,
      at,
      status,
      error: `status ${status}`,
    })
    const few = [
      failed(400, 1),
      failed(401, 2),
      failed(429, 3),
      failed(502, 4),
      failed(504, 5),
      { ...failed(200, 6), error: undefined },
    ]
    const listed = batchOf({ ...NO_RECORDS, requests: few }).failures
    expect(listed.map(({ status }) => status)).toEqual([504, 502, 400])
    const flood = [failed(500, 0), ...Array.from({ length: 1_000 }, (_, at) => failed(404, at))]
    const kept = batchOf({ ...NO_RECORDS, requests: flood }).failures
    expect(kept).toHaveLength(MOST_FAILURES)
    // The server error is the oldest of all, and has its place.
    expect(kept.at(-1)?.status).toBe(500)
    expect(kept[0]?.at).toBe(999)
  })

  it('has a stored form of any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const stored = storedName(name)
        expect(stored.length).toBeLessThanOrEqual(128)
        expect(stored.isWellFormed()).toBe(true)
        expect(stored).not.toMatch(/\p{Cc}/u)
        expect(storedName(stored)).toBe(stored)
      }),
    )
  })
})

describe('an absurd amount', () => {
  it.each([1e308, 1e13, Infinity, Number.NaN, -1])('of %s counts nothing', (absurd) => {
    const usage = { inputTokens: absurd, outputTokens: absurd }
    const record = { ...randomRequest(randomNumbers(1), NOW, 1), latencyMs: 1 }
    const request = { ...record, saved: { ...usage, usd: absurd, ms: absurd } }
    const batch = batchOf({ ...NO_RECORDS, requests: [request, request] })
    // The ledger refuses a batch as a whole, with the records of everyone.
    expect(batchSchema.safeParse(batch).error).toBeUndefined()
    expect(batch.requests).toMatchObject([
      { requests: 2, savedInputTokens: 0, savedOutputTokens: 0, savedUsd: 0, savedMs: 0 },
    ])
  })
})

describe('a latency bucket', () => {
  it('includes its upper bound', () => {
    for (const [at, bound] of LATENCY_BOUNDS_MS.entries()) {
      expect(bucketOf(bound)).toBe(at)
      expect(bucketOf(bound + 0.001)).toBe(at + 1)
    }
    expect(bucketOf(0)).toBe(0)
  })
})
