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

describe('whether an expired entry is given before LiteLLM is asked', () => {
  it.each([
    ['inside the window', {}, 60, 59_999, true],
    ['at its end', {}, 60, 60_000, false],
    ['without a window', {}, 0, 0, false],
    ['max-stale beyond the window', { maxStaleSeconds: 100 }, 60, 99_999, true],
    ['max-stale without a window', { maxStaleSeconds: 100 }, 0, 99_999, true],
    ['max-stale that is shorter than the window', { maxStaleSeconds: 10 }, 60, 10_000, false],
    ['max-age: not by the window', { maxAgeSeconds: 86_400 }, 60, 1_000, false],
    ['max-age and max-stale', { maxAgeSeconds: 86_400, maxStaleSeconds: 10 }, 0, 9_999, true],
    ['older than max-age', { maxAgeSeconds: 60, maxStaleSeconds: 10 }, 0, 1_000, false],
    ['no-cache', { read: false, maxStaleSeconds: 100 }, 60, 1_000, false],
    ['stale-if-error alone', { staleIfErrorSeconds: 100 }, 0, 1_000, false],
  ])('%s', (_, over, whileRevalidateSeconds, passed, expected) => {
    const windows = { ifErrorSeconds: 3_600, whileRevalidateSeconds }
    expect(satisfiesStale(kept, { ...silent, ...over }, windows, EXPIRY + passed)).toBe(expected)
  })

  it('never a semantic answer', () => {
    const semantic = entry({ source: 'semantic', similarity: 0.9 })
    const windows = { ifErrorSeconds: 60, whileRevalidateSeconds: 60 }
    const wanted = { ...silent, maxStaleSeconds: 60 }
    expect(satisfiesStale(semantic, wanted, windows, EXPIRY)).toBe(false)
    expect(satisfiesOnError(semantic, wanted, windows, EXPIRY)).toBe(false)
  })
})

describe('whether an entry stands in for LiteLLM', () => {
  it.each([
    ['inside the window', {}, 3_600, 3_599_999, true],
    ['at its end', {}, 3_600, 3_600_000, false],
    ['with the window closed', {}, 0, 0, false],
    ['fresh by now: somebody else was luckier', {}, 3_600, -1, true],
    ['stale-if-error beyond the window', { staleIfErrorSeconds: 7_200 }, 3_600, 7_199_999, true],
    ['stale-if-error=0', { staleIfErrorSeconds: 0 }, 3_600, 1, false],
    ['max-stale that is shorter than the window', { maxStaleSeconds: 10 }, 3_600, 10_000, false],
    ['no-cache', { read: false }, 3_600, -1_000, false],
    ['no-cache and stale-if-error', { read: false, staleIfErrorSeconds: 9 }, 0, 8_999, true],
    ['no-cache and max-stale', { read: false, maxStaleSeconds: 9 }, 0, 8_999, true],
    ['max-age', { maxAgeSeconds: 60 }, 3_600, -1_000, false],
    ['max-age and stale-if-error', { maxAgeSeconds: 60, staleIfErrorSeconds: 10 }, 0, 9_999, true],
    ['… too long after it', { maxAgeSeconds: 60, staleIfErrorSeconds: 10 }, 0, 10_000, false],
  ])('%s', (_, over, ifErrorSeconds, passed, expected) => {
    const windows = { ifErrorSeconds, whileRevalidateSeconds: 0 }
    expect(satisfiesOnError(kept, { ...silent, ...over }, windows, EXPIRY + passed)).toBe(expected)
  })
})
