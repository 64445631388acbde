import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalRequest } from '../../src/cache/canonical.ts'
import type { CountedRequest } from '../../src/cache/canonical.ts'
import type { Json, JsonObject } from '../../src/cache/json.ts'
import { differencesOf } from '../../src/explain/differences.ts'
import { digestsOf } from '../../src/explain/digests.ts'
import {
  fingerprintOf,
  LONGEST_FINGERPRINT,
  MOST_LINES,
  MOST_MARKS,
  MOST_SEGMENTS,
} from '../../src/explain/fingerprint.ts'
import { fingerprintSchema } from '../../src/explain/mark.ts'
import type { Fingerprint } from '../../src/explain/mark.ts'

const digest = await digestsOf('acme')
const identity = { tenant: 'acme', path: '/v1/chat/completions', namespace: '' }

const requestOf = (body: JsonObject, over: Partial<CountedRequest> = {}): CountedRequest => ({
  ...identity,
  ...over,
  body,
})
const fingerprint = (body: JsonObject, over: Partial<CountedRequest> = {}) =>
  fingerprintOf(requestOf(body, over), digest)

/** The differences between two bodies. */
const between = async (earlier: JsonObject, body: JsonObject) =>
  differencesOf(await fingerprint(earlier), await fingerprint(body))

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', 'user', 'o', 'line one\nline 2\nline three', '12:30', '{"o":[["a",1]]}', '5'),
)
const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    text,
    fc.array(tie('value') as fc.Arbitrary<Json>, { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(text, fc.constantFrom('a', 'b', 'content', 'o')),
      tie('value') as never,
      {
        maxKeys: 4,
        noNullPrototype: true,
      },
    ),
  ) as fc.Arbitrary<Json>,
}))
const message = fc.record(
  {
    role: fc.constantFrom('user', 'system'),
    content: fc.oneof(text, fc.array(json, { maxLength: 3 })),
  },
  { requiredKeys: ['role'] },
)
const body = fc.record(
  {
    model: fc.constant('small'),
    messages: fc.array(message as fc.Arbitrary<Json>, { maxLength: 4 }),
    temperature: fc.constantFrom(0, 0.2, 0.7),
    tools: fc.array(json, { maxLength: 3 }),
    metadata: json,
    headers: json,
    extra: json,
  },
  { requiredKeys: ['model'] },
) as fc.Arbitrary<JsonObject>

/** The same value with something in it replaced, removed or put in another order. */
function changed(value: Json, seed: number): Json {
  const next = Math.floor(seed / 5)
  if (Array.isArray(value) && value.length > 0) {
    const at = seed % value.length
    if (next % 5 === 0) return value.toSpliced(at, 1)
    return value.with(at, changed(value[at]!, next))
  }
  if (value !== null && typeof value === 'object' && Object.keys(value).length > 0) {
    const members = Object.entries(value)
    const at = seed % members.length
    const [name, member] = members[at]!
    if (next % 5 === 0) return Object.fromEntries(members.toReversed())
    if (next % 5 === 1) return Object.fromEntries(members.toSpliced(at, 1))
    return Object.fromEntries(members.with(at, [name, changed(member, next)]))
  }
  return seed % 3 === 0 ? [value] : seed % 3 === 1 ? 'another text' : 41
}

/** Names of members that look like digests. */
const NAMES = new Set(['messages', 'function'])

