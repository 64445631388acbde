import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completions } from '../../src/apis/completions.ts'
import type { JsonObject } from '../../src/cache/json.ts'
import { parseEvents } from '../../src/stream/sse.ts'

const { assemble, usage, storedEvents } = completions.modes!
const split = (json: string) => Array.from(completions.modes!.split(json)).join('')

/** Why each answer in `refused/` may not be stored. */
const reasons: Record<string, string> = {
  'chat.json': 'empty answer',
  'choice-missing.json': 'choices missing',
  'choice-without-end.sse': 'finish_reason missing',
  'choices-under-one-index.sse': 'choices missing',
  'content-filter.json': 'finish_reason content_filter',
  'content-filter.sse': 'finish_reason content_filter',
  'cut-inside-a-chunk.sse': 'a chunk that cannot be read',
  'cut.json': 'not JSON',
  'empty.json': 'empty answer',
  'empty.sse': 'empty answer',
  'error-beside-choices.json': 'error in the body',
  'error-event.sse': 'error in the stream',
  'error-in-a-choice.json': 'error in the body',
  'error-in-provider-fields.json': 'error in the body',
  'error-in-stream.sse': 'error in the stream',
  'error-then-done.sse': 'error in the stream',
  'error-under-200.json': 'error in the body',
  'index-out-of-range.json': 'choices missing',
  'length.json': 'finish_reason length',
  'length.sse': 'finish_reason length',
  'logprobs-missing.json': 'log probabilities missing',
  'logprobs-missing.sse': 'log probabilities missing',
  'member-twice.sse': 'a chunk that cannot be read',
  'more-after-done.sse': 'more after the end of the stream',
  'more-after-the-end.sse': 'more after the end of a choice',
  'native-error.sse': 'native_finish_reason error',
  'native-length.json': 'native_finish_reason MAX_TOKENS',
  'no-choices.json': 'choices missing',
  'no-done.sse': 'stream without its end',
  'no-finish.json': 'finish_reason missing',
  'no-finish.sse': 'finish_reason missing',
  'no-text.sse': 'empty answer',
  'nothing.json': 'not JSON',
  'nothing.sse': 'stream without its end',
  'null-text.json': 'empty answer',
  'null.json': 'not a completion',
  'only-white-space.json': 'empty answer',
  'same-choice-twice.json': 'choices missing',
  'text-parts.json': 'not a completion',
  'tool-calls.json': 'finish_reason tool_calls',
  'two-ends.sse': 'finish_reason stop and length',
}

/** Answers to a request for two choices. */
const forTwo = /^(two-choices|choice-missing|choice-without-end|choices-under|same-choice-twice)/
const folder = resolve(import.meta.dirname, '../fixtures/completions')
const files = (name: string) => readdirSync(resolve(folder, name)).toSorted()
const textOf = (...path: string[]) => readFileSync(resolve(folder, ...path), 'utf8')
const expectedOf = (file: string) =>
  completions.expected({
    prompt: 'a',
    ...(forTwo.test(file) ? { n: 2 } : {}),
    ...(file.startsWith('logprobs') ? { logprobs: 1 } : {}),
  })

function admit(file: string, text: string) {
  if (file.endsWith('.sse')) return completions.admitStream(parseEvents(text), expectedOf(file))
  try {
    return completions.admitJson(JSON.parse(text), expectedOf(file))
  } catch {
    return { admissible: false, why: 'not JSON' }
  }
}

