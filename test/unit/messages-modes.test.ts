import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import Anthropic from '@anthropic-ai/sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messages } from '../../src/apis/messages.ts'
import { formatEvent, parseEvents } from '../../src/stream/sse.ts'

const { assemble } = messages.modes!
const split = (json: string) => Array.from(messages.modes!.split(json)).join('')
const assembled = (stream: string) => assemble(parseEvents(stream))
const KEPT = resolve(import.meta.dirname, '../fixtures/messages/kept')
const kept = (file: string) => readFileSync(resolve(KEPT, file), 'utf8')
const named = (ending: string) => readdirSync(KEPT).filter((name) => name.endsWith(ending))
/** Streams with parts that have no known place in the JSON. */
const ONLY_STREAMS = ['signature-in-pieces.sse', 'unknown-delta.sse', 'unknown-event.sse']

const event = (type: string, members: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`
const START = event('message_start', {
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  },
})
const END = [
  event('message_delta', {
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 9 },
  }),
  event('message_stop'),
].join('')
const block = (index: number, content_block: object, ...deltas: object[]) =>
  [
    event('content_block_start', { index, content_block }),
    ...deltas.map((delta) => event('content_block_delta', { index, delta })),
    event('content_block_stop', { index }),
  ].join('')
const whole = (...blocks: string[]) => START + blocks.join('') + END

/** The message that Anthropic's Node client makes of a stream. */
async function accumulatedBySdk(stream: string): Promise<object> {
  const fetch = async () =>
    new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
  const client = new Anthropic({ apiKey: 'any', baseURL: 'http://litellm', fetch })
  const asked = { model: 'm', max_tokens: 9, messages: [{ role: 'user' as const, content: 'x' }] }
  const made = await client.beta.messages.stream(asked).finalMessage()
  const { parsed_output: _own, ...message } = JSON.parse(JSON.stringify(made)) as {
    parsed_output?: unknown
    content: { parsed_output?: unknown }[]
  }
  const content = message.content.map(({ parsed_output: _parsed, ...rest }) => rest)
  return { ...message, content }
}

const text = fc.string({ unit: 'grapheme' })
const json = fc.jsonValue({ maxDepth: 3 })
const input = fc.dictionary(fc.oneof(fc.string(), fc.nat({ max: 20 }).map(String)), json)
const citation = fc.record({ type: fc.constant('char_location'), cited_text: text, more: json })
const contentBlock = fc.oneof(
  fc.record({ type: fc.constant('text'), text }),
  fc.record({ type: fc.constant('text'), text, citations: fc.option(fc.array(citation)) }),
  fc.record({ citations: fc.array(citation), text, type: fc.constant('text') }),
  fc.record({ type: fc.constant('thinking'), thinking: text, signature: text }),
  fc.record({ type: fc.constant('redacted_thinking'), data: text }),
  fc.record({ type: fc.constant('tool_use'), id: text, name: text, input }),
  fc.record({ type: fc.constant('server_tool_use'), id: text, name: text, input }),
  fc.record({ type: fc.constant('web_search_tool_result'), tool_use_id: text, content: json }),
  fc.record({ type: fc.constant('compaction'), content: text }),
)
const message = fc.record(
  {
    id: text,
    type: fc.constant('message'),
    role: fc.constant('assistant'),
    model: text,
    content: fc.array(contentBlock, { minLength: 1, maxLength: 4 }),
    stop_reason: fc.constantFrom('end_turn', 'tool_use', 'stop_sequence'),
    stop_sequence: fc.option(text),
    stop_details: fc.constant(null),
    context_management: fc.option(json),
    usage: fc.record(
      {
        input_tokens: fc.nat(),
        cache_creation_input_tokens: fc.option(fc.nat()),
        cache_read_input_tokens: fc.nat(),
        cache_creation: fc.option(json),
        output_tokens: fc.nat(),
        server_tool_use: fc.option(fc.record({ web_search_requests: fc.nat() })),
        service_tier: text,
      },
      { requiredKeys: ['input_tokens', 'output_tokens'] },
    ),
    unknown: json,
  },
  { requiredKeys: ['id', 'type', 'role', 'model', 'content', 'stop_reason', 'usage'] },
)

describe('converting a message between stream and JSON', () => {
  it('restores the text of every JSON answer from the stream made of it', () => {
    fc.assert(
      fc.property(message, (answer) => {
        const text = JSON.stringify(answer)
        expect(assembled(split(text))).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  it('makes a stream that the SDK reads as the same message', async () => {
    await fc.assert(
      fc.asyncProperty(message, async (answer) => {
        const text = JSON.stringify(answer)
        expect(await accumulatedBySdk(split(text))).toEqual(JSON.parse(text))
      }),
      { numRuns: 100 },
    )
  })

  it('gives the same message however its text is cut into deltas', async () => {
    const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 6 })
    const pieces = (whole: string, at: number[]) =>
      [...at.toSorted((a, b) => a - b), Infinity].map((end, nth, ends) =>
        whole.slice(nth === 0 ? 0 : ends[nth - 1], end),
      )
    await fc.assert(
      fc.asyncProperty(text, text, input, cuts, async (thinking, said, given, at) => {
        const source = JSON.stringify(given)
        const stream = whole(
          block(
            0,
            { type: 'thinking', thinking: '', signature: '' },
            ...pieces(thinking, at).map((one) => ({ type: 'thinking_delta', thinking: one })),
            { type: 'signature_delta', signature: 's' },
          ),
          block(
            1,
            { type: 'text', text: '' },
            ...pieces(said, at).map((one) => ({ type: 'text_delta', text: one })),
          ),
          block(
            2,
            { type: 'tool_use', id: 't', name: 'f', input: {} },
            ...pieces(source, at).map((partial_json) => ({
              type: 'input_json_delta',
              partial_json,
            })),
          ),
        )
        const made = assembled(stream)!
        expect(JSON.parse(made)).toMatchObject({
          content: [{ thinking, signature: 's' }, { text: said }, { input: JSON.parse(source) }],
          stop_reason: 'end_turn',
          usage: { input_tokens: 1, output_tokens: 9 },
        })
        expect(made).toContain(`"input":${source}`)
        expect(assembled(split(made))).toBe(made)
        expect(await accumulatedBySdk(stream)).toEqual(JSON.parse(made))
      }),
      { numRuns: 100 },
    )
  })

  for (const file of named('.sse').filter((name) => !ONLY_STREAMS.includes(name))) {
    it(`makes the same JSON of a recorded stream as the SDK, and a stream of that: ${file}`, async () => {
      const made = assembled(kept(file))!
      const answer = JSON.parse(made) as object
      expect(messages.admitJson(answer, { count: 1 })).toMatchObject({ admissible: true })
      const stored = messages.modes!.storedEvents(parseEvents(kept(file)))
      const bySdk = await accumulatedBySdk(stored.map(formatEvent).join(''))
      // The SDK omits a null container, and counts that it does not know.
      expect(answer).toMatchObject(bySdk)
      expect(assembled(split(made))).toBe(made)
      expect(await accumulatedBySdk(split(made))).toEqual(answer)
    })
  }

  for (const file of named('.json')) {
    it(`makes a stream of recorded JSON that may be stored itself: ${file}`, async () => {
      const events = parseEvents(split(kept(file)))
      expect(messages.admitStream(events, { count: 1 })).toMatchObject({ admissible: true })
      expect(JSON.parse(assemble(events)!)).toEqual(JSON.parse(kept(file)))
      expect(await accumulatedBySdk(split(kept(file)))).toEqual(JSON.parse(kept(file)))
    })
  }

  it.each(ONLY_STREAMS)('answers streams only, if a part has no known place: %s', (file) => {
    const events = parseEvents(kept(file))
    expect(messages.admitStream(events, { count: 1 })).toMatchObject({ admissible: true })
    expect(messages.modes!.storedEvents(events)).toEqual(events)
    expect(assemble(events)).toBeUndefined()
  })

  it.each<[string, string]>([
    [
      'text for a tool',
      block(0, { type: 'tool_use', input: {} }, { type: 'text_delta', text: 'a' }),
    ],
    [
      'input for a text',
      block(0, { type: 'text', text: '' }, { type: 'input_json_delta', partial_json: '{}' }),
    ],
    [
      'input that is no text',
      block(0, { type: 'tool_use', input: {} }, { type: 'input_json_delta', partial_json: {} }),
    ],
    ['text that is no text', block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 1 })],
    [
      'a signature for a text',
      block(0, { type: 'text', text: '' }, { type: 'signature_delta', signature: 's' }),
    ],
    [
      'a citation for thinking',
      block(0, { type: 'thinking', thinking: '' }, { type: 'citations_delta', citation: {} }),
    ],
    [
      'a delta with more',
      block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'a', more: 1 }),
    ],
    [
      'a delta named like a method',
      block(0, { type: 'text', text: '' }, { type: 'toString', text: 'a' }),
    ],
    [
      'input twice',
      block(
        0,
        { type: 'tool_use', input: { a: 1 } },
        { type: 'input_json_delta', partial_json: '' },
      ),
    ],
    [
      'a summary for a text',
      block(0, { type: 'text', text: '' }, { type: 'compaction_delta', content: 'a' }),
    ],
  ])('makes no JSON of a stream with %s', (_what, blocks) => {
    expect(assembled(whole(block(0, { type: 'text', text: 'a' })))).toBeDefined()
    expect(assembled(whole(blocks))).toBeUndefined()
  })

  it.each<[string, string]>([
    ['message_start', START.replace('"message":', '"more":1,"message":')],
    ['message_delta', END.replace('"usage":', '"more":1,"usage":')],
    ['the delta of message_delta', END.replace('"stop_sequence":', '"more":1,"stop_sequence":')],
  ])('makes no JSON of a stream with an unknown member in %s', (_where, changed) => {
    const said = block(0, { type: 'text', text: 'a' })
    expect(changed).toContain('"more":1')
    const isStart = changed.includes('message_start')
    expect(assembled(isStart ? changed + said + END : START + said + changed)).toBeUndefined()
    const without = changed.replace('"more":1', '"more":null')
    // Null says nothing where a member may be left out.
    expect(assembled(isStart ? START + said + END : START + said + without)).toBeDefined()
  })

  it('keeps the order of input members, also of those that look like array indexes', () => {
    const made = assembled(kept('thinking-and-tool.sse'))!
    const source =
      '{"10": 1, "2": 2, "big": 12345678901234567890, "one": 1.0, "z": {"b": "Zürich", "a": [1e2, {}]}}'
    expect(made).toContain(`"input":${source}`)
    const streamed = parseEvents(split(made)).find(({ data }) => data.includes('partial_json'))
    const { delta } = JSON.parse(streamed!.data) as { delta: { partial_json: string } }
    expect(delta.partial_json).toBe(source)
    const fromJson = split(kept('thinking-and-tool.json'))
    expect(fromJson).toContain(JSON.stringify(source))
  })

  it.each(['\n', '\r\n', '\r', ''])(
    'streams JSON with line ends %j, each event in one line',
    (end) => {
      const source = kept('indented.json').replaceAll('\r\n', end)
      const stream = split(source)
      expect(stream.split('data: ')).toHaveLength(parseEvents(stream).length + 1)
      expect(JSON.parse(assembled(stream)!)).toEqual(JSON.parse(source))
    },
  )

  it('makes no JSON of input with half a character, which UTF-8 cannot hold', () => {
    const call = (...pieces: string[]) =>
      whole(
        block(
          0,
          { type: 'tool_use', id: 't', name: 'f', input: {} },
          ...pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
        ),
      )
    expect(assembled(call('{"a":"\ud83d', '\ude00"}'))).toContain('"input":{"a":"😀"}')
    expect(assembled(call('{"a":"\ud83d', '"}'))).toBeUndefined()
    // An escape is only text.
    expect(assembled(call('{"a":"\\ud83d"}'))).toContain('"input":{"a":"\\ud83d"}')
  })

  it('streams the documented events in their order', () => {
    const shapes = parseEvents(split(kept('thinking-and-tool.json'))).map(({ event, data }) => {
      const { type, index, delta } = JSON.parse(data) as {
        type: string
        index?: number
        delta?: { type?: string }
      }
      expect(type).toBe(event)
      return [type, index, delta?.type].filter((part) => part !== undefined).join(' ')
    })
    expect(shapes).toEqual([
      'message_start',
      'content_block_start 0',
      'content_block_delta 0 thinking_delta',
      'content_block_delta 0 signature_delta',
      'content_block_stop 0',
      'content_block_start 1',
      'content_block_delta 1 text_delta',
      'content_block_stop 1',
      'content_block_start 2',
      'content_block_delta 2 input_json_delta',
      'content_block_stop 2',
      'message_delta',
      'message_stop',
    ])
    const [start] = parseEvents(split(kept('thinking-and-tool.json')))
    expect(JSON.parse(start!.data)).toMatchObject({
      message: { content: [], stop_reason: null, usage: { input_tokens: 21, output_tokens: 0 } },
    })
  })

  it('joins long streams in linear time', () => {
    // Quadratic work on these would exceed the runner's time limit.
    const pieces = Array.from({ length: 20_000 }, () => ({ type: 'text_delta', text: 'ab' }))
    expect(assembled(whole(block(0, { type: 'text', text: '' }, ...pieces)))).toHaveLength(
      assembled(whole(block(0, { type: 'text', text: '' })))!.length + 40_000,
    )
    const blocks = Array.from({ length: 8_000 }, (_, at) => block(at, { type: 'text', text: 'a' }))
    const made = assembled(whole(...blocks))!
    expect(assembled(split(made))).toBe(made)
    const quotes = JSON.stringify({ type: 'tool_use', input: { a: '\\"'.repeat(200_000) } })
    const answer = `{"content":[${quotes}],"usage":{"output_tokens":1},"stop_reason":"tool_use"}`
    expect(assembled(split(answer))).toBe(answer)
  })
})
