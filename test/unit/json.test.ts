import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonScanner } from '../../src/cache/json-scanner.ts'
import type { Watched } from '../../src/cache/member-finder.ts'
import { InvalidJson, isSafeNumber, MAX_DEPTH } from '../../src/cache/json.ts'
import { parseJson } from '../../src/cache/parse-json.ts'

describe('parseJson', () => {
  it('returns the value that JSON.parse returns', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text).value).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each(['{"a":1,"a":2}', '{"x":{"a":1,"b":2,"a":3}}', '{"a":1,"\\u0061":2}', '[{"":1,"":1}]'])(
    'refuses a duplicate member: %s',
    (text) => expect(() => parseJson(text)).toThrow(InvalidJson),
  )

  it.each([
    '{"a":{"a":1},"b":{"a":1}}',
    '["a","a"]',
    '{"a":"a"}',
    '{"__proto__":1,"a":{"__proto__":2}}',
  ])('accepts the same name in different objects: %s', (text) =>
    expect(parseJson(text).faithful).toBe(true),
  )

  it('accepts 1,000 levels of nesting and refuses more', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(() => parseJson(nested(MAX_DEPTH + 1))).toThrow(InvalidJson)
    expect(MAX_DEPTH).toBe(1_000)
    expect(() => parseJson(nested(50_000))).toThrow(InvalidJson)
    expect(parseJson(nested(MAX_DEPTH)).faithful).toBe(true)
  })

  it('marks lone surrogates as unfaithful, but not pairs', () => {
    expect(parseJson('"\\ud800"').faithful).toBe(false)
    expect(parseJson('"\\udc00\\ud800"').faithful).toBe(false)
    expect(parseJson('"\\ud83d\\ude00"').faithful).toBe(true)
    expect(parseJson('{"\\ud800":1}').faithful).toBe(false)
    expect(parseJson('"\\\\ud800"').faithful).toBe(true)
  })

  it('keeps every digit of a number that a double cannot hold', () => {
    const text = '{"big":12345678901234567890,"small":1,"list":[0.1,1e999]}'
    const { value, faithful } = parseJson(text)
    expect(faithful).toBe(false)
    expect(JSON.stringify(value)).toBe(text)
  })

  it('keeps __proto__ as an ordinary member', () => {
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
  ])('accepts %s', (token) => expect(isSafeNumber(token)).toBe(true))

  it.each(['12345678901234567890', '1e999', '0.1000000000000000055', '9007199254740993', '1e-400'])(
    'refuses %s',
    (token) => expect(isSafeNumber(token)).toBe(false),
  )

  it('accepts every double in its shortest form', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(isSafeNumber(JSON.stringify(number))).toBe(true)
      }),
    )
  })
})

