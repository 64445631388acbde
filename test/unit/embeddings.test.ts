import * as fc from 'fast-check'
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
    ['accepts base64 that was not requested', { input: 'a' }, [base64(12)], 'admitted'],
    [
      'accepts numbers instead of the requested base64',
      { input: 'a', encoding_format: 'base64' },
      floats(3),
      'admitted',
    ],
    ['refuses invalid base64', { input: 'a' }, ['no base64!'], 'not a vector'],
    ['refuses truncated base64', { input: 'a' }, [base64(11)], 'not a vector'],
    ['refuses base64 that holds no number', { input: 'a' }, ['AADAfw=='], 'not a vector'],
    ['refuses empty base64', { input: 'a' }, [''], 'not a list of embeddings'],
    ['refuses an empty vector', { input: 'a' }, [[]], 'not a list of embeddings'],
  ])('%s', (_, body, vectors, why) => {
    expect(admit(body, vectors)).toBe(why)
  })
})

describe('the stored form of a vector', () => {
  const one = { count: 1, separable: true }
  const pack = (text: string) => embeddings.storedForm!.pack(text, 'json', one)
  const unpack = (text: string, expected: { base64?: boolean }) =>
    embeddings.storedForm!.unpack(text, 'json', { ...one, ...expected })
  const answer = (embedding: unknown) =>
    JSON.stringify({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding }],
      model: 'm',
      usage: { prompt_tokens: 1, total_tokens: 1 },
    })
  const vectorIn = (text: string | undefined): unknown =>
    (JSON.parse(text!) as { data: { embedding: unknown }[] }).data[0]!.embedding
  const bits = (values: Float32Array | Float64Array) => [...new Uint8Array(values.buffer)]
  const base64Of = (values: Float32Array) => btoa(String.fromCharCode(...bits(values)))
  const finite = { noNaN: true, noDefaultInfinity: true }
  const float32 = fc.array(fc.float(finite), { minLength: 1, maxLength: 50 })
  const float64 = fc.array(fc.double(finite), { minLength: 1, maxLength: 50 })

  it('returns every 32-bit float with the same bits, whichever encoding it came in', () => {
    fc.assert(
      fc.property(float32, (values) => {
        const floats = Float32Array.from(values)
        const encoded = base64Of(floats)
        // -0 is written as a number that JSON.parse reads back as -0.
        const numbers = `[${values.map((one) => (Object.is(one, -0) ? '-0.0' : one)).join()}]`
        for (const came of [answer(encoded), answer([]).replace('[]', numbers)]) {
          const stored = pack(came)
          expect(vectorIn(stored)).toBe(encoded)
          expect(vectorIn(unpack(stored, { base64: true }))).toBe(encoded)
          const back = vectorIn(unpack(stored, {})) as number[]
          expect(bits(Float64Array.from(back))).toEqual(bits(Float64Array.from(values)))
        }
      }),
    )
  })

  it('returns every 64-bit float with the same bits, and rounds it for base64', () => {
    fc.assert(
      fc.property(float64, (values) => {
        const stored = pack(
          answer([]).replace(
            '[]',
            `[${values.map((one) => (Object.is(one, -0) ? '-0.0' : one)).join()}]`,
          ),
        )
        const back = vectorIn(unpack(stored, {})) as number[]
        expect(bits(Float64Array.from(back))).toEqual(bits(Float64Array.from(values)))
        const floats = Float32Array.from(values)
        const encoded = unpack(stored, { base64: true })
        if (floats.every(Number.isFinite)) expect(vectorIn(encoded)).toBe(base64Of(floats))
        else expect(encoded).toBeUndefined()
      }),
    )
  })

  it('keeps everything else in the answer, and adds a usage of zero if there is none', () => {
    const whole = JSON.parse(answer([0.5])) as JsonObject
    const more = { ...whole, extra: [1], data: [{ index: 0, embedding: [0.5], more: 'x' }] }
    const { usage: _, ...without } = more as JsonObject
    expect(JSON.parse(unpack(pack(JSON.stringify(more)), {})!)).toEqual(more)
    expect(JSON.parse(unpack(pack(JSON.stringify(without)), {})!)).toEqual({
      ...without,
      usage: { prompt_tokens: 0, total_tokens: 0 },
    })
  })
})
