import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chatCompletions } from '../../src/apis/chat-completions.ts'
import { parseEvents } from '../../src/stream/sse.ts'

const { assemble, usage, storedEvents, ownOptions } = chatCompletions.modes!
const split = (json: string) => Array.from(chatCompletions.modes!.split(json)).join('')
const usageFrames = usage!.frames
const roundTrip = (answer: object) => {
  const text = assemble(parseEvents(split(JSON.stringify(answer))))
  return text === undefined ? undefined : (JSON.parse(text) as object)
}
const stream = (...chunks: object[]) =>
  [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => ({ event: '', data }))
const choice = (delta: object, over: object = {}) => ({ choices: [{ index: 0, delta, ...over }] })
const assembled = (...chunks: object[]) => {
  const text = assemble(stream(...chunks))
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>)
}

const text = fc.string({ unit: 'grapheme' })
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const token = fc.record({
  token: text,
  logprob: fc.double({ noNaN: true, noDefaultInfinity: true, max: 0 }),
  bytes: fc.option(fc.array(fc.nat({ max: 255 }))),
  top_logprobs: fc.constant([]),
})
const toolCall = fc.record({
  id: text,
  type: fc.constant('function'),
  function: fc.record({ name: text, arguments: fc.json() }),
})
const message = fc.record(
  {
    role: fc.constant('assistant'),
    content: fc.option(text),
    refusal: fc.option(text),
    reasoning_content: text,
    tool_calls: fc.array(toolCall, { minLength: 1, maxLength: 3 }),
    function_call: fc.record({ name: text, arguments: fc.json() }),
    annotations: fc.array(fc.jsonValue()),
    provider_specific_fields: fc.dictionary(fc.string(), fc.jsonValue()),
  },
  { requiredKeys: ['role', 'content'] },
)
const completion = fc
  .record({
    id: text,
    created: fc.nat(),
    model: text,
    system_fingerprint: maybe(text),
    service_tier: maybe(text),
    choices: fc.array(
      fc.record({
        message,
        finish_reason: fc.constantFrom('stop', 'tool_calls', 'function_call'),
        logprobs: maybe(
          fc.option(fc.record({ content: fc.option(fc.array(token)), refusal: fc.constant(null) })),
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    usage: fc.record({
      prompt_tokens: fc.nat(),
      completion_tokens: fc.nat(),
      total_tokens: fc.nat(),
    }),
  })
  .map(({ choices, ...rest }) => ({
    object: 'chat.completion',
    ...rest,
    choices: choices.map((one, index) => ({ index, ...one })),
  }))

describe('converting an answer between stream and JSON', () => {
  it('restores every JSON answer from the stream made of it', () => {
    fc.assert(
      fc.property(completion, (answer) => {
        expect(roundTrip(answer)).toEqual(JSON.parse(JSON.stringify(answer)))
      }),
      { numRuns: 500 },
    )
  })

  it('gives the same answer however its text is split into chunks', () => {
    const pieces = fc.array(text, { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(pieces, pieces, pieces, (content, reasoning, args) => {
        const call = (part: object) => ({ tool_calls: [{ index: 0, function: part }] })
        const answer = assembled(
          choice({ role: 'assistant' }),
          ...reasoning.map((part) => choice({ reasoning_content: part })),
          ...content.map((part) => choice({ content: part })),
          choice({
            tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'f' } }],
          }),
          ...args.map((part) => choice(call({ arguments: part }))),
          choice({}, { finish_reason: 'tool_calls' }),
        )
        expect(answer?.['choices']).toEqual([
          {
            index: 0,
            finish_reason: 'tool_calls',
            message: {
              role: 'assistant',
              content: content.join(''),
              reasoning_content: reasoning.join(''),
              tool_calls: [
                { id: 'c', type: 'function', function: { name: 'f', arguments: args.join('') } },
              ],
            },
          },
        ])
      }),
    )
  })

  it('joins parallel tool calls and several choices by index, in any order', () => {
    const piece = (index: number, at: number, part: object) => ({
      choices: [{ index, delta: { tool_calls: [{ index: at, function: part }] } }],
    })
    const answer = assembled(
      piece(1, 0, { name: 'a', arguments: '{' }),
      piece(0, 0, { name: 'b', arguments: '{' }),
      piece(0, 1, { name: 'c', arguments: '[' }),
      piece(0, 0, { arguments: '}' }),
      piece(1, 0, { arguments: '}' }),
      piece(0, 1, { arguments: ']' }),
    )
    expect(answer?.['choices']).toMatchObject([
      {
        index: 0,
        message: {
          tool_calls: [
            { function: { name: 'b', arguments: '{}' } },
            { function: { name: 'c', arguments: '[]' } },
          ],
        },
      },
      { index: 1, message: { tool_calls: [{ function: { name: 'a', arguments: '{}' } }] } },
    ])
  })

  it('keeps every digit of a number', () => {
    const data = '{"choices":[{"index":0,"delta":{"content":"x"},"p":-0.12345678901234567890}]}'
    const text = assemble([
      { event: '', data },
      { event: '', data: '[DONE]' },
    ])
    expect(text).toContain('"p":-0.12345678901234567890')
    expect(split(text!)).toContain('"p":-0.12345678901234567890')
  })

  /** The message that these deltas of one choice make. */
  const joined = (...deltas: object[]) => {
    const answer = assembled(...deltas.map((delta) => choice(delta)))
    return (answer?.['choices'] as { message: unknown }[] | undefined)?.[0]?.message
  }

  it('makes no answer from pieces that it cannot join', () => {
    const twice = (delta: object) => assembled(choice(delta), choice(delta))
    expect(twice({ audio: { data: 'AAAA' } })).toBeUndefined()
    expect(assembled(choice({ tool_calls: [{ index: -1, id: 'x' }] }))).toBeUndefined()
    expect(assembled(choice({}), { choices: [{ index: 0, delta: 'text' }] })).toBeUndefined()
    expect(joined({ content: 'a' }, { content: [{ type: 'text', text: 'b' }] })).toBeUndefined()
    for (const [one, other] of [
      [{ quote: 'a' }, { quote: 'b' }],
      [{ text: 'a' }, { text: 'b' }],
      [{ at: 1 }, { at: 2 }],
    ]) {
      const citation = (found: unknown) => ({ provider_specific_fields: { citation: found } })
      expect(joined(citation(one), citation(one))).toBeDefined()
      expect(joined(citation(one), citation(other))).toBeUndefined()
    }
    const details = (text: string) => ({ reasoning_details: [{ text }] })
    expect(joined(details('ha'), details('ha'))).toBeUndefined()
    const call = (id: string) => ({ tool_calls: [{ index: 0, id, function: { name: 'f' } }] })
    expect(joined(call('a'), call('b'))).toBeUndefined()
  })

  it('keeps a repeated member once, and the last value of one that changes', () => {
    const chunk = (over: object) => ({ id: 'x', object: 'chat.completion.chunk', ...over })
    const repeated = {
      service_tier: 'default',
      system_fingerprint: 'fp_1',
      provider: 'P',
      unknown: { a: ['b'] },
      citations: ['u'],
    }
    expect(
      assembled(
        chunk({ ...repeated, x_groq: { id: 'r' }, obfuscation: 'k3', ...choice({ content: 'a' }) }),
        chunk({
          ...repeated,
          x_groq: { id: 'r' },
          obfuscation: 'Qz0',
          ...choice({ content: 'b' }),
        }),
        chunk({
          ...repeated,
          system_fingerprint: 'fp_2',
          citations: ['u', 'v'],
          x_groq: { id: 'r', usage: { total_tokens: 2 } },
          ...choice({}, { finish_reason: 'stop' }),
        }),
      ),
    ).toEqual({
      id: 'x',
      object: 'chat.completion',
      ...repeated,
      system_fingerprint: 'fp_2',
      citations: ['u', 'v'],
      x_groq: { id: 'r', usage: { total_tokens: 2 } },
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'ab' } }],
    })
  })

  it('takes id, model and created from the first chunk that has them', () => {
    // Azure begins with a chunk that is only about the prompt.
    const first = { id: '', model: '', created: 0, choices: [], prompt_filter_results: [{ a: 1 }] }
    expect(
      assembled(
        first,
        { id: 'x', model: 'm', created: 7, ...choice({ content: 'a' }) },
        { id: 'y', model: 'm', created: 8, ...choice({}) },
      ),
    ).toMatchObject({ id: 'x', model: 'm', created: 7, prompt_filter_results: [{ a: 1 }] })
  })

  it.each<[string, object[], object]>([
    ['adds the role if no chunk has it', [{ content: 'a' }], { role: 'assistant', content: 'a' }],
    [
      'keeps a repeated role once',
      [{ role: 'assistant' }, { role: 'assistant' }],
      { role: 'assistant' },
    ],
    ['joins equal pieces of text', [{ content: 'ha' }, { content: 'ha' }], { content: 'haha' }],
    ['keeps unknown text that never changes once', [{ x: 'a' }, { x: 'a' }], { x: 'a' }],
    ['joins unknown text that changes', [{ x: 'a' }, { x: 'a' }, { x: 'b' }], { x: 'aab' }],
    [
      'takes the last value of numbers and flags',
      [
        { x: 1, y: true },
        { x: 2, y: false },
      ],
      { x: 2, y: false },
    ],
    [
      'joins thinking blocks up to their signature',
      [
        { thinking_blocks: [{ type: 'thinking', thinking: 'a' }] },
        { thinking_blocks: [{ type: 'thinking', thinking: 'b' }] },
        { thinking_blocks: [{ type: 'thinking', thinking: '', signature: 's' }] },
        { thinking_blocks: [{ type: 'redacted_thinking', data: 'r' }] },
        { thinking_blocks: [{ type: 'redacted_thinking', data: 'r' }] },
        { thinking_blocks: [{ type: 'thinking', thinking: 'c' }] },
        { thinking_blocks: [{ type: 'thinking', signature: 't' }] },
        // With the signature, LiteLLM repeats the whole block.
        { thinking_blocks: [{ type: 'thinking', thinking: 'd' }] },
        { thinking_blocks: [{ type: 'thinking', thinking: 'e' }] },
        { thinking_blocks: [{ type: 'thinking', thinking: 'de', signature: 'u' }] },
      ],
      {
        thinking_blocks: [
          { type: 'thinking', thinking: 'ab', signature: 's' },
          { type: 'redacted_thinking', data: 'r' },
          { type: 'redacted_thinking', data: 'r' },
          { type: 'thinking', thinking: 'c', signature: 't' },
          { type: 'thinking', thinking: 'de', signature: 'u' },
        ],
      },
    ],
    [
      'joins reasoning details by index and type',
      [
        { reasoning_details: [{ index: 0, type: 'reasoning.text', text: 'a', format: 'f' }] },
        { reasoning_details: [{ index: 0, type: 'reasoning.text', text: 'a', format: 'f' }] },
        { reasoning_details: [{ index: 1, type: 'reasoning.summary', summary: 'c' }] },
        { reasoning_details: [{ index: 0, type: 'reasoning.encrypted', data: 'e' }] },
        { reasoning_details: [{ index: 0, type: 'reasoning.text', signature: 's' }] },
        { reasoning_details: [{ index: 1, summary: 'd' }] },
      ],
      {
        reasoning_details: [
          { index: 0, type: 'reasoning.text', text: 'aa', format: 'f', signature: 's' },
          { index: 1, type: 'reasoning.summary', summary: 'cd' },
          { index: 0, type: 'reasoning.encrypted', data: 'e' },
        ],
      },
    ],
    [
      'appends annotations and keeps repeated ones once',
      [
        { annotations: [{ type: 'url_citation', url: 'a' }] },
        { annotations: [{ type: 'url_citation', url: 'a' }] },
        { annotations: [{ type: 'url_citation', url: 'b' }] },
      ],
      {
        annotations: [
          { type: 'url_citation', url: 'a' },
          { type: 'url_citation', url: 'b' },
        ],
      },
    ],
    [
      'takes the last version of a list that grows',
      [
        { provider_specific_fields: { found: [{ a: 1 }] } },
        { provider_specific_fields: { found: [{ a: 1 }, { b: 2 }] } },
      ],
      { provider_specific_fields: { found: [{ a: 1 }, { b: 2 }] } },
    ],
    [
      'accepts a single tool call with any index',
      [
        { tool_calls: [{ index: 1, id: 'c', function: { name: 'f', arguments: '{' } }] },
        { tool_calls: [{ index: 1, function: { name: 'f', arguments: '}' } }] },
      ],
      { tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }] },
    ],
    [
      'orders tool calls by index, not by arrival',
      [{ tool_calls: [{ index: 2, id: 'b' }] }, { tool_calls: [{ index: 0, id: 'a' }] }],
      { tool_calls: [{ id: 'a' }, { id: 'b' }] },
    ],
    [
      'separates tool calls without an index by id and name',
      [
        { tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{' } }] },
        { tool_calls: [{ id: 'a', function: { arguments: '}' } }] },
        { tool_calls: [{ id: 'b', function: { name: 'f', arguments: '[' } }] },
        { tool_calls: [{ function: { arguments: ']' } }] },
      ],
      {
        tool_calls: [
          { id: 'a', function: { name: 'f', arguments: '{}' } },
          { id: 'b', function: { name: 'f', arguments: '[]' } },
        ],
      },
    ],
    [
      'joins nested provider members that are known or never change',
      [
        { provider_specific_fields: { reasoning_content: 'a', found: ['x'], tag: 't' } },
        { provider_specific_fields: { reasoning_content: 'a', found: ['x', 'y'], tag: 't' } },
      ],
      { provider_specific_fields: { reasoning_content: 'aa', found: ['x', 'y'], tag: 't' } },
    ],
  ])('%s', (_rule, deltas, message) => {
    expect(joined(...deltas)).toMatchObject(message)
  })

  it('joins log probabilities and token ids token by token', () => {
    const token = { token: 'a', logprob: -1 }
    const piece = choice({ content: 'a' }, { logprobs: { content: [token] }, token_ids: [7, 8] })
    const other = choice({ content: 'a' }, { logprobs: { content: [token] }, token_ids: [7, 8] })
    expect(assembled(piece, other)).toMatchObject({
      choices: [{ logprobs: { content: [token, token] }, token_ids: [7, 8, 7, 8] }],
    })
    // The form that some servers of open models use.
    const lists = choice({ content: 'a' }, { logprobs: { tokens: ['a'], token_logprobs: [-1] } })
    expect(assembled(lists, lists)).toMatchObject({
      choices: [{ logprobs: { tokens: ['a', 'a'], token_logprobs: [-1, -1] } }],
    })
  })

  const before = (...parts: object[]) => stream(...parts).slice(0, -1)
  const event = (data: string, type = '') => ({ event: type, data })
  const spoken = choice({ content: 'Do not ' })
  const ended = choice({ content: 'it' }, { finish_reason: 'stop' })

  it.each<[string, { event: string; data: string }[]]>([
    ['cut off', [event('{"choices":[{"index":0,"delta":{"content":"del')]],
    ['with a duplicate member', [event('{"id":"x","id":"y","choices":[]}')]],
    [
      'nested 2,000 levels deep',
      [event(`{"choices":[],"x":${'['.repeat(2_000)}${']'.repeat(2_000)}}`)],
    ],
    ['a list', [event('[1]')]],
    ['with choices that are not a list', [event('{"choices":{}}')]],
    ['an error with a duplicate member', [event('{"error":{"a":1},"error":{"a":1}}')]],
    ["vLLM's error object", [event('{"object":"error","message":"no","code":500}')]],
    ["Anthropic's error object", [event('{"type":"error","error":{"type":"x"}}')]],
    ['an error event', [event('no', 'error')]],
  ])('makes no answer from a stream with a broken chunk: %s', (_what, broken) => {
    const events = [...before(spoken), ...broken, ...before(ended), event('[DONE]')]
    expect(assemble(events)).toBeUndefined()
    expect(chatCompletions.admitStream(events, { count: 1 })).toMatchObject({ admissible: false })
  })

  it('makes no answer if text follows the end of a choice or of the stream', () => {
    const late = [...before(spoken, ended, spoken), event('[DONE]')]
    expect(assemble(late)).toBeUndefined()
    expect(
      assemble([...before(spoken, ended, choice({ content: '' })), event('[DONE] ')]),
    ).toBeDefined()
    expect(assemble([...stream(spoken, ended), ...before(spoken)])).toBeUndefined()
    expect(assemble([...stream(spoken, ended), event('[DONE]')])).toBeUndefined()
  })

  it('ignores events that are not JSON, and null usage', () => {
    const events = stream({ ...choice({ content: 'a' }), usage: null }, choice({}))
    const noise = ['', 'ping', ': OPENROUTER PROCESSING'].map((data) => ({ event: '', data }))
    const text = assemble([...noise, ...events, ...noise])
    expect(JSON.parse(text!)).toEqual({
      choices: [{ index: 0, message: { role: 'assistant', content: 'a' } }],
    })
  })

  it('streams the reasoning before the content', () => {
    const message = {
      role: 'assistant',
      content: 'a',
      reasoning_content: 'r',
      thinking_blocks: [{}],
    }
    const deltas = parseEvents(
      split(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] })),
    )
      .slice(0, -1)
      .map(({ data }) => (JSON.parse(data) as { choices: { delta: object }[] }).choices[0]?.delta)
    expect(deltas).toEqual([
      { role: 'assistant', reasoning_content: 'r', thinking_blocks: [{}] },
      { content: 'a' },
      {},
    ])
  })

  it('streams members that belong to one chunk only once', () => {
    const answer = { id: 'x', citations: ['u'], choices: [{ index: 0, message: {}, more: 1 }] }
    const text = split(JSON.stringify(answer))
    expect(text.split('citations')).toHaveLength(2)
    expect(text.split('"id":"x"')).toHaveLength(3)
  })

  it('takes the last usage and adds no member of its own', () => {
    const said = choice({ content: 'a' }, { finish_reason: 'stop' })
    const usage = { total_tokens: 1 }
    const citations = ['u']
    const answer = assembled(
      { ...said, usage, citations },
      { choices: [], usage: { total_tokens: 2 }, citations },
    )
    expect(answer).toMatchObject({ usage: { total_tokens: 2 }, citations })
    expect(answer).not.toHaveProperty('object')
  })

  it('makes no answer from choices that are malformed', () => {
    expect(assembled({ choices: ['text'] })).toBeUndefined()
    expect(assembled({ choices: [{ delta: { content: 'a' } }] })).toBeUndefined()
  })

  it('joins the pieces of a custom tool call', () => {
    const piece = (custom: object) => choice({ tool_calls: [{ index: 0, custom }] })
    const answer = assembled(piece({ name: 'c', input: 'a' }), piece({ input: 'b' }))
    expect(answer).toMatchObject({
      choices: [{ message: { tool_calls: [{ custom: { name: 'c', input: 'ab' } }] } }],
    })
  })

  it('numbers tool calls by position, whatever index they had', () => {
    const call = (id: string) => ({ index: 0, id, function: { name: 'f', arguments: '{}' } })
    const message = { role: 'assistant', content: null, tool_calls: [call('a'), call('b')] }
    const answer = { choices: [{ index: 0, finish_reason: 'tool_calls', message }] }
    expect(roundTrip(answer)).toMatchObject({
      choices: [{ message: { tool_calls: [{ id: 'a' }, { id: 'b' }] } }],
    })
  })

  it('keeps a member named __proto__', () => {
    const data = '{"__proto__":{"a":1},"choices":[{"index":0,"delta":{"__proto__":{"b":1}}}]}'
    const text = assemble([
      { event: '', data },
      { event: '', data: '[DONE]' },
    ])
    expect(text).toContain('"__proto__":{"a":1}')
    expect(text).toContain('"__proto__":{"b":1}')
  })

  it('joins long streams in linear time', () => {
    // Quadratic work on these would exceed the runner's time limit.
    const large = { large: 'x'.repeat(500_000) }
    assembled(large, ...Array.from({ length: 20_000 }, () => ({ ...choice({}), large: 'y' })))
    const token = { token: 'a', logprob: 0 }
    const content = Array.from({ length: 300_000 }, () => token)
    const answer = assembled(
      choice({}, { logprobs: { content } }),
      choice({}, { logprobs: { content } }),
    )
    expect(JSON.stringify(answer).length).toBeGreaterThan(600_000)
    const many = Array.from({ length: 20_000 }, (_, index) => index)
    const lists = [
      ...many.map((index) => ({ tool_calls: [{ index, function: { name: 'f' } }] })),
      ...many.map((index) => ({ reasoning_details: [{ index, text: 'a' }] })),
    ]
    expect(assembled(...lists.map((delta) => choice(delta)))).toBeDefined()
    const nameless = many.map((index) => ({ id: String(index), function: { name: 'f' } }))
    expect(assembled(choice({ tool_calls: nameless }))).toBeDefined()
  })
})