describe('JsonScanner', () => {
  const encoder = new TextEncoder()
  /** A scanner's result for a text that arrives in chunks cut at these places. */
  function scan(text: string | Uint8Array, cuts: readonly number[] = [], watched?: Watched) {
    const bytes = typeof text === 'string' ? encoder.encode(text) : text
    const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
    const scanner = new JsonScanner(watched)
    let start = 0
    for (const end of [...ends, bytes.length]) {
      scanner.push(bytes.subarray(start, end))
      start = end
    }
    return scanner.end()
  }
  const refuses = (text: string, cuts?: readonly number[]) => {
    try {
      scan(text, cuts)
      return false
    } catch (error) {
      if (error instanceof InvalidJson) return true
      throw error
    }
  }
  const isJson = (text: string) => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
  const cuts = fc.array(fc.nat(), { maxLength: 5 })

  it('accepts what JSON.parse accepts, wherever it is cut', () => {
    const anything = fc.oneof(fc.json(), fc.json({ stringUnit: 'binary' }))
    fc.assert(
      fc.property(anything, cuts, (text, places) => {
        expect(refuses(text, places)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('accepts nothing that JSON.parse refuses, wherever it is cut', () => {
    const sign = fc.constantFrom(
      ...'{}[],:"\\ 0123456789-+.eEtrufalsn/b\t\n\r\u0000\u0001\u00a0\ufeff'.split(''),
    )
    const made = fc.oneof(
      fc.string({ unit: sign, maxLength: 12 }),
      fc
        .tuple(fc.json(), fc.nat(), fc.nat({ max: 2 }), fc.string({ unit: sign, maxLength: 2 }))
        .map(([text, at, gone, put]) => {
          const place = at % (text.length + 1)
          return text.slice(0, place) + put + text.slice(place + gone)
        }),
    )
    fc.assert(
      fc.property(made, cuts, (text, places) => {
        // A leading byte order mark is the exception that RFC 8259 allows.
        if (text.startsWith('\ufeff')) return
        try {
          scan(text, places)
        } catch (error) {
          const isTwice = (error as Error).message.includes('appears twice')
          expect(error).toBeInstanceOf(InvalidJson)
          expect(isTwice || !isJson(text)).toBe(true)
          return
        }
        expect(isJson(text)).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    '01',
    '-',
    '1.',
    '.5',
    '1e',
    '1e+',
    '+1',
    '- 1',
    '1-1',
    '0x1',
    'NaN',
    'tru',
    'truee',
    'nul',
    '[1,]',
    '[,1]',
    '{"a":1,}',
    '{"a"}',
    '{a:1}',
    "{'a':1}",
    '[1 2]',
    '1 2',
    '[}',
    '{]',
    '"\\u12g4"',
    '"\\x"',
    '"a\nb"',
    '"',
    '',
    ' ',
    '\ufeff',
    ' \ufeff1',
  ])('refuses %j', (text) => {
    expect(refuses(text)).toBe(true)
    expect(refuses(text, [0, 1, 2, 3, 4, 5, 6, 7, 8])).toBe(true)
  })

  it('counts objects, arrays, strings and members, but not numbers', () => {
    const count = (text: string) => scan(text).nodes
    expect(count('[1,2,3]')).toBe(1)
    expect(count('{"a":1}')).toBe(2)
    expect(count('["a","b"]')).toBe(3)
    expect(count('[{},{},[]]')).toBe(4)
    expect(count('{"a":{"b":"c"},"d":[null,true]}')).toBe(7)
  })

  it('finds watched members by name, escaped or not, only in the watched objects', () => {
    const watched = new Map([
      ['model', undefined],
      ['x', undefined],
      [
        'meta',
        new Map([
          ['x', undefined],
          ['in', new Map([['x', undefined]])],
        ]),
      ],
    ])
    const text =
      '{"messages":[{"model":1,"x":2}], "\\u006dodel" : "m\\"x" ,"meta":{"x":[1,{"x":2}],"in":{"x":-1.5e3}},"y":{"x":3},"x":null}'
    const bytes = encoder.encode(text)
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const { members, inside } = scan(text, [cut], watched)
      const found = members.map(({ path, start, end }) => [
        path.join('.'),
        new TextDecoder().decode(bytes.subarray(start, end)),
      ])
      expect(found).toEqual([
        ['model', '"m\\"x"'],
        ['meta.x', '[1,{"x":2}]'],
        ['meta.in.x', '-1.5e3'],
        ['meta.in', '{"x":-1.5e3}'],
        ['meta', '{"x":[1,{"x":2}],"in":{"x":-1.5e3}}'],
        ['x', 'null'],
      ])
      expect(inside).toEqual({ start: 1, end: bytes.length - 1, isEmpty: false })
    }
    expect(scan(' {} ').inside).toEqual({ start: 2, end: 2, isEmpty: true })
    expect(scan('[]').root).toBe('other')
  })

  it('accepts exactly what is valid UTF-8, wherever it is cut', () => {
    const isUtf8 = (bytes: Uint8Array) => {
      try {
        new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
        return true
      } catch {
        return false
      }
    }
    const high = fc.integer({ min: 0x80, max: 0xff })
    const text = fc.string({ unit: 'binary', maxLength: 4 }).map((one) => [...encoder.encode(one)])
    const inside = fc
      .array(fc.oneof(text, fc.array(high, { maxLength: 4 })), { maxLength: 4 })
      .map((parts) => parts.flat().filter((byte) => byte >= 0x20 && byte !== 0x22 && byte !== 0x5c))
    fc.assert(
      fc.property(inside, cuts, fc.boolean(), (bytes, places, isName) => {
        const before = encoder.encode(isName ? '{"' : '["')
        const after = encoder.encode(isName ? '":1}' : '"]')
        const all = new Uint8Array([...before, ...bytes, ...after])
        const scanned = () => scan(all, places)
        if (isUtf8(all)) expect(scanned().root).toBe(isName ? 'object' : 'other')
        else expect(scanned).toThrow('UTF-8')
      }),
      { numRuns: 5_000 },
    )
  })

  it('skips a byte order mark, even if it is cut', () => {
    for (const at of [0, 1, 2, 3, 4]) {
      expect(scan('\ufeff{"a":1}', [at])).toMatchObject({ markLength: 3, nodes: 2 })
    }
    expect(() => scan(new Uint8Array([0xef, 0x7b, 0x7d]))).toThrow(InvalidJson)
  })

  it('finds duplicate members in large objects', () => {
    const names = (count: number) =>
      Array.from({ length: count }, (_, at) => `"n${at.toString(36)}":0`).join(',')
    const large = names(100_000)
    expect(scan(`{${large}}`).nodes).toBe(100_001)
    expect(refuses(`{${large},"n1":1}`)).toBe(true)
    expect(refuses(`{${names(16)},"n0":1}`)).toBe(true)
    expect(refuses(`{${names(17)},"ng":1}`)).toBe(true)
    // The same names in another object, or further out, are not duplicates.
    expect(refuses(`[{${names(20)}},{${names(20)}},{"a":{${names(20)}},${names(20)}}]`)).toBe(false)
  })

  it('accepts a million members in an object and refuses more', () => {
    const names = (count: number) =>
      `{${Array.from({ length: count }, (_, n) => `"${n}":0`).join()}}`
    expect(scan(names(1_000_000)).nodes).toBe(1_000_001)
    expect(() => scan(names(1_000_001))).toThrow('more than 1000000 members')
  })

  it('stays fast with names that collide in half of the hash', () => {
    // The same bytes in another order, which a weak hash maps close together.
    const name = (n: number) =>
      n.toString(2).padStart(20, '0').replaceAll('0', 'ab').replaceAll('1', 'ba')
    const members = Array.from({ length: 100_000 }, (_, n) => `"${name(n)}":0`)
    expect(scan(`{${members.join()}}`).nodes).toBe(100_001)
  })

  it('compares names after resolving escapes', () => {
    expect(refuses('{"é":1,"\\u00e9":2}')).toBe(true)
    expect(refuses('{"😀":1,"\\ud83d\\ude00":2}')).toBe(true)
    expect(refuses('{"a\\/b":1,"a/b":2}')).toBe(true)
    expect(refuses('{"\\ud83d":1,"\\ude00":2}')).toBe(false)
    expect(refuses('{"\\n":1,"n":2}')).toBe(false)
  })
})
