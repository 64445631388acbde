import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { controlHeaders, readControls, withTtl } from '../../src/cache/controls.ts'
import type { Controls } from '../../src/cache/controls.ts'
import type { Json } from '../../src/cache/json.ts'
import { GatewayError } from '../../src/errors.ts'
import { plainControls } from '../support/controls.ts'

const limits = { ttlSeconds: 1_800, maxTtlSeconds: 86_400 }
const read = (headers: Record<string, string>, cache?: Json) => {
  const body = cache === undefined ? {} : { cache }
  return withTtl(readControls(controlHeaders(new Headers(headers)), body), limits)
}

describe('cache controls', () => {
  const rows: [headers: Record<string, string>, cache: Json, expected: Partial<Controls>][] = [
    [{}, null, {}],
    [{ 'cache-control': 'no-cache' }, null, { read: false }],
    [{}, { 'no-cache': true }, { read: false }],
    [{ 'cache-control': 'no-store' }, null, { read: false, store: false }],
    [{}, { 'no-store': true }, { store: false }],
    [{}, { 'no-store': false, 'no-cache': false }, {}],
    [{ 'cache-control': 'no-cache' }, { 'no-store': true }, { read: false, store: false }],
    [{ 'cache-control': 'max-age=60' }, null, { maxAgeSeconds: 60 }],
    [{ 'cache-control': 'MAX-AGE="60"' }, null, { maxAgeSeconds: 60 }],
    [{ 'cache-control': 'max-age=60, max-age=30' }, null, { maxAgeSeconds: 30 }],
    [{ 'cache-control': 'max-age=99999999999999999999' }, null, { maxAgeSeconds: 2 ** 31 }],
    [{ 'cache-control': 'max-age=60' }, { 's-maxage': 30 }, { maxAgeSeconds: 30 }],
    [{ 'cache-control': 'max-age=20' }, { 's-maxage': 30 }, { maxAgeSeconds: 20 }],
    [{}, { 's-max-age': 0 }, { maxAgeSeconds: 0 }],
    [{ 'cache-control': 'min-fresh=60' }, null, { minFreshSeconds: 60 }],
    [{ 'cache-control': 'min-fresh=60, min-fresh=90' }, null, { minFreshSeconds: 90 }],
    [{ 'cache-control': 'max-stale' }, null, { maxStaleSeconds: 2 ** 31 }],
    [{ 'cache-control': 'max-stale=60' }, null, { maxStaleSeconds: 60 }],
    [{ 'cache-control': 'max-stale, max-stale=60' }, null, { maxStaleSeconds: 60 }],
    [{ 'cache-control': 'stale-if-error=60' }, null, { staleIfErrorSeconds: 60 }],
    [
      { 'cache-control': 'no-cache, stale-if-error=0' },
      null,
      { read: false, staleIfErrorSeconds: 0 },
    ],
    [{ 'x-cache-ttl': '60' }, null, { ttlSeconds: 60 }],
    [{ 'x-cache-ttl': '60' }, { ttl: 30 }, { ttlSeconds: 30 }],
    [{ 'x-cache-ttl': '0' }, null, { ttlSeconds: 1 }],
    [{ 'x-cache-ttl': '999999' }, null, { ttlSeconds: 86_400 }],
    [{ 'cache-control': 'only-if-cached' }, null, { onlyIfCached: true }],
    [{ 'x-cache-semantic': 'off' }, null, { semantic: false }],
    [{ 'x-cache-semantic': 'on' }, null, {}],
    [{ 'x-cache-namespace': 'a' }, null, { namespace: 'a' }],
    [{ 'x-cache-namespace': 'a' }, { namespace: 'a' }, { namespace: 'a' }],
    [{}, { namespace: 'b' }, { namespace: 'b' }],
    [{ 'x-cache-namespace': 'a'.repeat(256) }, null, { namespace: 'a'.repeat(256) }],
    [{ 'x-cache-tags': ' a, b,a' }, null, { tags: ['a', 'b'] }],
    [{ 'cache-control': 'no-transform, immutable, x="no-store, no-cache"' }, { x: 1 }, {}],
    [{ 'cache-control': 'private="set-cookie", No-Cache' }, null, { read: false }],
  ]
  for (const [headers, cache, expected] of rows) {
    it(`are ${JSON.stringify(expected)} for headers ${JSON.stringify(headers)} and body ${JSON.stringify(cache)}`, () => {
      expect(read(headers, cache)).toEqual({ ...plainControls, ...expected })
    })
  }

  const malformed: [headers: Record<string, string>, cache: Json, control: string][] = [
    [{ 'cache-control': 'max-age=soon' }, null, 'cache-control: max-age'],
    [{ 'cache-control': 'max-stale=soon' }, null, 'cache-control: max-stale'],
    [{ 'cache-control': 'stale-if-error' }, null, 'cache-control: stale-if-error'],
    [{ 'cache-control': 'stale-if-error=-1' }, null, 'cache-control: stale-if-error'],
    [{ 'cache-control': 'max-age' }, null, 'cache-control: max-age'],
    [{ 'cache-control': 'max-age=-1' }, null, 'cache-control: max-age'],
    [{ 'x-cache-ttl': '1.5' }, null, 'x-cache-ttl'],
    [{ 'x-cache-ttl': '-1' }, null, 'x-cache-ttl'],
    [{ 'x-cache-semantic': 'no' }, null, 'x-cache-semantic'],
    [{ 'x-cache-namespace': '' }, null, 'x-cache-namespace'],
    [{ 'x-cache-namespace': 'a'.repeat(257) }, null, 'x-cache-namespace'],
    [{ 'x-cache-tags': 'a,,b' }, null, 'x-cache-tags'],
    [{ 'x-cache-tags': Array.from({ length: 17 }, (_, n) => n).join() }, null, 'x-cache-tags'],
    [{}, 'no-cache', 'cache'],
    [{}, [], 'cache'],
    [{}, { 'no-cache': 'true' }, 'cache.no-cache'],
    [{}, { 'no-store': 1 }, 'cache.no-store'],
    [{}, { ttl: '60' }, 'cache.ttl'],
    [{}, { ttl: 1.5 }, 'cache.ttl'],
    [{}, { 's-maxage': -1 }, 'cache.s-maxage'],
    [{}, { namespace: 7 }, 'cache.namespace'],
    [{ 'x-cache-namespace': 'a' }, { namespace: 'b' }, 'cache.namespace'],
  ]
  for (const [headers, cache, control] of malformed) {
    it(`are rejected, naming ${control}, for headers ${JSON.stringify(headers)} and body ${JSON.stringify(cache)}`, () => {
      const error = (() => {
        try {
          return read(headers, cache)
        } catch (thrown) {
          return thrown
        }
      })()
      expect(error).toBeInstanceOf(GatewayError)
      expect(error).toMatchObject({ status: 400, param: control })
      expect((error as Error).message).toContain(control)
    })
  }

  it('follow the stricter of header and body', () => {
    const flag = fc.boolean()
    const number = fc.nat({ max: 100_000 })
    fc.assert(
      fc.property(flag, flag, number, number, number, number, (a, b, age, sAge, ttl, bodyTtl) => {
        const headers = {
          'cache-control': `${a ? 'no-cache, ' : ''}max-age=${age}`,
          'x-cache-ttl': String(ttl),
        }
        const cache = { 'no-cache': b, 's-maxage': sAge, ttl: bodyTtl }
        const both = read(headers, cache)
        for (const alone of [read(headers), read({}, cache)]) {
          expect(both.read && !alone.read).toBe(false)
          expect(both.maxAgeSeconds!).toBeLessThanOrEqual(alone.maxAgeSeconds!)
          expect(both.ttlSeconds).toBeLessThanOrEqual(alone.ttlSeconds)
        }
      }),
    )
  })

  it('are read from any Cache-Control field in linear time', () => {
    fc.assert(
      fc.property(fc.string(), (field) => {
        const headers = new Headers()
        try {
          headers.set('cache-control', field)
        } catch {
          return
        }
        try {
          readControls(controlHeaders(headers), {})
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError)
        }
      }),
    )
    // Quadratic work on these takes minutes, and the runner's time limit is the judge.
    for (const field of [
      `a="${'\\'.repeat(100_000)}`,
      'a,'.repeat(200_000),
      'a '.repeat(200_000),
    ]) {
      readControls(controlHeaders(new Headers({ 'cache-control': field })), {})
    }
    const ages = new Headers({ 'cache-control': 'max-age=1,'.repeat(200_000) })
    expect(readControls(controlHeaders(ages), {}).maxAgeSeconds).toBe(1)
  })
})