describe('a fingerprint', () => {
  it('has differences from another exactly if the cache keys differ', async () => {
    let equal = 0
    const runs = fc.asyncProperty(
      body,
      fc.nat({ max: 2 ** 20 }),
      fc.boolean(),
      async (one, seed, any) => {
        const other = any ? (changed(one, seed) as JsonObject) : { ...one, user: `user ${seed}` }
        const [before, now] = [requestOf(one), requestOf(other)]
        const isSame = canonicalRequest(before) === canonicalRequest(now)
        if (isSame) equal += 1
        expect((await between(one, other)).length === 0).toBe(isSame)
      },
    )
    await fc.assert(runs, { numRuns: 1_500 })
    expect(equal).toBeGreaterThan(200)
  })

  it('covers the namespace, the path with its version, and the counted headers', async () => {
    const plain = await fingerprint({ model: 'small' })
    const variants: [Partial<CountedRequest>, string][] = [
      [{ namespace: 'blue' }, 'x-cache-namespace'],
      [{ path: '/v1/chat/completions?api-version=2' }, 'api-version'],
      [{ headers: { 'openai-beta': 'assistants=v2' } }, 'headers'],
    ]
    for (const [over, path] of variants) {
      const other = await fingerprint({ model: 'small' }, over)
      expect(differencesOf(plain, other).map((one) => one.path)).toEqual([path])
    }
  })

  it('is not affected by what the cache key does not count', async () => {
    const bare = { model: 'small', metadata: { tags: ['a'] } }
    const more = { ...bare, stream: true, user: 'u1', metadata: { tags: ['a'], trace: 'x' } }
    expect(await between(bare, more)).toEqual([])
  })

  it('contains no piece of any text, whatever the member is called', async () => {
    const word = fc.string({
      unit: fc.constantFrom(...'abcdefghijklmnop'),
      minLength: 9,
      maxLength: 14,
    })
    const secret = fc.array(word, { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(secret, fc.constantFrom(' ', '\n', ', '), async (words, gap) => {
        const told = words.join(gap)
        const made = await fingerprint(
          {
            model: told,
            messages: [
              { role: told, content: told, name: told },
              { role: 'user', content: [{ type: 'text', text: told }, told] },
            ],
            input: [told, [told]],
            tools: [{ type: told, function: { name: told, parameters: { [`${told} 1`]: told } } }],
            reasoning_effort: `${told} ${told}`,
            [`a name of ${told}`]: told,
            stop: words,
          },
          { namespace: told, headers: { 'anthropic-beta': told } },
        )
        const shown = JSON.stringify(made)
        for (const one of words) expect(shown).not.toContain(one)
      }),
      { numRuns: 200 },
    )
  })

  it('keeps numbers of settings, and none of a text that is given as tokens', async () => {
    const shown = JSON.stringify(
      await fingerprint({
        temperature: 0.7,
        reasoning: { effort: 'low' },
        input: [[101, 7592, 102]],
        prompt: [101, 7592],
        documents: [{ salary: 93_417 }],
      }),
    )
    expect(shown).toContain('0.7')
    expect(shown).toContain('"low"')
    for (const token of ['101', '7592', '93417']) expect(shown).not.toContain(token)
  })

  it.each([
    ['state of a decision', (content: JsonObject) => ({ state: content })],
    [
      'variables of a prompt',
      (content: JsonObject) => ({ prompt: { id: 'p', variables: content } }),
    ],
    ['variables of a prompt of LiteLLM', (content: JsonObject) => ({ prompt_variables: content })],
  ])('keeps neither names nor values of the %s', async (_, request) => {
    const content = (salary: number): JsonObject => ({
      john_smith: { salary, hiv_positive: true, role: 'system', visits: [{ cost: 81_234 }] },
    })
    const text = JSON.stringify(await fingerprint(request(content(83_123))))
    expect(text).not.toMatch(/john|smith|salary|hiv|visits|cost|true|system|8\d{4}/)
    const [path = ''] = Object.keys(request({}))
    const differences = await between(request(content(1)), request(content(2)))
    expect(differences).toMatchObject([{ what: 'text', volatile: true }])
    expect(differences[0]?.path).toMatch(path)
  })

  // A flag has two values, and whoever reads the digests can try both.
  it('has no digest of a single part of them', async () => {
    const text = JSON.stringify(await fingerprint({ state: { hiv_positive: true, age: 43 } }))
    for (const part of ['true', '43', 'hiv_positive'])
      expect(text).not.toContain(await digest(part))
  })

  it('has no digest in common with that of another tenant', async () => {
    const given = {
      messages: [{ role: 'user', content: 'It is 10:35.\nHello.\nHello.' }, 'x'],
      tools: [{ function: { name: 'f' } }],
      'an odd name': 'text',
    }
    const digestsIn = (made: Fingerprint) => {
      const shown = JSON.stringify(made)
      const found = shown.matchAll(/(?<="digest":"|"masked":"|#|[[,]")[\w+/]{8}(?="[,\]}])/g)
      return new Set([...found].map(([one]) => one).filter((one) => !NAMES.has(one)))
    }
    const ours = digestsIn(await fingerprint(given))
    const theirs = digestsIn(await fingerprintOf(requestOf(given), await digestsOf('globex')))
    expect(ours.size).toBeGreaterThan(10)
    expect([...ours].filter((one) => theirs.has(one))).toEqual([])
  })
})

describe('the size of a fingerprint', () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => at)
  const wide = Object.fromEntries(
    many(5_000).map((at) => [`a_rather_long_name_of_a_member_${at}`, at]),
  )
  const prompt = many(500)
    .map((at) => `Line ${at} of the prompt.`)
    .join('\n')
  const LARGE: Record<string, JsonObject> = {
    'many members': wide,
    'many messages': {
      messages: many(3_000).map((at) => ({ role: 'user', content: `text ${at}` })),
    },
    'long texts of many lines': {
      messages: many(90).map(() => ({ role: 'user', content: prompt })),
    },
    'many tools': {
      tools: many(400).map((at) => ({
        type: 'function',
        function: { name: `f${at}`, strict: true },
      })),
    },
    'deep nesting': many(900).reduce<JsonObject>((inner) => ({ a: inner, b: [1] }), {}),
    'odd names': Object.fromEntries(many(900).map((at) => [`\u0000"${at}"`.repeat(9), prompt])),
  }

  for (const [what, large] of Object.entries(LARGE)) {
    it(`is bounded and valid for ${what}`, async () => {
      const made = await fingerprint(large)
      const shown = JSON.stringify(made)
      expect(shown.length).toBeLessThanOrEqual(LONGEST_FINGERPRINT)
      expect(shown.split('"digest"').length + shown.split('"value"').length).toBeLessThan(
        MOST_MARKS + 5,
      )
      expect(fingerprintSchema.parse(made)).toEqual(made)
    })
  }

  it('leaves no difference unseen in what has no marks of its own', async () => {
    for (const large of Object.values(LARGE)) {
      const text = JSON.stringify(large)
      const at = Math.max(text.lastIndexOf('1'), text.lastIndexOf('9'))
      const other = JSON.parse(`${text.slice(0, at)}8${text.slice(at + 1)}`) as JsonObject
      expect(await between(large, other)).not.toEqual([])
    }
  })

  it('still names each message of a long conversation, and lines of the first texts', async () => {
    const conversation = (turns: number, last: string) => ({
      messages: many(turns).map((at) => ({
        role: 'user',
        content: at === turns - 1 ? last : prompt,
      })),
    })
    expect(await between(conversation(150, 'Yes.'), conversation(150, 'No.'))).toMatchObject([
      { path: 'messages[149]', what: 'text' },
    ])
    const other = prompt.replace('Line 7 of', 'The seventh of')
    expect(await between({ system: prompt }, { system: other })).toMatchObject([
      { path: 'system', what: 'text', line: 8 },
    ])
    expect(MOST_LINES).toBeGreaterThan(8)
  })

  it('is one digest below so many segments of a path', async () => {
    const tool = (name: string) => ({
      tools: [{ function: { parameters: { properties: { [name]: { type: 'string' } } } } }],
    })
    const [difference, ...others] = await between(tool('day'), tool('month'))
    expect(others).toEqual([])
    expect(difference?.path).toBe('tools[0].function.parameters.properties')
    expect(difference?.path.split(/[.[]/)).toHaveLength(MOST_SEGMENTS)
  })
})
