import { describe, expect, it } from 'vitest'
import { ageSeconds, refusal, ttlSeconds } from '../../src/cache/freshness.ts'
import { readEntry } from '../../src/cache/entry.ts'
import { cacheStatus, statusHeaders } from '../../src/cache/status.ts'
import { entry } from '../contract/store-contract.ts'

const kept = entry()
const NOW = kept.stored_at
const wanted = {
  proof: kept.proof,
  tenant: kept.tenant,
  path: kept.path,
  semantic: true,
  maxAgeSeconds: undefined,
  minFreshSeconds: undefined,
}

describe('checking an entry against a request', () => {
  it.each([
    ['matches the same request', {}, NOW, undefined],
    ['matches in the last millisecond of its TTL', {}, kept.expires_at - 1, undefined],
    ['is expired at expires_at', {}, kept.expires_at, 'expired'],
    ['is a collision with another proof', { proof: 'b'.repeat(64) }, NOW, 'collision'],
    ['is a collision with another path', { path: '/v1/embeddings' }, NOW, 'collision'],
    ['belongs to another tenant', { tenant: 'globex' }, NOW, 'tenant'],
    ['matches at exactly max-age', { maxAgeSeconds: 60 }, NOW + 60_000, undefined],
    ['is too old a millisecond past max-age', { maxAgeSeconds: 60 }, NOW + 60_001, 'too-old'],
    ['matches max-age=0 in the same millisecond', { maxAgeSeconds: 0 }, NOW, undefined],
    ['is too old for max-age=0 a millisecond later', { maxAgeSeconds: 0 }, NOW + 1, 'too-old'],
    [
      'is expired rather than too old if both are true',
      { maxAgeSeconds: 0 },
      kept.expires_at,
      'expired',
    ],
    [
      'matches with exactly min-fresh left',
      { minFreshSeconds: 60 },
      kept.expires_at - 60_000,
      undefined,
    ],
    [
      'is expiring with a millisecond less than min-fresh left',
      { minFreshSeconds: 60 },
      kept.expires_at - 59_999,
      'expiring',
    ],
    [
      'matches if this clock is behind the one that stored it',
      { maxAgeSeconds: 0 },
      NOW - 5_000,
      undefined,
    ],
  ])('%s', (_, over, now, expected) => {
    expect(refusal(kept, { ...wanted, ...over }, now)).toBe(expected)
  })

  it('refuses a semantic hit if the request does not allow one', () => {
    const semantic = entry({ source: 'semantic', similarity: 0.9 })
    expect(refusal(semantic, wanted, NOW)).toBeUndefined()
    expect(refusal(semantic, { ...wanted, semantic: false }, NOW)).toBe('semantic')
  })
})

describe('Age and ttl', () => {
  it('are whole seconds, rounded down', () => {
    expect(ageSeconds(kept, NOW + 1_999)).toBe(1)
    expect(ageSeconds(kept, NOW - 1_999)).toBe(0)
    expect(ttlSeconds(kept, NOW + 1)).toBe(1_799)
    expect(ttlSeconds(kept, kept.expires_at + 42_000)).toBe(-42)
  })
})

describe('a payload read from the store', () => {
  it('is an entry only if every member is valid', () => {
    expect(readEntry(kept)).toEqual(kept)
    for (const name of Object.keys(kept)) {
      expect(readEntry({ ...kept, [name]: undefined })).toBeUndefined()
    }
    expect(readEntry({ ...kept, proof: 'short' })).toBeUndefined()
    for (const payload of [undefined, null, 7, 'text', [], {}]) {
      expect(readEntry(payload)).toBeUndefined()
    }
  })

  it('is stripped of members that this version does not know', () => {
    expect(readEntry({ ...kept, waitUntil: true })).toEqual(kept)
  })
})

describe('Cache-Status', () => {
  it('omits unknown parameters and keeps the order of members', () => {
    expect(
      cacheStatus([
        { cache: 'litellm', hit: true, detail: 'similarity=0.93' },
        { cache: 'edge', fwd: 'uri-miss', fwdStatus: 200, stored: true, key: 'k' },
      ]),
    ).toBe('litellm;hit;detail="similarity=0.93", edge;fwd=uri-miss;fwd-status=200;stored;key="k"')
    expect(cacheStatus([{ cache: 'edge', hit: false, stored: false }])).toBe('edge')
    expect(cacheStatus([{ cache: 'edge', hit: true, ttlSeconds: -42 }])).toBe('edge;hit;ttl=-42')
  })

  it('escapes or replaces characters that a structured field cannot hold', () => {
    expect(cacheStatus([{ cache: 'edge', detail: 'a"b\\c\nü' }])).toBe('edge;detail="a\\"b\\\\c??"')
  })

  it('is sent with x-cache, Server-Timing and, if there is a key, x-cache-key', () => {
    expect(
      statusHeaders('miss', undefined, [{ cache: 'edge' }], { cache: 1, upstream: 20 }),
    ).toEqual({
      'cache-status': 'edge',
      'x-cache': 'miss',
      'server-timing': 'cache;dur=1, upstream;dur=20',
    })
    expect(statusHeaders('exact-hit', 'k', [], { cache: 1 })).toMatchObject({ 'x-cache-key': 'k' })
  })
})
