import { describe, expect, it } from 'vitest'
import { pairId } from '../../src/semantic/question-pair.ts'

const PAIR = { a: 'Convert 10 miles to km', b: 'Convert 10 km to miles' }

describe('the id of a pair of questions', () => {
  it('is the same in both directions', async () => {
    expect(await pairId('acme', PAIR)).toBe(await pairId('acme', { a: PAIR.b, b: PAIR.a }))
  })

  it('is the same for texts that are certainly the same questions', async () => {
    const typed = { a: '  Convert 10  miles to km', b: 'Convert 10 km to miles? ' }
    expect(await pairId('acme', typed)).toBe(await pairId('acme', PAIR))
  })

  it.each([
    ['another tenant', 'globex', PAIR],
    ['another text', 'acme', { ...PAIR, b: 'Convert 11 km to miles' }],
    ['another case', 'acme', { ...PAIR, a: 'convert 10 miles to km' }],
    ['the same text twice', 'acme', { a: PAIR.a, b: PAIR.a }],
  ])('differs for %s', async (_, tenant, pair) => {
    expect(await pairId(tenant, pair)).not.toBe(await pairId('acme', PAIR))
  })

  // A report is made to outlive versions, so another id would forget it.
  it('is a UUID, the same in all versions', async () => {
    expect(await pairId('acme', PAIR)).toBe('31e4530f-d08e-4af0-5bde-cd9ae48b1324')
  })
})
