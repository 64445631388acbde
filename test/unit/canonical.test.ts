import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/cache/canonical-json.ts'
import { canonicalRequest, NOT_COUNTED } from '../../src/cache/canonical.ts'
import type { CountedRequest } from '../../src/cache/canonical.ts'
import { parseJson } from '../../src/cache/parse-json.ts'
import type { Json, JsonObject } from '../../src/cache/json.ts'

const identity = (body: JsonObject, over: Partial<CountedRequest> = {}): CountedRequest => ({
  tenant: 'acme',
  path: '/v1/chat/completions',
  namespace: '',
  body,
  ...over,
})
const text = (body: JsonObject, over: Partial<CountedRequest> = {}) =>
  canonicalRequest(identity(body, over))
const ask = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }

/** JSON bodies that often have members with special treatment. */
const bodies = fc.dictionary(
  fc.oneof(
    fc.constantFrom('model', 'messages', 'tools', 'metadata', 'headers', 'user', '__proto__'),
    fc.string(),
  ),
  fc.jsonValue({ noUnicodeString: false }),
) as fc.Arbitrary<JsonObject>

/** Every place in a value, as its holder and its name there. */
function placesIn(
  value: Json,
  holder: Record<string, Json>,
  name: string,
): [holder: Record<string, Json>, name: string][] {
  const inner =
    value !== null && typeof value === 'object'
      ? Object.entries(value)
          .filter(([key]) => key !== '__proto__')
          .flatMap(([key, member]) => placesIn(member, value as Record<string, Json>, key))
      : []
  return [[holder, name], ...inner]
}

describe('the canonical text of a request', () => {
  it('is the RFC 8785 form of version, tenant, path, namespace and body', () => {
    expect(text({ ...ask, temperature: 1.0 })).toBe(
      '["2","acme","/v1/chat/completions","",' +
        '{"messages":[{"content":"hi","role":"user"}],"model":"m","temperature":1}]',
    )
  })

  it('does not change with white space or member order at the top level', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const members = Object.entries(body).toReversed()
        const again = parseJson(JSON.stringify(Object.fromEntries(members), null, 3))
        fc.pre(again.faithful)
        expect(text(again.value as JsonObject)).toBe(text(body))
      }),
    )
  })

  it('does not change with member order in a message or a content part', () => {
    const part = { type: 'text', text: 'hi', cache_control: { type: 'ephemeral', ttl: '5m' } }
    const message = { role: 'user', content: [part], name: 'ann' }
    const reversed = (object: object) => Object.fromEntries(Object.entries(object).toReversed())
    const other = reversed({ ...message, content: [reversed(part)] }) as JsonObject
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(message))
    expect(text({ model: 'm', messages: [other] })).toBe(text({ model: 'm', messages: [message] }))
  })

  it('changes with member order everywhere else, including unknown members', () => {
    const anything = fc.constantFrom('tools', 'response_format', 'guided_json', 'extra_body', 'x')
    fc.assert(
      fc.property(anything, fc.nat(3), (name, depth) => {
        const nested = (value: Json): Json =>
          Array.from({ length: depth }).reduce<Json>((inner) => [{ in: inner }], value)
        const [one, other] = [nested({ a: 1, b: 2 }), nested({ b: 2, a: 1 })]
        expect(text({ ...ask, [name]: one })).not.toBe(text({ ...ask, [name]: other }))
      }),
    )
    const call = (args: JsonObject) => ({ role: 'assistant', tool_calls: [args] })
    expect(text({ ...ask, messages: [call({ id: 'c', type: 'f' })] })).not.toBe(
      text({ ...ask, messages: [call({ type: 'f', id: 'c' })] }),
    )
    const image = (url: JsonObject) => ({ role: 'user', content: [{ image_url: url }] })
    expect(text({ ...ask, messages: [image({ url: 'u', detail: 'low' })] })).not.toBe(
      text({ ...ask, messages: [image({ detail: 'low', url: 'u' })] }),
    )
  })

  it('differs for an object that imitates the encoding of a member order', () => {
    expect(text({ ...ask, tools: [{ a: 1 }] })).not.toBe(
      text({ ...ask, tools: [{ o: [['a', 1]] }] }),
    )
  })

  it('changes with every member that is not in NOT_COUNTED', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (name, value) => {
        fc.pre(!Object.hasOwn(NOT_COUNTED, name) && !Object.hasOwn(ask, name))
        const changed = Object.defineProperty({ ...ask }, name, { value, enumerable: true })
        expect(text(changed as JsonObject)).not.toBe(text(ask))
      }),
    )
  })

  it('changes with every value, however deep', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue(), fc.nat(), (value, other, pick) => {
        const before = { ...ask, x: value } as JsonObject
        const after = structuredClone(before)
        const places = placesIn(after['x'] as Json, after, 'x')
        const [holder, name] = places[pick % places.length]!
        fc.pre(
          canonicalRequest(identity({ v: holder[name]! })) !==
            canonicalRequest(identity({ v: other as Json })),
        )
        holder[name] = other as Json
        expect(text(after)).not.toBe(text(before))
      }),
    )
  })

  it('changes with tenant, path, namespace and forwarded headers', () => {
    const texts = [
      text(ask),
      text(ask, { tenant: 'globex' }),
      text(ask, { path: '/v1/completions' }),
      text(ask, { namespace: 'acme' }),
      text(ask, { headers: { 'openai-beta': 'x' } }),
      text({ ...ask, headers: { 'openai-beta': 'x' } }),
      text({ ...ask, headers: [{ 'openai-beta': 'x' }, {}] }),
      text(ask, { path: '/v1/chat/completions?api-version=1' }),
      text({ ...ask, headers: { 'openai-beta': 'x' } }, { headers: { 'openai-beta': 'x' } }),
    ]
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('does not change with members in NOT_COUNTED', () => {
    const { metadata: _, ...rest } = NOT_COUNTED
    for (const name of Object.keys(rest)) expect(text({ ...ask, [name]: 'x' })).toBe(text(ask))
    expect(text({ ...ask, metadata: { trace: 'x' } })).toBe(text(ask))
  })

  it('changes with the metadata that LiteLLM acts on', () => {
    for (const name of ['tags', 'guardrails', 'guardrail_config']) {
      expect(text({ ...ask, metadata: { [name]: ['x'] } })).not.toBe(text(ask))
    }
  })

  it('changes with any metadata that is not an object, as LiteLLM parses text', () => {
    const texts = ['{"tags":["a"]}', '{"tags":["b"]}', ['tags'], 7].map((metadata) =>
      text({ ...ask, metadata }),
    )
    expect(new Set([...texts, text(ask)]).size).toBe(5)
    expect(text({ ...ask, metadata: null })).toBe(text(ask))
  })

  it('differs for an absent member and an explicit default', () => {
    expect(text({ ...ask, temperature: null })).not.toBe(text(ask))
    expect(text({ ...ask, n: 1 })).not.toBe(text(ask))
  })
})

describe('canonical JSON', () => {
  it("equals the output of the RFC authors' library", () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })),
      fc.constantFrom<Json>(-0, 1e21, 5e-324, '\u2028', {
        '': 1,
        '\u20ac': 2,
        '\ud83d\ude00': 3,
        '1': 4,
      }),
    )
    fc.assert(
      fc.property(value, (made) => {
        expect(canonicalJson(made as Json)).toBe(canonicalize(made))
      }),
      { numRuns: 1_000 },
    )
  })
})
