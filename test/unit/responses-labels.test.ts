import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { responses } from '../../src/apis/responses.ts'
import type { Labels } from '../../src/cache/admissibility.ts'
import { canonicalRequest } from '../../src/cache/canonical.ts'
import type { JsonObject } from '../../src/cache/json.ts'

const { pack, unpack } = responses.storedForm!
const NAMES = ['metadata', 'user', 'safety_identifier', 'prompt_cache_key'] as const
/** What a response says of labels that its request does not have. */
const NONE: Labels = {
  metadata: '{}',
  user: 'null',
  safety_identifier: 'null',
  prompt_cache_key: 'null',
}

const asked = (over: object = {}) => ({ model: 'small', input: 'Hello', ...over }) as JsonObject
const expected = (over: object = {}) => responses.expected(asked(over))
const bypass = (over: object) => responses.bypass!(asked(over))

type Member = readonly [name: string, text: string]
const objectOf = (members: readonly Member[], gap = '') =>
  `{${members.map(([name, value]) => `${JSON.stringify(name)}${gap}:${gap}${value}`).join(`${gap},`)}}`

const text = fc.string({ unit: 'grapheme-composite', maxLength: 20 })
const pairs = fc.dictionary(text, text, { minKeys: 1, maxKeys: 16, noNullPrototype: true })
/** The labels of a request, of which any may be missing. */
const labelled = fc.record(
  { metadata: pairs, user: text, safety_identifier: text, prompt_cache_key: text },
  { requiredKeys: [] },
)
/** Other members, of which one contains what looks like labels. */
const others = fc
  .uniqueArray(fc.tuple(text, fc.json()), { selector: ([name]) => name, maxLength: 4 })
  .map((members): Member[] => [...members, ['inner', '{"user":"x","metadata":{"a":"b"}}']])
/** The labels that the provider repeats. */
const repeated = fc.subarray([...NAMES])

/** The name `response`, each letter escaped. */
const ESCAPED = Array.from(
  'response',
  (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
).join('')

/** The answers that a response comes in, by mode. */
const ANSWERS: Readonly<Record<'json' | 'sse', (response: string) => string>> = {
  json: (response) => response,
  sse: (response) =>
    [
      `event: response.created\ndata: {"type":"response.created","response":${response}}`,
      'data: {"type":"x","delta":"\\"response\\":{\\"user\\":\\"y\\"}","user":"z","metadata":{"a":1}}',
      'data: {"type":"x","delta":"response","part":{"response":{"user":"y"}}}',
      'data: {"type":"x","response":"text"}',
      `data: {"type":"y","${ESCAPED}" : ${response}}`,
      `data: {\ndata: "response":\ndata: ${response}}`,
      `event: response.completed\ndata: {"response": ${response},"type":"response.completed"}`,
      'data: [DONE]',
    ]
      .map((frame) => `${frame}\n\n`)
      .join(''),
}

describe('the labels of a response', () => {
  it.each(['json', 'sse'] as const)(
    'are those of the request that a hit answers, and nothing else changes: %s',
    (mode) => {
      fc.assert(
        fc.property(
          fc.record({ maker: labelled, caller: labelled, others, repeated }),
          fc.constantFrom('', ' '),
          fc.nat(),
          ({ maker, caller, others, repeated }, gap, at) => {
            const [made, called] = [expected(maker), expected(caller)]
            const answer = (labels: Labels) => {
              const said = { ...NONE, ...labels }
              const own = repeated.map((name): Member => [name, said[name]!])
              const members = others.toSpliced(at % (others.length + 1), 0, ...own)
              return ANSWERS[mode](objectOf(members, gap))
            }
            const stored = pack(answer(made.labels!), mode, made)
            expect(stored).toBe(answer({}))
            expect(unpack(stored, mode, called)).toBe(answer(called.labels!))
          },
        ),
        { numRuns: 300 },
      )
    },
  )

  it.each(['json', 'sse'] as const)(
    'are not stored if the request does not have them: %s',
    (mode) => {
      const answer = (labels: string) => ANSWERS[mode](`{"id":"r",${labels}}`)
      const injected = '"metadata":{"trace":"1"},"user":"hash of a key","prompt_cache_key": ""'
      const stored = pack(answer(injected), mode, { count: 1 })
      expect(stored).toBe(answer('"metadata":{},"user":null,"prompt_cache_key": null'))
      for (const none of [{}, { user: null, metadata: null }, { metadata: { tags: ['a'] } }]) {
        expect(unpack(stored, mode, expected(none))).toBe(stored)
      }
      const some = expected({ user: 'ada', safety_identifier: 'a' })
      expect(unpack(stored, mode, some)).toBe(
        answer('"metadata":{},"user":"ada","prompt_cache_key": null'),
      )
    },
  )

  it.each(['json', 'sse'] as const)('stay null if they are: %s', (mode) => {
    const answer = ANSWERS[mode]('{"id":"r","metadata":null,"user": null}')
    expect(pack(answer, mode, { count: 1 })).toBe(answer)
  })

  it('of metadata are the texts that LiteLLM sends', () => {
    const metadata = (given: unknown) => expected({ metadata: given }).labels!['metadata']
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`k${at}`, 'v']))
    expect(Object.keys(JSON.parse(metadata(many)!) as object)).toEqual(
      Object.keys(many).slice(0, 16),
    )
    const mixed = { team: 'a', n: 1, tags: ['x'], hidden_params: 'h', deep: { a: 'b' }, no: null }
    expect(metadata(mixed)).toBe('{"team":"a"}')
    const hostile = JSON.parse('{"__proto__":"p","constructor":"c"}') as object
    expect(metadata(hostile)).toBe('{"__proto__":"p","constructor":"c"}')
    for (const none of [undefined, null, {}, { n: 1 }]) {
      expect(metadata(none)).toBeUndefined()
    }
  })
})