describe('the usage chunk of a stream', () => {
  const frame = (chunk: object) => `data: ${JSON.stringify(chunk)}\n\n`
  const usage = { prompt_tokens: 1, total_tokens: 1 }
  const silent = (delta: unknown, over: object = {}) => [{ index: 0, delta, ...over }]
  const END = frame({ choices: silent({}, { finish_reason: 'stop' }) })
  /** What a caller gets of a frame after the end of the answer. */
  const frameFor = (text: string, wants: boolean) => {
    const change = usageFrames(wants)
    expect(change(END)).toBe(END)
    return change(text)
  }

  it.each<[string, object]>([
    ["OpenAI's form", { choices: [], usage }],
    ["LiteLLM's form", { choices: silent({}), usage }],
    ['with other members', { choices: [], usage, citations: ['x'], x_groq: { id: 'r' } }],
    ['without choices', { id: 'x', usage }],
    ['with empty text', { choices: silent({ role: 'assistant', content: '' }), usage }],
    ['with nulls', { choices: silent({ content: null, tool_calls: null }), usage }],
    ['with empty lists', { choices: silent({ tool_calls: [], annotations: [] }), usage }],
    ['with an empty object', { choices: silent({ provider_specific_fields: {} }), usage }],
    [
      'with a null delta',
      { choices: silent(null, { finish_reason: null, logprobs: null }), usage },
    ],
    ['with an empty finish_reason', { choices: silent({}, { finish_reason: '' }), usage }],
    ['with null choices', { choices: null, usage }],
  ])(
    'is sent with `choices: []` to callers who asked for it, and to nobody else: %s',
    (_name, chunk) => {
      expect(frameFor(frame(chunk), false)).toBe('')
      const [shown] = parseEvents(frameFor(frame(chunk), true))
      expect(JSON.parse(shown!.data)).toEqual({ ...chunk, choices: [] })
      const [, stored] = storedEvents(parseEvents(END + frame(chunk)))
      expect(JSON.parse(stored!.data)).toEqual({ ...chunk, choices: [] })
    },
  )

  it('is not the first chunk with only a role, even if that has usage', () => {
    const first = frame({ choices: silent({ role: 'assistant', content: '' }), usage })
    for (const wants of [true, false]) expect(usageFrames(wants)(first)).toBe(first)
    expect(storedEvents(parseEvents(first))).toEqual(parseEvents(first))
    // Without choices it can only be a usage chunk, even if the answer never ended.
    expect(usageFrames(false)(frame({ choices: [], usage }))).toBe('')
  })

  it.each<[string, string]>([
    ['text that mentions usage', frame({ choices: silent({ content: '"usage"' }) })],
    [
      'usage with a finish_reason',
      frame({ choices: silent({}, { finish_reason: 'stop' }), usage }),
    ],
    ['usage with text', frame({ choices: silent({ content: 'x' }), usage })],
    ['usage with a tool call', frame({ choices: silent({ tool_calls: [{ id: 'x' }] }), usage })],
    ['null usage', frame({ choices: [], usage: null })],
    ['usage with an error', frame({ choices: [], usage, error: { message: 'x' } })],
    ['a comment', ': "usage"\n\n'],
    ['invalid JSON', 'data: "usage\n\n'],
    ['the end marker', 'data: [DONE]\n\n'],
  ])('is not this frame, which passes unchanged: %s', (_name, text) => {
    expect(frameFor(text, false)).toBe(text)
    expect(frameFor(text, true)).toBe(text)
  })

  it('is passed on byte for byte if it has no choices, and keeps every digit', () => {
    const text = 'data:  {"choices": [], "usage": {"cost": 0.12345678901234567890}}\r\n\r\n'
    expect(frameFor(text, true)).toBe(text)
    expect(frameFor(text.replace('[]', '[{"delta":{}}]'), true)).toContain('0.12345678901234567890')
  })
})

