import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ticksUpTo, timeLabels } from '../../src/dashboard/axis.ts'
import { atMost, count, duration, large, share, usd } from '../../src/dashboard/format.ts'
import { PALETTE } from '../../src/dashboard/palette.ts'
import { addHistograms, percentileAtMost } from '../../src/dashboard/percentile.ts'
import { queryOf, rangeNames, viewOf } from '../../src/dashboard/view.ts'
import { bucketOf, LATENCY_BOUNDS_MS, LATENCY_BUCKETS } from '../../src/ledger/histogram.ts'
import { ledgerOutcomes } from '../../src/ledger/record.ts'

function histogramOf(latencies: readonly number[]): number[] {
  const histogram = Array<number>(LATENCY_BUCKETS).fill(0)
  for (const latency of latencies) histogram[bucketOf(latency)]! += 1
  return histogram
}

/** The exact percentile of values, by nearest rank. */
const percentile = (values: readonly number[], fraction: number) =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(fraction * values.length) - 1)]!

describe('the colours of the charts', () => {
  it('are there for every outcome, and no two are the same', () => {
    const names = [...ledgerOutcomes, 'memory', 'colo', 'qdrant', 'mixed', 'semantic', 'saved']
    for (const name of names) expect(PALETTE).toContain(`.is-${name}{`)
    const [light = '', dark = ''] = PALETTE.split('@media')
    for (const scheme of [light, dark]) {
      const colours = ledgerOutcomes.map((name) => scheme.split(`--${name}:`)[1]?.slice(0, 7))
      expect(new Set(colours).size).toBe(ledgerOutcomes.length)
    }
  })
})

describe('a percentile of a histogram', () => {
  it('is the bound of the bucket that has the exact percentile', () => {
    const latencies = fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), { minLength: 1 })
    fc.assert(
      fc.property(latencies, fc.constantFrom(0.5, 0.95, 0.99), (values, fraction) => {
        const exact = percentile(values, fraction)
        const bound = percentileAtMost(histogramOf(values), fraction)
        expect(bound).toBe(LATENCY_BOUNDS_MS[bucketOf(exact)] ?? Infinity)
      }),
    )
  })

  it.each([
    [[], 0.5, null],
    [[5], 0.99, 5],
    [[1, 1, 1, 1, 1, 1, 1, 1, 1, 2_000], 0.5, 1],
    [[1, 1, 1, 1, 1, 1, 1, 1, 1, 2_000], 0.95, 2_000],
    [[61_000], 0.5, Infinity],
  ])('of %j at %d is at most %s ms', (values, fraction, bound) => {
    expect(percentileAtMost(histogramOf(values), fraction)).toBe(bound)
  })

  it('of several groups counts all of their requests', () => {
    const sum = addHistograms([histogramOf([1, 1]), histogramOf([2_000, 2_000, 2_000])])
    expect(sum).toEqual(histogramOf([1, 1, 2_000, 2_000, 2_000]))
  })
})

describe('the ticks of an axis', () => {
  it('begin at 0, are even, and end at or above the largest value', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (largest) => {
        const ticks = ticksUpTo(largest)
        expect(ticks[0]).toBe(0)
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(largest * (1 - 1e-6))
        expect(ticks.at(-2)).toBeLessThan(largest)
        expect(ticks.length).toBeGreaterThanOrEqual(3)
        expect(ticks.length).toBeLessThanOrEqual(6)
      }),
    )
  })

  it.each([
    [0, [0, 1]],
    [Number.NaN, [0, 1]],
    [4, [0, 1, 2, 3, 4]],
    [370, [0, 100, 200, 300, 400]],
    [0.28, [0, 0.1, 0.2, 0.3]],
  ])('up to %d are %j', (largest, ticks) => expect(ticksUpTo(largest)).toEqual(ticks))

  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [2, [0, 1, 2]],
    [7, [0, 2, 4, 6, 8]],
  ])('are whole for a count of up to %d', (largest, ticks) =>
    expect(ticksUpTo(largest, 1)).toEqual(ticks),
  )
})

describe('the labels of a time axis', () => {
  it.each([
    ['1h', ['11:20', '11:30', '11:40', '11:50', '12:00']],
    ['6h', ['07:00', '08:00', '09:00', '10:00', '11:00']],
    ['24h', ['16:00', '20:00', '29 Nov', '04:00', '08:00']],
    ['7d', ['23 Nov', '24 Nov', '25 Nov', '26 Nov', '27 Nov', '28 Nov', '29 Nov']],
  ])('of %s are round and away from the edges', (range, texts) => {
    const { from, to, stepMs } = queryOf(viewOf({ range }), Date.UTC(2026, 10, 29, 12, 10))
    const starts = Array.from({ length: (to - from) / stepMs }, (_, at) => from + at * stepMs)
    expect(timeLabels(starts, stepMs).map(({ text }) => text)).toEqual(texts)
  })

  it('are at most seven, and some, for every range', () => {
    for (const range of rangeNames) {
      for (let hour = 0; hour < 24 * 40; hour += 5) {
        const { from, to, stepMs } = queryOf(viewOf({ range }), Date.UTC(2026, 10, 1, hour, 7))
        const starts = Array.from({ length: (to - from) / stepMs }, (_, at) => from + at * stepMs)
        const { length } = timeLabels(starts, stepMs)
        expect(length).toBeGreaterThanOrEqual(3)
        expect(length).toBeLessThanOrEqual(7)
      }
    }
  })
})

describe('a number with its unit', () => {
  it.each([
    [count(1_234_567), '1,234,567'],
    [large(9_999_999), '9,999,999'],
    [large(12_345_678), '12.3 M'],
    [usd(0), '$0.00'],
    [usd(1_234.5), '$1,234.50'],
    [usd(0.004_23), '$0.0042'],
    [usd(0.000_000_12), '$0.00000012'],
    [share(0), '0 %'],
    [share(0.3581), '35.8 %'],
    [share(0.51), '51.0 %'],
    [share(0.000_01), '< 0.1 %'],
    [share(0.999_99), '> 99.9 %'],
    [share(1), '100 %'],
    [duration(0), '0 ms'],
    [duration(999), '999 ms'],
    [duration(4_210), '4.2 s'],
    [duration(59_960), '1 min'],
    [duration(90_000), '1 min 30 s'],
    [duration(11_520_000), '3 h 12 min'],
    [duration(86_400_000), '1 d'],
    [duration(8_640_000_000), '100 d'],
    [atMost(5, 60_000), '≤ 5 ms'],
    [atMost(Infinity, 60_000), '> 1 min'],
  ])('reads %s', (text, expected) => expect(text).toBe(expected))
})
