import { describe, expect, it } from 'vitest'
import { satisfiesOnError, satisfiesStale } from '../../src/cache/freshness.ts'
import { entry } from '../contract/store-contract.ts'

const kept = entry()
const EXPIRY = kept.expires_at
const silent = {
  read: true,
  maxAgeSeconds: undefined,
  minFreshSeconds: undefined,
  maxStaleSeconds: undefined,
  staleIfErrorSeconds: undefined,
}

describe('an expired entry without an upstream call', () => {
  it.each([
    ['is served inside the revalidation window', {}, 60, 59_999, true],
    ['is not served at the end of the window', {}, 60, 60_000, false],
    ['is not served without a window', {}, 0, 0, false],
    ['is served with max-stale past the window', { maxStaleSeconds: 100 }, 60, 99_999, true],
    ['is served with max-stale without a window', { maxStaleSeconds: 100 }, 0, 99_999, true],
    [
      'is not served past a max-stale shorter than the window',
      { maxStaleSeconds: 10 },
      60,
      10_000,
      false,
    ],
    [
      'is not served by the window to a caller of max-age',
      { maxAgeSeconds: 86_400 },
      60,
      1_000,
      false,
    ],
    [
      'is served with max-age and max-stale',
      { maxAgeSeconds: 86_400, maxStaleSeconds: 10 },
      0,
      9_999,
      true,
    ],
    [
      'is not served if it is older than max-age, despite max-stale',
      { maxAgeSeconds: 60, maxStaleSeconds: 10 },
      0,
      1_000,
      false,
    ],
    [
      'is not served with no-cache, despite max-stale',
      { read: false, maxStaleSeconds: 100 },
      60,
      1_000,
      false,
    ],
    ['is not served for stale-if-error alone', { staleIfErrorSeconds: 100 }, 0, 1_000, false],
  ])('%s', (_, over, whileRevalidateSeconds, passed, expected) => {
    const windows = { ifErrorSeconds: 3_600, whileRevalidateSeconds }
    expect(satisfiesStale(kept, { ...silent, ...over }, windows, EXPIRY + passed)).toBe(expected)
  })

  it('is never a semantic hit, nor is one served on an error', () => {
    const semantic = entry({ source: 'semantic', similarity: 0.9 })
    const windows = { ifErrorSeconds: 60, whileRevalidateSeconds: 60 }
    const wanted = { ...silent, maxStaleSeconds: 60 }
    expect(satisfiesStale(semantic, wanted, windows, EXPIRY)).toBe(false)
    expect(satisfiesOnError(semantic, wanted, windows, EXPIRY)).toBe(false)
  })
})

describe('a stored entry if LiteLLM fails', () => {
  it.each([
    ['is served inside the window', {}, 3_600, 3_599_999, true],
    ['is not served at the end of the window', {}, 3_600, 3_600_000, false],
    ['is not served with a window of 0', {}, 0, 0, false],
    ['is served if another request has refreshed it meanwhile', {}, 3_600, -1, true],
    [
      'is served with stale-if-error past the window',
      { staleIfErrorSeconds: 7_200 },
      3_600,
      7_199_999,
      true,
    ],
    ['is not served with stale-if-error=0', { staleIfErrorSeconds: 0 }, 3_600, 1, false],
    [
      'is not served past a max-stale shorter than the window',
      { maxStaleSeconds: 10 },
      3_600,
      10_000,
      false,
    ],
    ['is not served with no-cache', { read: false }, 3_600, -1_000, false],
    [
      'is served with no-cache and stale-if-error',
      { read: false, staleIfErrorSeconds: 9 },
      0,
      8_999,
      true,
    ],
    ['is served with no-cache and max-stale', { read: false, maxStaleSeconds: 9 }, 0, 8_999, true],
    ['is not served with max-age', { maxAgeSeconds: 60 }, 3_600, -1_000, false],
    [
      'is served with max-age and stale-if-error',
      { maxAgeSeconds: 60, staleIfErrorSeconds: 10 },
      0,
      9_999,
      true,
    ],
    [
      'is not served past stale-if-error with max-age',
      { maxAgeSeconds: 60, staleIfErrorSeconds: 10 },
      0,
      10_000,
      false,
    ],
  ])('%s', (_, over, ifErrorSeconds, passed, expected) => {
    const windows = { ifErrorSeconds, whileRevalidateSeconds: 0 }
    expect(satisfiesOnError(kept, { ...silent, ...over }, windows, EXPIRY + passed)).toBe(expected)
  })
})
