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

describe('whether an entry satisfies a request', () => {
  it.each([
    ['the same question', {}, NOW, undefined],
    ['the last millisecond of its life', {}, kept.expires_at - 1, undefined],
    ['the moment it expires', {}, kept.expires_at, 'expired'],
    ['another proof', { proof: 'b'.repeat(64) }, NOW, 'collision'],
    ['another path', { path: '/v1/embeddings' }, NOW, 'collision'],
    ['another tenant', { tenant: 'globex' }, NOW, 'tenant'],
    ['as old as is wanted', { maxAgeSeconds: 60 }, NOW + 60_000, undefined],
    ['a millisecond older', { maxAgeSeconds: 60 }, NOW + 60_001, 'too-old'],
    ['max-age=0 in the same millisecond', { maxAgeSeconds: 0 }, NOW, undefined],
    ['max-age=0 a millisecond later', { maxAgeSeconds: 0 }, NOW + 1, 'too-old'],
    ['expired and too old', { maxAgeSeconds: 0 }, kept.expires_at, 'expired'],
    [
      'with as much life left as is wanted',
      { minFreshSeconds: 60 },
      kept.expires_at - 60_000,
      undefined,
    ],
    ['with a millisecond less', { minFreshSeconds: 60 }, kept.expires_at - 59_999, 'expiring'],
    ['a clock that is behind', { maxAgeSeconds: 0 }, NOW - 5_000, undefined],
  ])('%s', (_, over, now, expected) => {
    expect(refusal(kept, { ...wanted, ...over }, now)).toBe(expected)
  })

  it('a semantic answer only if that is allowed', () => {
    const semantic = entry({ source: 'semantic', similarity: 0.9 })
    expect(refusal(semantic, wanted, NOW)).toBeUndefined()
    expect(refusal(semantic, { ...wanted, semantic: false }, NOW)).toBe('semantic')
  })
})

describe('age and ttl', () => {
  it('are whole seconds, rounded against the entry', () => {
    expect(ageSeconds(kept, NOW + 1_999)).toBe(1)
    expect(ageSeconds(kept, NOW - 1_999)).toBe(0)
    expect(ttlSeconds(kept, NOW + 1)).toBe(1_799)
    expect(ttlSeconds(kept, kept.expires_at + 42_000)).toBe(-42)
  })
})

describe('what is read back', () => {
  it('is an entry only if every member is one', () => {
    expect(readEntry(kept)).toEqual(kept)
    for (const name of Object.keys(kept)) {
      expect(readEntry({ ...kept, [name]: undefined })).toBeUndefined()
    }
    expect(readEntry({ ...kept, proof: 'short' })).toBeUndefined()
    for (const payload of [undefined, null, 7, 'text', [], {}]) {
      expect(readEntry(payload)).toBeUndefined()
    }
  })

  it('keeps members that only a later version knows from deciding anything', () => {
    expect(readEntry({ ...kept, waitUntil: true })).toEqual(kept)
  })
})

describe('Cache-Status', () => {
  it('leaves out what is not known, and writes members in the order given', () => {
    expect(
      cacheStatus([
        { cache: 'litellm', hit: true, detail: 'similarity=0.93' },
        { cache: 'edge', fwd: 'uri-miss', fwdStatus: 200, stored: true, key: 'k' },
      ]),
    ).toBe('litellm;hit;detail="similarity=0.93", edge;fwd=uri-miss;fwd-status=200;stored;key="k"')
    expect(cacheStatus([{ cache: 'edge', hit: false, stored: false }])).toBe('edge')
    expect(cacheStatus([{ cache: 'edge', hit: true, ttlSeconds: -42 }])).toBe('edge;hit;ttl=-42')
  })

  it('escapes what a structured field can not hold', () => {
    expect(cacheStatus([{ cache: 'edge', detail: 'a"b\\c\nü' }])).toBe('edge;detail="a\\"b\\\\c??"')
  })

  it('comes with x-cache, the key where there is one, and the timings', () => {
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