describe('admission of legacy completions', () => {
  it('is tested with every answer in fixtures/completions/refused', () => {
    expect(files('refused')).toEqual(Object.keys(reasons).toSorted())
  })

  it.each(Object.entries(reasons))('refuses %s: %s', (file, why) => {
    expect(admit(file, textOf('refused', file))).toEqual({ admissible: false, why })
  })

  it.each(files('kept'))('accepts %s, but no part of it', (file) => {
    const text = textOf('kept', file)
    expect(admit(file, text)).toMatchObject({ admissible: true })
    const bytes = Buffer.from(text)
    for (let end = 0; end < bytes.length; end += 1) {
      const isWhole = bytes.subarray(end).toString().trim() === ''
      const part = admit(file, bytes.subarray(0, end).toString())
      expect([end, part.admissible]).toEqual([end, isWhole])
    }
  })

  it('reads usage, id and creation time', () => {
    const answer = {
      created: 1_790_000_000,
      id: 'cmpl-7f2',
      usage: { prompt_tokens: 6, completion_tokens: 4, total_tokens: 10 },
    }
    for (const file of ['text.json', 'litellm.sse', 'openai.sse']) {
      expect(admit(file, textOf('kept', file))).toEqual({ admissible: true, answer })
    }
    expect(admit('no-usage.sse', textOf('kept', 'no-usage.sse'))).toMatchObject({
      answer: { usage: null },
    })
  })
})

describe('a request for legacy completions', () => {
  it.each<[prompt: JsonObject, count: number]>([
    [{ prompt: 'a' }, 1],
    [{ prompt: '' }, 1],
    [{ prompt: ['a'] }, 1],
    [{ prompt: ['a', 'b', 'c'] }, 3],
    [{ prompt: [1, 2, 3] }, 1],
    [{ prompt: [[1, 2], [3]] }, 2],
    [{ prompt: 'a', n: 3 }, 3],
    [{ prompt: ['a', 'b'], n: 3, best_of: 5 }, 6],
    [{ prompt: 'a', n: null }, 1],
  ])('expects for each prompt as many choices as n says: %j', (body, count) => {
    completions.check(body)
    expect(completions.expected(body)).toEqual({ count, logprobs: false })
  })

  it.each([
    [0, true],
    [5, true],
    [true, true],
    [null, false],
    [false, false],
  ])('expects log probabilities if it asks for them: %j', (logprobs, expected) => {
    expect(completions.expected({ prompt: 'a', logprobs }).logprobs).toBe(expected)
  })

  it.each<[body: JsonObject, param: string]>([
    [{}, 'prompt'],
    [{ prompt: null }, 'prompt'],
    [{ prompt: [] }, 'prompt'],
    [{ prompt: 7 }, 'prompt'],
    [{ prompt: ['a', 1] }, 'prompt'],
    [{ prompt: [{ text: 'a' }] }, 'prompt'],
    [{ prompt: 'a', n: 0 }, 'n'],
    [{ prompt: 'a', n: '2' }, 'n'],
    [{ prompt: 'a', stream_options: { x: 'y'.repeat(5_000) } }, 'stream_options'],
  ])('is refused if the cache cannot tell what it asks for: %j', (body, param) => {
    expect(() => completions.check(body)).toThrow(expect.objectContaining({ param }))
  })

  it('always requests the usage of a stream', () => {
    const stream_options = { include_usage: true }
    expect(completions.upstreamBody({ stream: true })).toEqual({ stream: true, stream_options })
    expect(completions.upstreamBody({ prompt: 'a' })).toEqual({ prompt: 'a' })
  })
})

const text = fc.string({ unit: 'grapheme' })
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
/** JSON has no -0. */
const logprob = fc
  .double({ noNaN: true, noDefaultInfinity: true, max: 0 })
  .map((value) => value + 0)
const token = fc.record({
  token: text,
  logprob: fc.option(logprob),
  top: fc.option(fc.dictionary(text, logprob)),
  offset: fc.nat(),
})
const logprobs = fc.array(token).map((tokens) => ({
  tokens: tokens.map((one) => one.token),
  token_logprobs: tokens.map((one) => one.logprob),
  top_logprobs: tokens.map((one) => one.top),
  text_offset: tokens.map((one) => one.offset),
}))
const OWN = new Set(['id', 'object', 'created', 'model', 'choices', 'usage', 'error', 'type'])
/** Members that a provider adds. */
const added = fc
  .dictionary(fc.string(), fc.jsonValue())
  .map((members) => Object.entries(members).filter(([name]) => !OWN.has(name)))
  .map((entries) => Object.fromEntries(entries.filter(([name]) => name !== 'obfuscation')))