describe('a request with labels', () => {
  const key = (over: object) =>
    canonicalRequest({
      tenant: 'acme',
      path: responses.path,
      namespace: '',
      body: responses.keyBody!(asked(over)),
    })

  it('has the key of a request without', () => {
    fc.assert(
      fc.property(labelled, (labels) => {
        const {
          tags: _,
          guardrails: __,
          guardrail_config: ___,
          ...metadata
        } = labels.metadata ?? {}
        expect(key({ ...labels, metadata })).toBe(key({}))
      }),
    )
  })

  it('has the key of a request without what Codex says of its session', () => {
    const session = fc.dictionary(text, text)
    fc.assert(
      fc.property(session, (client_metadata) => {
        const body = asked({ client_metadata, user: 'ada' })
        const before = JSON.stringify(body)
        expect(key(body)).toBe(key({}))
        expect(JSON.stringify(responses.upstreamBody(body))).toBe(before)
      }),
    )
  })

  it.each<object>([
    { metadata: { tags: ['a'] } },
    { metadata: { guardrails: ['g'], team: 'a' } },
    { metadata: { guardrail_config: {} } },
    { metadata: '{"team":"a"}' },
    { extra_body: { user: 'ada' } },
    { extra_body: { client_metadata: { turn_id: 't' } } },
    { client_metadata: 'session' },
    { client_metadata: ['session'] },
    { client_metadata: null },
    { client_metadata: { turn: 1 } },
    { client_metadata: { turn_id: 't', deep: { tools: [] } } },
  ])('has a key of its own if LiteLLM acts on them, or may read them elsewhere: %j', (over) => {
    expect(key(over)).not.toBe(key({}))
  })

  it.each<[reason: string, over: object]>([
    ['user is not text', { user: 7 }],
    ['user is not text', { user: { id: 'ada' } }],
    ['safety_identifier is not text', { safety_identifier: false }],
    ['prompt_cache_key is not text', { prompt_cache_key: [] }],
    ['metadata is not an object', { metadata: '{"team":"a"}' }],
    ['metadata is not an object', { metadata: [] }],
    ['extra_body.metadata', { extra_body: { metadata: {} } }],
    ['extra_body.user', { user: 'ada', extra_body: { user: 'eve' } }],
    ['extra_body.safety_identifier', { extra_body: { safety_identifier: null } }],
    ['extra_body.prompt_cache_key', { extra_body: { prompt_cache_key: 'k' } }],
    ['labels too long', { user: 'u'.repeat(16_383) }],
    ['labels too long', { user: 'u'.repeat(8_190), safety_identifier: 'u'.repeat(8_191) }],
    ['labels too long', { metadata: { a: '\u0000'.repeat(3_000) } }],
    ['previous_response_id', { previous_response_id: 'resp_1', user: 7 }],
  ])('bypasses the cache because of %s, and its labels are not kept: %j', (reason, over) => {
    expect(bypass(over)).toBe(reason)
    if (reason !== 'previous_response_id') expect(expected(over).labels).toEqual({})
  })

  it.each<object>([
    {},
    { user: null, safety_identifier: null, prompt_cache_key: null, metadata: null },
    { user: '', metadata: {} },
    { extra_body: {} },
    { extra_body: null },
    { user: 'u'.repeat(16_382) },
    { user: 'u'.repeat(8_190), safety_identifier: 'u'.repeat(8_190) },
    // As much as OpenAI allows.
    {
      metadata: Object.fromEntries(
        Array.from({ length: 16 }, (_, at) => [`${at}`.padEnd(64, 'k'), 'v'.repeat(512)]),
      ),
      user: 'u'.repeat(64),
      safety_identifier: 's'.repeat(64),
      prompt_cache_key: 'p'.repeat(64),
    },
  ])('is cached if they are clear: %#', (over) => {
    expect(bypass(over)).toBeUndefined()
  })
})
