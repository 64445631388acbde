import { beforeEach, describe, expect, it, vi } from 'vitest'
import { messages } from '../../src/apis/messages.ts'
import { parseEvents } from '../../src/stream/sse.ts'
import type { ServerSentEvent } from '../../src/stream/sse.ts'
import { event, messageBody, messageEvents } from '../support/messages.ts'

/** The characters that were parsed or written as JSON. */
const work = vi.hoisted(() => ({ characters: 0 }))

vi.mock(import('../../src/cache/raw-json.ts'), async (importOriginal) => {
  const original = await importOriginal()
  const counted =
    <T>(read: (text: string) => T) =>
    (text: string) => {
      work.characters += text.length
      return read(text)
    }
  return {
    ...original,
    rawMembers: counted(original.rawMembers),
    rawItems: counted(original.rawItems),
    rawObject(members) {
      const text = original.rawObject(members)
      work.characters += text.length
      return text
    },
  }
})
vi.mock(import('../../src/cache/parse-json.ts'), async (importOriginal) => {
  const original = await importOriginal()
  return {
    ...original,
    tryParseJson(text) {
      work.characters += text.length
      return original.tryParseJson(text)
    },
  }
})

const repeated = <T>(times: number, item: (at: number) => T) =>
  Array.from({ length: times }, (_, at) => item(at))
const deltas = (block: object, times: number, delta: (at: number) => object) =>
  messageEvents([[block, ...repeated(times, delta)], [{ type: 'text', text: 'a' }]])

/** A stream with these events before its last one. */
function beforeTheEnd(times: number, more: (at: number) => string): string[] {
  const events = messageEvents()
  return events.toSpliced(-1, 0, ...repeated(times, more))
}

const TOOL = { type: 'tool_use', id: 't', name: 'f', input: {} }
const GROWING: [string, (times: number) => string[]][] = [
  [
    'text',
    (n) => deltas({ type: 'text', text: '' }, n, () => ({ type: 'text_delta', text: 'ab' })),
  ],
  [
    'thinking',
    (n) =>
      deltas({ type: 'thinking', thinking: '' }, n, () => ({
        type: 'thinking_delta',
        thinking: 'ab',
      })),
  ],
  [
    'signatures',
    (n) =>
      deltas({ type: 'thinking', signature: '' }, n, (at) => ({
        type: 'signature_delta',
        signature: `${at}`,
      })),
  ],
  [
    'citations',
    (n) =>
      deltas({ type: 'text', text: 'a', citations: [] }, n, (at) => ({
        type: 'citations_delta',
        citation: { at },
      })),
  ],
  [
    'input of a tool',
    (n) =>
      deltas(TOOL, n + 2, (at) => ({
        type: 'input_json_delta',
        partial_json: at === 0 ? '{"a":"' : at === n + 1 ? '"}' : 'ab',
      })),
  ],
  [
    'summaries',
    (n) =>
      deltas({ type: 'compaction', content: '' }, n, () => ({
        type: 'compaction_delta',
        content: 'ab',
      })),
  ],
  ['blocks', (n) => messageEvents(repeated(n, () => [{ type: 'text', text: 'a' }]))],
  [
    'counts',
    (n) =>
      beforeTheEnd(n, (at) =>
        event('message_delta', { delta: {}, usage: { [`count_${at}`]: at } }),
      ),
  ],
  [
    'ends',
    (n) =>
      beforeTheEnd(n, (at) =>
        event('message_delta', { delta: { stop_details: { at } }, context_management: { at } }),
      ),
  ],
  ['unknown events', (n) => beforeTheEnd(n, (at) => event('progress', { at }))],
  [
    'unknown deltas',
    (n) => deltas({ type: 'text', text: 'a' }, n, (at) => ({ type: 'progress_delta', at })),
  ],
]

describe('the work of merging a message stream', () => {
  beforeEach(() => void (work.characters = 0))
  const measured = (events: readonly ServerSentEvent[]) => {
    work.characters = 0
    messages.admitStream(events, { count: 1 })
    messages.modes!.assemble(events)
    return work.characters
  }

  it.each(GROWING)('grows in proportion to its length: %s', (_what, made) => {
    const [one, four] = [200, 800].map((times) => parseEvents(made(times).join('')))
    expect(messages.admitStream(one!, { count: 1 })).toMatchObject({ admissible: true })
    expect(measured(four!)).toBeLessThan(5 * measured(one!))
  })

  it('is not repeated for each event that has counts beside many known ones', () => {
    const many = Object.fromEntries(repeated(1_000, (at) => [`count_${at}`, 0]))
    const usage = { input_tokens: 9, output_tokens: 3, ...many }
    const start = event('message_start', {
      message: messageBody({ content: [], stop_reason: null, usage }),
    })
    const made = (times: number) =>
      parseEvents(
        beforeTheEnd(times, () => event('message_delta', { delta: {}, usage: {} }))
          .with(0, start)
          .join(''),
      )
    const [one, four] = [made(500), made(2_000)]
    expect(messages.admitStream(one, { count: 1 })).toMatchObject({ admissible: true })
    const lengthOf = (events: readonly ServerSentEvent[]) => JSON.stringify(events).length
    // The events are short. What was known before them is not read again.
    const added = measured(four) - measured(one)
    expect(added).toBeLessThan(10 * (lengthOf(four) - lengthOf(one)))
  })
})

describe('the work of splitting a message', () => {
  it.each<[string, (times: number) => object[]]>([
    ['text', (n) => [{ type: 'text', text: 'ab'.repeat(n) }]],
    ['blocks', (n) => repeated(n, () => ({ type: 'text', text: 'a' }))],
    ['citations', (n) => [{ type: 'text', text: 'a', citations: repeated(n, (at) => ({ at })) }]],
    ['input', (n) => [{ ...TOOL, input: Object.fromEntries(repeated(n, (at) => [`a${at}`, at])) }]],
  ])('grows in proportion to its length: %s', (_what, content) => {
    const measured = (times: number) => {
      const text = JSON.stringify(messageBody({ content: content(times) }))
      work.characters = 0
      Array.from(messages.modes!.split(text))
      return work.characters
    }
    expect(measured(800)).toBeLessThan(5 * measured(200))
  })
})
