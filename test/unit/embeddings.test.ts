import { describe, expect, it } from 'vitest'
import { embeddings } from '../../src/apis/embeddings.ts'
import type { JsonObject } from '../../src/cache/json.ts'

const floats = (...lengths: number[]) => lengths.map((length) => Array<number>(length).fill(0.5))
const base64 = (bytes: number) => btoa('x'.repeat(bytes))

function admit(body: JsonObject, vectors: readonly (string | number[])[]): string {
  const data = vectors.map((embedding, index) => ({ object: 'embedding', index, embedding }))
  const verdict = embeddings.admitJson({ object: 'list', data }, embeddings.expected(body))
  return verdict.admissible ? 'admitted' : verdict.why
}

describe('the vectors of an answer', () => {
  const two = { input: ['a', 'b'] }

  it.each<[name: string, body: JsonObject, vectors: (string | number[])[], why: string]>([
    ['all of one length', two, floats(3, 3), 'admitted'],
    ['of unequal length', two, floats(3, 2), 'vectors of another length'],
    ['of the length that was asked for', { ...two, dimensions: 3 }, floats(3, 3), 'admitted'],
    ['of another length', { ...two, dimensions: 4 }, floats(3, 3), 'vectors of another length'],
    ['with no length asked for', { ...two, dimensions: null }, floats(3, 3), 'admitted'],
    ['missing', two, floats(3), 'vectors missing'],
    ['in base64, as asked', { input: 'a', encoding_format: 'base64' }, [base64(12)], 'admitted'],
    [
      'in base64 of unequal length',
      { ...two, encoding_format: 'base64' },
      [base64(12), base64(16)],
      'vectors of another length',
    ],
    [
      'in base64 of another length',
      { input: 'a', encoding_format: 'base64', dimensions: 4 },
      [base64(12)],
      'vectors of another length',
    ],
    [
      'in base64 that is none',
      { input: 'a', encoding_format: 'base64' },
      ['no base64!'],
      'vectors of another encoding',
    ],
    [
      'in base64 that is cut',
      { input: 'a', encoding_format: 'base64' },
      [base64(11)],
      'vectors of another encoding',
    ],
    ['in base64, not asked for', { input: 'a' }, [base64(12)], 'vectors of another encoding'],
    [
      'as numbers, with base64 asked for',
      { input: 'a', encoding_format: 'base64' },
      floats(3),
      'vectors of another encoding',
    ],
  ])('%s', (_, body, vectors, why) => {
    expect(admit(body, vectors)).toBe(why)
  })
})
