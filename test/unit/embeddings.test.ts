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

describe('admission of embeddings', () => {
  const two = { input: ['a', 'b'] }

  it.each<[name: string, body: JsonObject, vectors: (string | number[])[], why: string]>([
    ['accepts vectors of one length', two, floats(3, 3), 'admitted'],
    ['refuses vectors of different lengths', two, floats(3, 2), 'vectors of another length'],
    [
      'accepts vectors of the requested length',
      { ...two, dimensions: 3 },
      floats(3, 3),
      'admitted',
    ],
    [
      'refuses vectors of another length than requested',
      { ...two, dimensions: 4 },
      floats(3, 3),
      'vectors of another length',
    ],
    [
      'accepts any length with dimensions: null',
      { ...two, dimensions: null },
      floats(3, 3),
      'admitted',
    ],
    ['refuses a missing vector', two, floats(3), 'vectors missing'],
    [
      'accepts requested base64',
      { input: 'a', encoding_format: 'base64' },
      [base64(12)],
      'admitted',
    ],
    [
      'refuses base64 vectors of different lengths',
      { ...two, encoding_format: 'base64' },
      [base64(12), base64(16)],
      'vectors of another length',
    ],
    [
      'refuses base64 vectors of another length than requested',
      { input: 'a', encoding_format: 'base64', dimensions: 4 },
      [base64(12)],
      'vectors of another length',
    ],
    [
      'refuses invalid base64',
      { input: 'a', encoding_format: 'base64' },
      ['no base64!'],
      'vectors of another encoding',
    ],
    [
      'refuses truncated base64',
      { input: 'a', encoding_format: 'base64' },
      [base64(11)],
      'vectors of another encoding',
    ],
    [
      'refuses base64 that was not requested',
      { input: 'a' },
      [base64(12)],
      'vectors of another encoding',
    ],
    [
      'refuses numbers instead of the requested base64',
      { input: 'a', encoding_format: 'base64' },
      floats(3),
      'vectors of another encoding',
    ],
  ])('%s', (_, body, vectors, why) => {
    expect(admit(body, vectors)).toBe(why)
  })
})
