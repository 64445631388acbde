import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KnownRequest, RequestOrigin } from '../../src/middleware/request-memo.ts'
import { RequestMemo } from '../../src/middleware/request-memo.ts'

const header = fc.option(fc.string())
const origin: fc.Arbitrary<RequestOrigin> = fc.record({
  callerId: fc.string(),
  path: fc.string(),
  model: fc.option(fc.string(), { nil: undefined }),
  controls: fc.record({
    'cache-control': header,
    'x-cache-ttl': header,
    'x-cache-semantic': header,
    'x-cache-namespace': header,
    'x-cache-tags': header,
  }),
  counted: fc.dictionary(fc.string(), fc.string()),
})
const known = (model: string): KnownRequest => ({
  facts: { model } as KnownRequest['facts'],
  tenant: 'a',
  key: { id: 'id', proof: 'proof' },
})

describe('the memo of parsed requests', () => {
  it('names two requests alike only if body and origin are equal', async () => {
    const memo = new RequestMemo()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.uint8Array(), origin, origin, async (a, b, one, two) => {
        const names = await Promise.all([
          memo.nameOf(a as Uint8Array<ArrayBuffer>, one),
          memo.nameOf(b as Uint8Array<ArrayBuffer>, two),
          memo.nameOf(a as Uint8Array<ArrayBuffer>, structuredClone(one)),
        ])
        expect(names[0]).toBe(names[2])
        const isEqual = JSON.stringify([[...a], one]) === JSON.stringify([[...b], two])
        expect(names[0] === names[1]).toBe(isEqual)
      }),
    )
  })

  it('forgets the requests that were not repeated for longest, at 2 MiB', () => {
    const memo = new RequestMemo()
    memo.set('first', known('x'))
    memo.set('second', known('x'))
    for (let n = 0; n < 25; n += 1) {
      memo.set(String(n), known('x'.repeat(50_000)))
      expect(memo.get('first')).toBeDefined()
    }
    expect(memo.get('second')).toBeUndefined()
    expect(memo.get('24')).toBeDefined()
  })
})
