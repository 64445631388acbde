import { describe, expect, it } from 'vitest'
import { moderations } from '../../src/apis/moderations.ts'
import type { Json, JsonObject } from '../../src/cache/json.ts'

const result = (flagged: unknown = false) => ({ flagged, categories: { violence: flagged } })
const admit = (answer: unknown, input: Json = 'a') =>
  moderations.admitJson(answer, moderations.expected({ input }))
const parts = [
  { type: 'text', text: 'a' },
  { type: 'image_url', image_url: { url: 'data:,a' } },
]

describe('admission of moderations', () => {
  it.each<[what: string, results: unknown, input: Json, why: string]>([
    ['a result for one text', [result()], 'a', 'admitted'],
    ['a flagged result', [result(true)], 'a', 'admitted'],
    ['a result for each text', [result(), result(true)], ['a', 'b'], 'admitted'],
    ['one result for all content parts', [result()], parts, 'admitted'],
    ['a result for each content part', [result(), result()], parts, 'results missing'],
    ['a result missing', [result()], ['a', 'b'], 'results missing'],
    ['a result too many', [result(), result()], 'a', 'results missing'],
    ['no result', [], 'a', 'results missing'],
    ['an undecided result', [result(null)], 'a', 'not a moderation'],
    ['a result in words', [result('false')], 'a', 'not a moderation'],
    ['a null result', [null], 'a', 'not a moderation'],
    ['null results', null, 'a', 'not a moderation'],
    ['an error in a result', [{ ...result(), error: { code: 500 } }], 'a', 'error in the body'],
  ])('of an answer with %s → %4$s', (_what, results, input, why) => {
    const verdict = admit({ id: 'modr-1', model: 'omni', results }, input)
    expect(verdict.admissible ? 'admitted' : verdict.why).toBe(why)
  })

  it('refuses an answer that is an error, or none', () => {
    expect(admit({ results: [result()], error: 'no' })).toMatchObject({ why: 'error in the body' })
    for (const answer of [null, [], 'text', {}]) {
      expect(admit(answer)).toMatchObject({ why: 'not a moderation' })
    }
  })

  it('needs no id, and has no usage', () => {
    const known = { usage: null, created: null }
    expect(admit({ id: 'modr-1', results: [result()] })).toEqual({
      admissible: true,
      answer: { ...known, id: 'modr-1' },
    })
    expect(admit({ id: null, results: [result()] })).toEqual({
      admissible: true,
      answer: { ...known, id: null },
    })
  })

  it.each([null, 7, [], ['a', 7], ['a', { type: 'text' }], {}])(
    'refuses a request whose input is neither text nor parts, but not an empty text: %j',
    (input) => {
      expect(() => moderations.check({ input: '' })).not.toThrow()
      const check = () => moderations.check({ input } as JsonObject)
      expect(check).toThrow(expect.objectContaining({ param: 'input' }))
    },
  )
})