describe('the stored form of a stream', () => {
  it('is its events without comments, padding, pings and empty ones', () => {
    const text = [
      ': ping',
      '',
      'data:',
      '',
      'data: {"choices":[],"a": 1.0,"obfuscation":"x","b":0.12345678901234567890}',
      '',
      'data: {"choices":[],"text":"\\"obfuscation\\""}',
      '',
      'data: ping',
      '',
      'data: {"type":"ping"}',
      '',
      'data: [DONE]',
      '',
      '',
    ].join('\r\n')
    expect(storedEvents(parseEvents(text)).map(({ data }) => data)).toEqual([
      '{"choices":[],"a":1.0,"b":0.12345678901234567890}',
      '{"choices":[],"text":"\\"obfuscation\\""}',
      '[DONE]',
    ])
  })

  it('keeps the numbers of a usage chunk that loses its choices', () => {
    const event = (data: string) => ({ event: '', data })
    const ended = event('{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}')
    const choices = '"choices" : [{"index":0,"delta":{}}]'
    const usage = (own: string) => event(`{"n":1.0,${own}"usage":{"cost":-9999.0,"more":[1e2]}}`)
    expect(storedEvents([ended, usage(`${choices},`), usage('')]).slice(1)).toEqual([
      event('{"n":1.0,"choices":[],"usage":{"cost":-9999.0,"more":[1e2]}}'),
      event('{"n":1.0,"usage":{"cost":-9999.0,"more":[1e2]},"choices":[]}'),
    ])
  })

  it('is JSON if stream_options other than include_usage were sent', () => {
    const of = (stream_options: unknown) => ownOptions({ stream_options } as never)
    for (const none of [undefined, null, {}, [], 'x', { include_usage: true }]) {
      expect(of(none)).toBeUndefined()
    }
    expect(of({ include_usage: true, include_obfuscation: false })).toEqual({
      include_obfuscation: false,
    })
    expect(of({ continuous_usage_stats: true })).toEqual({ continuous_usage_stats: true })
  })
})

describe('recorded streams', () => {
  const folder = resolve(import.meta.dirname, '../fixtures/chat/kept')
  const streams = readdirSync(folder).filter((name) => name.endsWith('.sse'))
  // Audio pieces cannot be joined, so this file answers streams only.
  for (const file of streams.filter((name) => name !== 'audio.sse')) {
    it(`become an answer that may be stored and survives the round trip: ${file}`, () => {
      const events = parseEvents(readFileSync(resolve(folder, file), 'utf8'))
      const expected = { count: file.startsWith('two-choices') ? 2 : 1 }
      expect(chatCompletions.admitStream(events, expected)).toMatchObject({ admissible: true })
      const answer = JSON.parse(assemble(events)!) as object
      expect(chatCompletions.admitJson(answer, expected)).toMatchObject({ admissible: true })
      expect(roundTrip(answer)).toEqual(answer)
    })
  }
})
