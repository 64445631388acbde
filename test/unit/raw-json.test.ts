import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rawItems, rawMembers, rawObject } from '../../src/cache/raw-json.ts'

/** JSON with white space between all tokens, in several ways. */
const spaced = fc.constantFrom('', ' ', '\n\t', '\r\n')
const value = fc.jsonValue({ maxDepth: 4 })
const withSpace = (source: string, space: string) =>
  source.replaceAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, (token) => space + token + space)

describe('JSON as source text', () => {
  it('gives the members of every object in their order, and the object again', () => {
    const names = fc.oneof(fc.string(), fc.nat({ max: 30 }).map(String), fc.constant('__proto__'))
    const members = fc.uniqueArray(
      fc.tuple(
        names,
        value.map((one) => JSON.stringify(one)),
      ),
      {
        selector: ([name]) => name,
      },
    )
    fc.assert(
      fc.property(members, (expected) => {
        const source = rawObject(expected)
        expect([...rawMembers(source)]).toEqual(expected)
        expect(rawObject(rawMembers(source))).toBe(source)
      }),
    )
  })

  it('gives the items of every array', () => {
    fc.assert(
      fc.property(fc.array(value), (items) => {
        const sources = items.map((one) => JSON.stringify(one))
        expect(rawItems(`[${sources.join(',')}]`)).toEqual(sources)
      }),
    )
  })

  it('ignores white space around values, and keeps it within', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), spaced, (object, space) => {
        const source = withSpace(JSON.stringify(object), space)
        const members = rawMembers(source)
        expect([...members.keys()].sort()).toEqual(Object.keys(object).sort())
        for (const [name, text] of members) {
          expect(text.trim()).toBe(text)
          expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(object))[name])
        }
        const items = rawItems(withSpace(JSON.stringify(Object.values(object)), space))
        expect(items.map((text) => JSON.parse(text) as unknown)).toHaveLength(members.size)
      }),
    )
    expect(rawMembers(' { "a" : { "b" : 1.0 } , "c" : -1e+2 } ')).toEqual(
      new Map([
        ['a', '{ "b" : 1.0 }'],
        ['c', '-1e+2'],
      ]),
    )
  })

  it('reads names and values with escapes', () => {
    const source = '{"a\\"}":"\\\\","\\u0041":["\\"]"],"":null}'
    expect([...rawMembers(source)]).toEqual([
      ['a"}', '"\\\\"'],
      ['A', '["\\"]"]'],
      ['', 'null'],
    ])
    expect(rawItems('["\\\\","]",[],{"x":"}"},true]')).toEqual([
      '"\\\\"',
      '"]"',
      '[]',
      '{"x":"}"}',
      'true',
    ])
    expect(rawItems(' [ ] ')).toEqual([])
    expect(rawMembers('{}').size).toBe(0)
  })
})
