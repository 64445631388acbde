import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  rawItems,
  rawMembers,
  rawValues,
  withoutRawMember,
  withRawMembers,
} from '../../src/cache/raw-json.ts'

const space = fc.constantFrom('', ' ', '\n', '\r\n\t ')
/** JSON text with white space wherever it is allowed between the outermost tokens. */
const spaced = (open: string, close: string, parts: string[], gap: string) =>
  `${gap}${open}${gap}${parts.map((part) => `${gap}${part}${gap}`).join(',')}${gap}${close}${gap}`

describe('the texts in a JSON text', () => {
  it('are those of the members, whatever the names and values are', () => {
    const members = fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), fc.json()), {
      selector: ([name]) => name,
    })
    fc.assert(
      fc.property(members, space, (all, gap) => {
        const parts = all.map(([name, value]) => `${JSON.stringify(name)}${gap}:${gap}${value}`)
        expect([...rawMembers(spaced('{', '}', parts, gap))]).toEqual(
          all.map(([name, value]) => [name, value.trim()]),
        )
      }),
    )
  })

  it('are those of the elements', () => {
    fc.assert(
      fc.property(fc.array(fc.json()), space, (all, gap) => {
        expect(rawItems(spaced('[', ']', all, gap))).toEqual(all.map((text) => text.trim()))
      }),
    )
  })

  it.each([
    ['{"a":"\\\\","b":1}', ['"\\\\"', '1']],
    ['{"a":"\\"}, ]","b":{"c":[1,2]}}', ['"\\"}, ]"', '{"c":[1,2]}']],
    ['{"a" : "b" , "c":":"}', ['"b"', '":"']],
    ['[1.50,12345678901234567890,"\\u0041"]', ['1.50', '12345678901234567890', '"\\u0041"']],
    ['{}', []],
    [' [ ] ', []],
    ['"text"', []],
    ['1', []],
  ])('keep their bytes: %s', (text, values) => {
    expect(rawValues(text).map(({ start, end }) => text.slice(start, end))).toEqual(values)
  })

  it('of all members stay if one is taken out', () => {
    const members = fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), fc.json()), {
      selector: ([name]) => name,
      minLength: 1,
    })
    fc.assert(
      fc.property(members, space, fc.nat(), (all, gap, at) => {
        const parts = all.map(([name, value]) => `${JSON.stringify(name)}${gap}:${gap}${value}`)
        const [name] = all[at % all.length]!
        const text = withoutRawMember(spaced('{', '}', parts, gap), name)
        const others = all.filter(([other]) => other !== name)
        expect([...rawMembers(text)]).toEqual(others.map(([other, value]) => [other, value.trim()]))
      }),
    )
  })

  it('can be replaced where they are, and only at the top', () => {
    const text = '{"a" : 1.50, "nested": {"b": 1}, "b":[1 ,2] }'
    expect(withRawMembers(text, { b: '[]', missing: '0', a: undefined })).toBe(
      '{"a" : 1.50, "nested": {"b": 1}, "b":[] }',
    )
  })

  it('are found in a text of two million escapes in reasonable time', () => {
    const text = JSON.stringify({ a: '\\"'.repeat(1_000_000), b: '\\'.repeat(1_000_000) })
    expect(rawValues(text)).toHaveLength(2)
  })
})
