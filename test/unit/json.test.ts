import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidJson, isSafeNumber, MAX_DEPTH, parseJson } from '../../src/cache/json.ts'

describe('parseJson', () => {
  it('gives what JSON.parse gives, and calls it faithful', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text).value).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each(['{"a":1,"a":2}', '{"x":{"a":1,"b":2,"a":3}}', '{"a":1,"\\u0061":2}', '[{"":1,"":1}]'])(
    'refuses a member that appears twice: %s',
    (text) => expect(() => parseJson(text)).toThrow(InvalidJson),
  )

  it.each([
    '{"a":{"a":1},"b":{"a":1}}',
    '["a","a"]',
    '{"a":"a"}',
    '{"__proto__":1,"a":{"__proto__":2}}',
  ])('takes the same name in different objects: %s', (text) =>
    expect(parseJson(text).faithful).toBe(true),
  )

  it('refuses what is nested out of reason, and takes what is just within', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(() => parseJson(nested(MAX_DEPTH + 1))).toThrow(InvalidJson)
    expect(MAX_DEPTH).toBe(1_000)
    expect(() => parseJson(nested(50_000))).toThrow(InvalidJson)
    expect(parseJson(nested(MAX_DEPTH)).faithful).toBe(true)
  })

  it('calls lone surrogates unfaithful, and pairs not', () => {
    expect(parseJson('"\\ud800"').faithful).toBe(false)
    expect(parseJson('"\\udc00\\ud800"').faithful).toBe(false)
    expect(parseJson('"\\ud83d\\ude00"').faithful).toBe(true)
    expect(parseJson('{"\\ud800":1}').faithful).toBe(false)
    expect(parseJson('"\\\\ud800"').faithful).toBe(true)
  })

  it('gives numbers back digit by digit when a double would change them', () => {
    const text = '{"big":12345678901234567890,"small":1,"list":[0.1,1e999]}'
    const { value, faithful } = parseJson(text)
    expect(faithful).toBe(false)
    expect(JSON.stringify(value)).toBe(text)
  })

  it('keeps __proto__ as a member like any other', () => {
    const { value } = parseJson('{"__proto__":{"polluted":true}}')
    expect(Object.hasOwn(value as object, '__proto__')).toBe(true)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('is not confused by braces, quotes and digits inside strings', () => {
    expect(parseJson('{"a":"}{\\"a\\":1,\\\\","b":"12345678901234567890"}').faithful).toBe(true)
  })
})

describe('isSafeNumber', () => {
  it.each([
    '0',
    '-0',
    '1',
    '0.1',
    '1.0',
    '1e21',
    '100',
    '1E2',
    '0e999',
    '5e-324',
    '0.30000000000000004',
  ])('%s is safe', (token) => expect(isSafeNumber(token)).toBe(true))

  it.each(['12345678901234567890', '1e999', '0.1000000000000000055', '9007199254740993', '1e-400'])(
    '%s is not',
    (token) => expect(isSafeNumber(token)).toBe(false),
  )

  it('is true of every double in its shortest form', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(isSafeNumber(JSON.stringify(number))).toBe(true)
      }),
    )
  })
})
