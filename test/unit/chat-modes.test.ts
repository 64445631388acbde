import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chatCompletions } from '../../src/apis/chat-completions.ts'
import { parseEvents } from '../../src/stream/sse.ts'

const { assemble, split, isUsageFrame } = chatCompletions.modes!
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

describe('one entry, both modes', () => {
  it('gives every JSON answer back from the stream it is split into', () => {
    fc.assert(
      fc.property(completion, (answer) => {
        expect(roundTrip(answer)).toEqual(JSON.parse(JSON.stringify(answer)))
      }),
      { numRuns: 500 },
    )
  })

  it('gives the same answer however its text is cut into chunks', () => {
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

  it('joins parallel tool calls and several choices by their index, in any order', () => {
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

  it('keeps numbers digit by digit', () => {
    const data = '{"choices":[{"index":0,"delta":{"content":"x"},"p":-0.12345678901234567890}]}'
    const text = assemble([
      { event: '', data },
      { event: '', data: '[DONE]' },
    ])
    expect(text).toContain('"p":-0.12345678901234567890')
    expect(split(text!)).toContain('"p":-0.12345678901234567890')
  })

  it('refuses to join what it does not know how to join', () => {
    const twice = (delta: object) => assembled(choice(delta), choice(delta))
    expect(twice({ thinking_blocks: [{ thinking: 'a' }] })).toBeUndefined()
    expect(twice({ audio: { data: 'AAAA' } })).toBeUndefined()
    expect(
      assembled(
        { ...choice({}), system_fingerprint: 'a' },
        { ...choice({}), system_fingerprint: 'b' },
      ),
    ).toBeUndefined()
    expect(assembled(choice({ tool_calls: [{ index: 1, id: 'x' }] }))).toBeUndefined()
    expect(assembled(choice({ tool_calls: [{ index: -1, id: 'x' }] }))).toBeUndefined()
    expect(assembled(choice({}), { choices: [{ index: 0, delta: 'text' }] })).toBeUndefined()
    // The control: once is taken as it is.
    expect(assembled(choice({ thinking_blocks: [{ thinking: 'a' }] }))).toBeDefined()
  })

  it('takes the last usage, what is repeated once, and adds no member of its own', () => {
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

  it('takes choices that are none for no stream', () => {
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

  it('numbers tool calls by their place, whatever index they brought along', () => {
    const call = (id: string) => ({ index: 0, id, function: { name: 'f', arguments: '{}' } })
    const message = { role: 'assistant', content: null, tool_calls: [call('a'), call('b')] }
    const answer = { choices: [{ index: 0, finish_reason: 'tool_calls', message }] }
    expect(roundTrip(answer)).toMatchObject({
      choices: [{ message: { tool_calls: [{ id: 'a' }, { id: 'b' }] } }],
    })
  })

  it('keeps a member called __proto__', () => {
    const data = '{"__proto__":{"a":1},"choices":[{"index":0,"delta":{"__proto__":{"b":1}}}]}'
    const text = assemble([
      { event: '', data },
      { event: '', data: '[DONE]' },
    ])
    expect(text).toContain('"__proto__":{"a":1}')
    expect(text).toContain('"__proto__":{"b":1}')
  })

  it('joins long streams in linear time', () => {
    // Quadratic work on these takes minutes, and the runner's time limit is the judge.
    const large = { large: 'x'.repeat(500_000) }
    assembled(large, ...Array.from({ length: 20_000 }, () => ({ ...choice({}), large: 'y' })))
    const token = { token: 'a', logprob: 0 }
    const content = Array.from({ length: 300_000 }, () => token)
    const answer = assembled(
      choice({}, { logprobs: { content } }),
      choice({}, { logprobs: { content } }),
    )
    expect(JSON.stringify(answer).length).toBeGreaterThan(600_000)
  })

  it('knows a usage chunk from one that only speaks of usage', () => {
    expect(isUsageFrame('data: {"choices":[],"usage":{"total_tokens":1}}\n\n')).toBe(true)
    expect(
      isUsageFrame('data: {"choices":[{"index":0,"delta":{"content":"\\"usage\\""}}]}\n\n'),
    ).toBe(false)
    const litellm = '{"choices":[{"index":0,"delta":{}}],"usage":{"total_tokens":1}}'
    expect(isUsageFrame(`data: ${litellm}\n\n`)).toBe(true)
    const atTheEnd = litellm.replace('}}]', '},"finish_reason":"stop"}]')
    expect(isUsageFrame(`data: ${atTheEnd}\n\n`)).toBe(false)
    const withText = litellm.replace('{}', '{"content":"x"}')
    expect(isUsageFrame(`data: ${withText}\n\n`)).toBe(false)
    const unknown = '{"choices":[],"usage":{"total_tokens":1},"citations":["x"]}'
    expect(isUsageFrame(`data: ${unknown}\n\n`)).toBe(false)
    expect(isUsageFrame('data: {"choices":[],"usage":null}\n\n')).toBe(false)
    expect(isUsageFrame(': "usage"\n\n')).toBe(false)
    expect(isUsageFrame('data: [DONE]\n\n')).toBe(false)
  })
})

describe('recorded streams', () => {
  const folder = resolve(import.meta.dirname, '../fixtures/kept')
  const streams = readdirSync(folder).filter((name) => name.endsWith('.sse'))
  // Its pieces are base64, each for itself: it answers streams only.
  for (const file of streams.filter((name) => name !== 'audio.sse')) {
    it(`assemble to an answer that may be kept, and survive the way there and back: ${file}`, () => {
      const events = parseEvents(readFileSync(resolve(folder, file), 'utf8'))
      const body = { n: file.startsWith('two-choices') ? 2 : 1 }
      expect(chatCompletions.admitStream(events, body)).toMatchObject({ admissible: true })
      const answer = JSON.parse(assemble(events)!) as object
      expect(chatCompletions.admitJson(answer, body)).toMatchObject({ admissible: true })
      expect(roundTrip(answer)).toEqual(answer)
    })
  }
})
