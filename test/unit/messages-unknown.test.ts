import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messages } from '../../src/apis/messages.ts'
import { parseEvents } from '../../src/stream/sse.ts'
import { messageEvents } from '../support/messages.ts'

type Delta = Record<string, unknown>

const TEXT = { type: 'text', text: '' }
const THINKING = { type: 'thinking', thinking: '', signature: '' }
const TOOL = { type: 'tool_use', id: 't', name: 'remove', input: {} }

const streamOf = (block: object, deltas: readonly object[], reason: string) =>
  parseEvents(messageEvents([[block, ...deltas]], reason).join(''))
const verdict = (block: object, deltas: readonly object[], reason: string) => {
  const admitted = messages.admitStream(streamOf(block, deltas, reason), { count: 1 })
  return admitted.admissible ? 'stored' : admitted.why
}
const assembled = (block: object, deltas: readonly object[], reason: string) =>
  messages.modes!.assemble(streamOf(block, deltas, reason))

/** Answers with deltas that are all known, and what becomes of them. */
const ANSWERS: [string, object, Delta[], string, string][] = [
  ['a text', TEXT, [{ type: 'text_delta', text: 'Air.' }], 'end_turn', 'stored'],
  ['a text of spaces', TEXT, [{ type: 'text_delta', text: ' ' }], 'end_turn', 'empty answer'],
  [
    'a text with a citation',
    TEXT,
    [
      { type: 'text_delta', text: 'Air' },
      { type: 'citations_delta', citation: { cited_text: 'air' } },
    ],
    'end_turn',
    'stored',
  ],
  [
    'thinking alone',
    THINKING,
    [
      { type: 'thinking_delta', thinking: 'Hm.' },
      { type: 'signature_delta', signature: 's' },
    ],
    'end_turn',
    'empty answer',
  ],
  [
    'the input of a tool',
    TOOL,
    ['{"path":', '"/tmp/a"}'].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    'tool_use',
    'stored',
  ],
  [
    'half the input of a tool',
    TOOL,
    ['{"path":', '"/tmp/a'].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    'tool_use',
    'tool input is not an object',
  ],
]

describe('a message stream with parts that are not known', () => {
  for (const [what, block, deltas, reason, expected] of ANSWERS) {
    it(`is judged by its known parts, wherever the others are: ${what}`, () => {
      expect(verdict(block, deltas, reason)).toBe(expected)
      const place = fc.nat({ max: deltas.length })
      const unknown = fc.record({
        type: fc.constantFrom('progress_delta', 'toString', '__proto__'),
        text: fc.constantFrom('a', null),
        partial_json: fc.constantFrom('}', null),
      })
      const member = fc.constantFrom<unknown>(1, 'a', null, false, {}, [])
      fc.assert(
        fc.property(place, unknown, place, member, (at, delta, nth, value) => {
          const more = deltas.map((one, index) => (index === nth ? { ...one, new: value } : one))
          for (const changed of [deltas.toSpliced(at, 0, delta), more]) {
            expect(verdict(block, changed, reason)).toBe(expected)
          }
          expect(assembled(block, deltas.toSpliced(at, 0, delta), reason)).toBeUndefined()
        }),
      )
    })

    it(`loses nothing with members that are null: ${what}`, () => {
      const made = assembled(block, deltas, reason)
      for (const [nth] of deltas.entries()) {
        const changed = deltas.map((one, at) => (at === nth ? { ...one, logprobs: null } : one))
        expect(assembled(block, changed, reason)).toBe(made)
      }
    })
  }

  it.each(['message_start', 'content_block_start', 'content_block_delta', 'message_delta'])(
    'loses nothing with a member that is null, and something with another: %s',
    (type) => {
      const stream = messageEvents().join('')
      const made = messages.modes!.assemble(parseEvents(stream))
      expect(made).toBeDefined()
      const changed = (value: string) =>
        parseEvents(stream.replace(`{"type":"${type}"`, `{"type":"${type}","new":${value}`))
      expect(messages.modes!.assemble(changed('null'))).toBe(made)
      expect(messages.modes!.assemble(changed('1'))).toBeUndefined()
      expect(messages.admitStream(changed('1'), { count: 1 }).admissible).toBe(true)
    },
  )
})

describe('a message stream with a piece that cannot be read', () => {
  it.each<[string, string, object, Delta]>([
    ['text_delta', 'text', TEXT, { text: 'a' }],
    ['thinking_delta', 'thinking', THINKING, { thinking: 'a' }],
    ['signature_delta', 'signature', THINKING, { signature: 'a' }],
    ['input_json_delta', 'partial_json', TOOL, { partial_json: '' }],
  ])('is not stored: %s', (type, name, block, piece) => {
    const made = (delta: Delta) =>
      messages.admitStream(
        parseEvents(
          messageEvents([[{ type: 'text', text: 'Air.' }], [block, { type, ...delta }]]).join(''),
        ),
        { count: 1 },
      )
    expect(made(piece)).toMatchObject({ admissible: true })
    for (const delta of [{}, { [name]: null }, { [name]: 1 }, { [name]: {} }, { [name]: ['a'] }]) {
      expect(made(delta)).toEqual({ admissible: false, why: 'an event that cannot be read' })
    }
  })

  it('is not stored if the input of an unknown block is cut', () => {
    const block = { type: 'new_tool_use', id: 't', input: {} }
    const text = [{ type: 'text', text: 'Air.' }] as const
    const made = (partial_json: string) =>
      parseEvents(
        messageEvents([text, [block, { type: 'input_json_delta', partial_json }]]).join(''),
      )
    expect(messages.admitStream(made('{"a": 1}'), { count: 1 })).toMatchObject({ admissible: true })
    expect(messages.modes!.assemble(made('{"a": 1}'))).toBeUndefined()
    expect(messages.admitStream(made('{"a": '), { count: 1 })).toMatchObject({ admissible: false })
  })
})
