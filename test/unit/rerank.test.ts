import { describe, expect, it } from 'vitest'
import { rerank } from '../../src/apis/rerank.ts'
import type { JsonObject } from '../../src/cache/json.ts'

const body = { model: 'ranker', query: 'sea', documents: ['hill', { text: 'tide' }, 'wave'] }
const result = (index: unknown, relevance_score: unknown = 0.5) => ({ index, relevance_score })
const three = [result(2), result(0), result(1)]

function admit(answer: unknown, over: JsonObject = {}) {
  return rerank.admitJson(answer, rerank.expected({ ...body, ...over }))
}

describe('admission of rankings', () => {
  it.each<[what: string, results: unknown, over: JsonObject, why: string]>([
    ['a score for each document', three, {}, 'admitted'],
    ['logits as scores', [result(1, -7.5), result(0, 11), result(2, 0)], {}, 'admitted'],
    [
      'the documents themselves',
      [{ ...result(0), document: { text: 'a', error: 1 } }],
      { top_n: 1 },
      'admitted',
    ],
    ['as many results as requested', [result(2), result(0)], { top_n: 2 }, 'admitted'],
    ['all documents, fewer than requested', three, { top_n: 99 }, 'admitted'],
    ['all documents with top_n: null', three, { top_n: null }, 'admitted'],
    ['fewer results than documents', [result(2), result(0)], {}, 'results missing'],
    ['fewer results than requested', [result(2)], { top_n: 2 }, 'results missing'],
    ['more results than requested', three, { top_n: 2 }, 'admitted'],
    ['a document twice', [result(2), result(2), result(1)], {}, 'results missing'],
    ['a document that there was not', [result(3), result(0), result(1)], {}, 'results missing'],
    ['no results', [], {}, 'results missing'],
    ['no results, as requested', [], { top_n: 0 }, 'results missing'],
    ['results for an invalid top_n', three, { top_n: '3' }, 'results missing'],
    ['results for a negative top_n', [], { top_n: -1 }, 'results missing'],
    ['null results', null, {}, 'not a ranking'],
    ['no score', [{ index: 0 }], { top_n: 1 }, 'not a ranking'],
    ['a score as text', [result(0, '0.5')], { top_n: 1 }, 'not a ranking'],
    ['a null score', [result(0, null)], { top_n: 1 }, 'not a ranking'],
    ['a score that is no finite number', [result(0, Infinity)], { top_n: 1 }, 'not a ranking'],
    ['a negative index', [result(-1)], { top_n: 1 }, 'not a ranking'],
    ['an index as text', [result('0')], { top_n: 1 }, 'not a ranking'],
    ['an error in a result', [{ ...result(0), error: 'no' }], { top_n: 1 }, 'error in the body'],
  ])('of an answer with %s → %4$s', (_what, results, over, why) => {
    const verdict = admit({ id: 'r', results }, over)
    expect(verdict.admissible ? 'admitted' : verdict.why).toBe(why)
  })

  it('refuses an answer that is an error, or none', () => {
    expect(admit({ results: three, error: 'no' })).toMatchObject({ why: 'error in the body' })
    for (const answer of [null, [], 'text', {}]) {
      expect(admit(answer)).toMatchObject({ why: 'not a ranking' })
    }
  })

  it.each<[meta: unknown, prompt: number | null, completion: number]>([
    [{ tokens: { input_tokens: 9, output_tokens: 4 } }, 9, 4],
    [{ billed_units: { total_tokens: 9 }, tokens: { input_tokens: 8 } }, 8, 0],
    [{ billed_units: { total_tokens: 9 }, tokens: {} }, 9, 0],
    [{ billed_units: { total_tokens: 9 } }, 9, 0],
    [{ api_version: { version: '2' }, billed_units: { search_units: 1 } }, null, 0],
    ['none', null, 0],
    [null, null, 0],
    [undefined, null, 0],
  ])('reads usage from %j', (meta, prompt, completion) => {
    const usage =
      prompt === null
        ? null
        : {
            prompt_tokens: prompt,
            completion_tokens: completion,
            total_tokens: prompt + completion,
          }
    expect(admit({ id: 'r', results: three, meta })).toEqual({
      admissible: true,
      answer: { usage, created: null, id: 'r' },
    })
  })

  it.each<[over: JsonObject, param: string]>([
    [{ query: null }, 'query'],
    [{ query: ['sea'] }, 'query'],
    [{ documents: null }, 'documents'],
    [{ documents: [] }, 'documents'],
    [{ documents: 'hill' }, 'documents'],
  ])('refuses a request without a query or documents: %j', (over, param) => {
    expect(() => rerank.check(body)).not.toThrow()
    expect(() => rerank.check({ ...body, ...over })).toThrow(expect.objectContaining({ param }))
  })
})