const completion = fc
  .record({
    id: text,
    created: fc.nat(),
    model: text,
    system_fingerprint: maybe(text),
    provider: added,
    choices: fc.array(
      fc.record({
        text,
        logprobs: fc.option(logprobs),
        finish_reason: fc.constantFrom('stop', 'length'),
        provider: added,
      }),
      { minLength: 1, maxLength: 4 },
    ),
    usage: fc.record({ prompt_tokens: fc.nat(), total_tokens: fc.nat() }),
  })
  .map(({ choices, provider, ...rest }) => ({
    ...provider,
    object: 'text_completion',
    ...rest,
    choices: choices.map(({ provider: more, ...one }, index) => ({ ...more, index, ...one })),
  }))

const stream = (...chunks: object[]) =>
  [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => ({ event: '', data }))
const part = (more: object, index = 0) => ({ choices: [{ index, ...more }] })
const assembled = (...chunks: object[]) => {
  const json = assemble(stream(...chunks))
  return json === undefined ? undefined : (JSON.parse(json) as { choices: JsonObject[] })
}

describe('converting a legacy completion between stream and JSON', () => {
  it('restores every JSON answer from the stream made of it', () => {
    fc.assert(
      fc.property(completion, (answer) => {
        const json = JSON.stringify(answer)
        expect(JSON.parse(assemble(parseEvents(split(json)))!)).toEqual(JSON.parse(json))
      }),
      { numRuns: 500 },
    )
  })

  it('gives the same answer however texts and log probabilities are cut and choices are mixed', () => {
    const pieces = fc.array(fc.record({ index: fc.nat({ max: 2 }), text, token }), { minLength: 1 })
    fc.assert(
      fc.property(pieces, (all) => {
        const indexes = [...new Set(all.map(({ index }) => index))].toSorted()
        const answer = assembled(
          ...all.map(({ index, text: said, token: { token: one, logprob: p, top, offset } }) =>
            part(
              {
                text: said,
                logprobs: {
                  tokens: [one],
                  token_logprobs: [p],
                  top_logprobs: [top],
                  text_offset: [offset],
                },
              },
              index,
            ),
          ),
          ...indexes.map((index) => part({ text: '', finish_reason: 'stop' }, index)),
        )
        const own = (index: number) => all.filter((one) => one.index === index)
        expect(answer?.choices).toEqual(
          indexes.map((index) => ({
            index,
            text: own(index)
              .map((one) => one.text)
              .join(''),
            logprobs: {
              tokens: own(index).map((one) => one.token.token),
              token_logprobs: own(index).map((one) => one.token.logprob),
              top_logprobs: own(index).map((one) => JSON.parse(JSON.stringify(one.token.top))),
              text_offset: own(index).map((one) => one.token.offset),
            },
            finish_reason: 'stop',
          })),
        )
      }),
    )
  })

  it('makes every chunk with a text, and the finish reason come last', () => {
    const choices = [{ index: 0, text: 'a', logprobs: null, finish_reason: 'stop', more: 1 }]
    const json = JSON.stringify({ id: 'x', once: 1, choices, usage: { total_tokens: 2 } })
    const events = parseEvents(split(json)).map(({ data }) => data)
    expect(events.pop()).toBe('[DONE]')
    const envelope = { id: 'x', object: 'text_completion' }
    expect(events.map((data) => JSON.parse(data) as object)).toEqual([
      {
        ...envelope,
        once: 1,
        choices: [{ index: 0, text: 'a', logprobs: null, finish_reason: null }],
      },
      {
        ...envelope,
        choices: [{ index: 0, text: '', logprobs: null, more: 1, finish_reason: 'stop' }],
      },
      { ...envelope, choices: [], usage: { total_tokens: 2 } },
    ])
  })

  it('joins equal pieces of text, and the token ids of a provider', () => {
    const piece = part({ text: 'ha', reasoning_content: 'm', token_ids: [7, 7], stop_reason: null })
    expect(assembled(piece, piece, part({ stop_reason: '\n', finish_reason: 'stop' }))).toEqual({
      choices: [
        {
          index: 0,
          text: 'haha',
          reasoning_content: 'mm',
          token_ids: [7, 7, 7, 7],
          stop_reason: '\n',
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
    })
  })

  it('keeps every digit of a number', () => {
    const data =
      '{"choices":[{"index":0,"text":"x","logprobs":{"tokens":[0.12345678901234567890]}}]}'
    const json = assemble([
      { event: '', data },
      { event: '', data: '[DONE]' },
    ])
    expect(json).toContain('0.12345678901234567890')
    expect(split(json!)).toContain('0.12345678901234567890')
  })

  const logprobsOf = (lists: object) => part({ text: 'a', logprobs: lists })
  it.each<[string, object[]]>([
    ['an unknown text that changes', [part({ seen: 'a' }), part({ seen: 'b' })]],
    ['an unknown number that changes', [part({ score: 1 }), part({ score: 2 })]],
    ['an unknown object that changes', [part({ filter: { a: 1 } }), part({ filter: { a: 2 } })]],
    ['a text that is once a list', [part({ text: 'a' }), part({ text: ['b'] })]],
    [
      'log probabilities with a list that one chunk lacks',
      [
        logprobsOf({ tokens: ['a'], top_logprobs: [{}] }),
        logprobsOf({ tokens: ['b'], top_logprobs: null }),
      ],
    ],
  ])('makes no JSON answer of a stream with %s', (_what, chunks) => {
    const end = part({ text: '', finish_reason: 'stop' })
    expect(assembled(part({ text: 'a' }), end)).toBeDefined()
    expect(assembled(...chunks, end)).toBeUndefined()
  })

  it.each(files('kept').filter((file) => file.endsWith('.sse')))(
    'makes an answer of %s that may be stored and survives the round trip',
    (file) => {
      const json = assemble(parseEvents(textOf('kept', file)))!
      expect(admit(file.replace('.sse', '.json'), json)).toMatchObject({ admissible: true })
      expect(JSON.parse(assemble(parseEvents(split(json)))!)).toEqual(JSON.parse(json))
    },
  )

  it('joins long streams in linear time', () => {
    const lists = { tokens: ['a'], token_logprobs: [-1], top_logprobs: [{}], text_offset: [0] }
    const chunks = Array.from({ length: 50_000 }, () => logprobsOf(lists))
    expect(assembled(...chunks)?.choices[0]?.['text']).toHaveLength(50_000)
  })
})

describe('the usage chunk of a legacy stream', () => {
  const frames = (name: string, wants: boolean) => {
    const change = usage!.frames(wants)
    return textOf('kept', name)
      .split(/(?<=\n\n)/)
      .map(change)
      .join('')
  }

  it.each(['litellm.sse', 'openai.sse'])(
    "is in OpenAI's form for callers who asked for it, and for nobody else: %s",
    (name) => {
      const events = parseEvents(textOf('kept', name))
      const wanted = parseEvents(frames(name, true))
      expect(wanted).toHaveLength(events.length)
      expect(JSON.parse(wanted.at(-2)!.data)).toMatchObject({ choices: [], usage: {} })
      expect(parseEvents(frames(name, false))).toEqual(events.toSpliced(-2, 1))
      expect(JSON.parse(storedEvents(events).at(-2)!.data)).toMatchObject({ choices: [] })
    },
  )
})
