import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { otlpRequest, writeSpans } from '../../src/telemetry/otlp.ts'
import { ProtobufWriter } from '../../src/telemetry/protobuf.ts'
import { Trace } from '../../src/telemetry/trace.ts'
import type { Shown } from '../../src/telemetry/shown.ts'
import type { Attribute, Span } from '../../src/telemetry/trace.ts'
import { spansIn } from '../support/otlp-decoder.ts'

const NOW = 1_796_000_000_123

function trace(over: { link?: { traceId: string; spanId: string } } = {}) {
  return new Trace('POST /v1/chat/completions', {
    policy: { sampleRate: 1, includeContent: true },
    sampled: true,
    link: over.link,
    now: () => NOW,
  })
}

/** What MLflow reads of these traces, sent together. */
function sent(...traces: Trace[]) {
  const writer = new ProtobufWriter(16)
  for (const one of traces) writeSpans(writer, one, one.finished() as readonly Span[])
  return spansIn(otlpRequest(writer.take()))
}

/** The attributes of a trace that shows this request. */
function attributesWith(make: () => Shown, isBody = true) {
  const one = trace()
  one.showInput(() => ({ content: make(), isBody }))
  return sent(one)[0]?.attributes
}

/** What MLflow reads of the request that a trace shows. */
function shownInput(make: () => Shown): unknown {
  return JSON.parse(String(attributesWith(make)?.['mlflow.spanInputs']))
}

describe('a trace in OTLP', () => {
  it('has all spans of all traces, with their ids, times, parents and links', () => {
    const link = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
    const [one, other] = [trace({ link }), trace()]
    const child = one.child('cache lookup', 'client')
    one.end(child, new Error('Too late.'))
    const spans = sent(one, other)
    const startTimeUnixNano = BigInt(NOW) * 1_000_000n
    const times = { startTimeUnixNano, endTimeUnixNano: startTimeUnixNano }
    expect(spans).toMatchObject([
      { traceId: one.traceId, spanId: one.root.spanId, kind: 2, links: [link], ...times },
      {
        traceId: one.traceId,
        parentSpanId: one.root.spanId,
        name: 'cache lookup',
        kind: 3,
        status: { code: 2, message: 'Too late.' },
        ...times,
      },
      { traceId: other.traceId, links: [], status: { code: 1 } },
    ])
  })

  it('has every attribute as it was set', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.boolean(),
      fc.maxSafeNat(),
      fc.double().map((value) => value + 0), // -0 is 0 here
      fc.integer(),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'gen_ai.b', 'long.name'), value), (set) => {
        const one = trace()
        Object.assign(one.root.attributes, set as Record<string, Attribute>)
        const seen = { ...sent(one)[0]!.attributes }
        expect(seen).toEqual({ ...set })
      }),
      {
        examples: [[{ a: 0 }], [{ a: 2 ** 53 - 1 }], [{ a: Number.NaN }], [{ a: 'é'.repeat(40) }]],
      },
    )
  })

  it('shows a request as it came, byte for byte', () => {
    const text = `{ "b": "é 😀 \\" \\n", "2": [1.0] }`
    expect(shownInput(() => new TextEncoder().encode(text))).toEqual(JSON.parse(text))
    expect(shownInput(() => text)).toEqual(JSON.parse(text))
  })

  it.each([
    [String.raw`{"a":"x\u0000y"}`, { a: 'x�y' }],
    [String.raw`{"a":"\ud83d"}`, { a: '�' }],
    [String.raw`{"a":"\ud83d\ude00"}`, { a: '😀' }],
    [String.raw`{"a":"\\u0000"}`, { a: String.raw`\u0000` }],
    [String.raw`{"a":"\\\u0000"}`, { a: '\\�' }],
  ])('replaces what databases refuse, and nothing else: %s', (text, value) => {
    expect(shownInput(() => new TextEncoder().encode(text))).toEqual(value)
    expect(shownInput(() => text)).toEqual(value)
    expect(shownInput(() => JSON.parse(text) as object)).toEqual(value)
  })

  it.each([
    ['a whole body', '{"a":"é"}', true],
    ['escapes that mean the same', String.raw`{"a":"\ud83d\ude00"}`, true],
    ['a character that was replaced', String.raw`{"a":"x\u0000y"}`, undefined],
    ['a body that was cut', `{"a":"${'x'.repeat(300_000)}"}`, undefined],
  ])('says whether a request is shown as it was: %s', (_, text, isComplete) => {
    const object = () => JSON.parse(text) as object
    for (const make of [() => new TextEncoder().encode(text), () => text, object]) {
      expect(attributesWith(make)?.['request.complete']).toBe(isComplete)
      expect(attributesWith(make, false)).not.toHaveProperty(['request.complete'])
    }
  })

  it('cuts what is longer than 256 KiB, and is no JSON object', () => {
    const long = `{"a":"${'x'.repeat(300_000)}"}`
    for (const make of [() => long, () => new TextEncoder().encode(long)]) {
      const { truncated } = shownInput(make) as { truncated: string }
      expect(truncated).toHaveLength(262_144)
    }
    expect(shownInput(() => '<html>')).toEqual({ text: '<html>' })
  })
})
