import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { cacheStatus } from '../support/cache-status.ts'
import { EMBEDDINGS, embedder, embeddingBody as body, texts } from '../support/embedder.ts'
import type { EmbeddingAnswer as Answer } from '../support/embedder.ts'
import { base64Of, embed, inputsIn, tokensOf, vectorOf } from '../support/embedding-model.ts'
import { gateway, QDRANT_ONLY } from '../support/gateway.ts'

const detail = (answer: Response) => cacheStatus(answer)[0]?.['detail']
const outcome = (answer: Response) => answer.headers.get('x-cache')

describe('a batch of embeddings', () => {
  it('sends only the unknown inputs to LiteLLM, with one read and one write in Qdrant', async () => {
    const { ask, inputs, qdrant } = embedder()
    await ask(texts(0, 490))
    const before = qdrant.requests.length
    const { answer, value } = await ask(texts(0, 500).toReversed())
    expect(inputs()[1]).toEqual(texts(490, 500).toReversed())
    expect(value.data.map(({ index }) => index)).toEqual(Array.from({ length: 500 }, (_, at) => at))
    expect(value.data.map(({ embedding }) => embedding)).toEqual(
      texts(0, 500)
        .toReversed()
        .map((text) => vectorOf(text)),
    )
    const tokens = texts(490, 500).reduce((sum, text) => sum + text.length, 0)
    expect(value.usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens })
    expect([outcome(answer), detail(answer)]).toEqual(['miss', '490/500'])
    expect(answer.headers.has('x-cache-key')).toBe(false)
    expect(qdrant.requests.slice(before)).toEqual([
      expect.stringMatching(/^POST .*\/points$/),
      expect.stringMatching(/^PUT .*\/points$/),
    ])
  })

  it('is a hit if every input is known, whoever asked for it, and counts no tokens', async () => {
    const { ask, inputs } = embedder()
    await ask(texts(0, 3))
    await ask('alone')
    const { answer, value } = await ask(['alone', 'text 2', 'text 0'])
    expect(inputs()).toHaveLength(2)
    expect(value).toEqual({
      object: 'list',
      model: 'embed',
      data: ['alone', 'text 2', 'text 0'].map((text, index) => ({
        object: 'embedding',
        index,
        embedding: vectorOf(text),
      })),
      usage: { prompt_tokens: 0, total_tokens: 0 },
    })
    expect([outcome(answer), answer.headers.get('age')]).toEqual(['exact-hit', '0'])
    expect(cacheStatus(answer)).toEqual([
      { cache: 'edge', hit: true, ttl: expect.any(Number), detail: '3/3' },
    ])
  })

  it('answers a single input from a batch, and the other way round', async () => {
    const { ask, inputs } = embedder()
    await ask(['a', 'b'])
    for (const input of ['a', ['a']]) {
      const { answer, value } = await ask(input)
      expect([outcome(answer), value.data]).toEqual([
        'exact-hit',
        [{ object: 'embedding', index: 0, embedding: vectorOf('a') }],
      ])
      expect(value.usage).toEqual({ prompt_tokens: 0, total_tokens: 0 })
    }
    expect(inputs()).toHaveLength(1)
  })

  it('passes a miss on byte for byte', async () => {
    const text = '{"data":[{"index":1,"embedding":[1.50,-0.0]},{"embedding":[2e0,1],"index":0}]}\n'
    const { ask } = embedder({
      answer: () => new Response(text, { headers: { 'content-type': 'application/json' } }),
    })
    const { answer } = await ask(['a', 'b'])
    expect(await answer.text()).toBe(text)
    const { value } = await ask(['a', 'b'])
    expect(value.data.map(({ embedding }) => embedding)).toEqual([
      [2, 1],
      [1.5, -0],
    ])
  })

  it('asks for equal inputs once', async () => {
    const { ask, inputs } = embedder()
    const { answer, value } = await ask(['a', 'b', 'a', [1, 2], [1, 2], 'a'])
    expect(inputs()).toEqual([['a', 'b', [1, 2]]])
    expect(detail(answer)).toBe('0/6')
    expect(value.data.map(({ embedding }) => embedding)).toEqual(
      (['a', 'b', 'a', [1, 2], [1, 2], 'a'] as const).map((input) => vectorOf(input)),
    )
    expect(value.usage).toEqual({ prompt_tokens: 4, total_tokens: 4 })
  })

  it('keeps texts, token lists, models, dimensions and tenants apart', async () => {
    const { ask, litellm } = embedder()
    await ask(['1', [1]])
    await ask(['1', [1]], { dimensions: 8 })
    await ask(['1', [1]], { model: 'other' })
    await ask(['1', [1]], {}, { 'x-cache-namespace': 'n' })
    await ask(['1', [1]], {}, { authorization: 'Bearer sk-someone-else' })
    expect(litellm.asked).toHaveLength(5)
    const { value } = await ask(['1', [1]], { dimensions: 8 })
    expect(value.data.map(({ embedding }) => embedding)).toEqual([
      vectorOf('1', 8),
      vectorOf([1], 8),
    ])
    expect(litellm.asked).toHaveLength(5)
  })

  it.each([
    ['float', 'base64'],
    ['base64', 'float'],
    [undefined, 'base64'],
    ['base64', undefined],
  ])('asked for as %s answers requests for %s, bit for bit', async (first, second) => {
    const { ask, litellm } = embedder()
    const encoded = (input: string, format: string | undefined) =>
      format === 'base64' ? base64Of(vectorOf(input)) : vectorOf(input)
    const vectors = ({ data }: Answer) => data.map(({ embedding }) => embedding)
    await ask(['a', 'b'], { encoding_format: first })
    const hit = await ask(['a', 'b'], { encoding_format: second })
    expect(outcome(hit.answer)).toBe('exact-hit')
    expect(vectors(hit.value)).toEqual([encoded('a', second), encoded('b', second)])
    const mixed = await ask(['a', 'c'], { encoding_format: second })
    expect(vectors(mixed.value)).toEqual([encoded('a', second), encoded('c', second)])
    const single = await ask('b', { encoding_format: second })
    expect(vectors(single.value)).toEqual([encoded('b', second)])
    expect(litellm.asked).toHaveLength(2)
  })

  it('answers base64 although LiteLLM only knows numbers', async () => {
    const floats = ({ body }: { body: Record<string, unknown> }) =>
      embed({ body: { ...body, encoding_format: 'float' } })
    const { ask } = embedder({ answer: floats })
    await ask(['a', 'b'], { encoding_format: 'base64' })
    const { answer, value } = await ask(['b', 'a'], { encoding_format: 'base64' })
    expect(outcome(answer)).toBe('exact-hit')
    expect(value.data[0]!.embedding).toBe(base64Of(vectorOf('b')))
  })

  it('is cached although its answer is over a megabyte, and stored compactly', async () => {
    const { ask, qdrant, litellm } = embedder()
    const many = texts(0, 200)
    const first = await ask(many, { dimensions: 1_024 })
    expect((await first.answer.text()).length).toBeGreaterThan(2 ** 21)
    const { answer, value } = await ask(many, { dimensions: 1_024 })
    expect(outcome(answer)).toBe('exact-hit')
    expect(value.data[199]!.embedding).toEqual(vectorOf('text 199', 1_024))
    expect(litellm.asked).toHaveLength(1)
    for (const { body } of qdrant.points.values()) {
      expect((body as string).length).toBeLessThan(1_024 * 4 * (4 / 3) + 200)
    }
  })
})

describe('a batch of embeddings in trouble', () => {
  it('passes an error of the missing part on, and stores nothing', async () => {
    const { ask, litellm, qdrant } = embedder()
    await ask(['a', 'b'])
    litellm.answer = () => Response.json({ error: { message: 'busy' } }, { status: 500 })
    const { answer, value } = await ask(['a', 'c'])
    expect([answer.status, value]).toEqual([500, { error: { message: 'busy' } }])
    expect(qdrant.points.size).toBe(2)
  })

  it('asks for the whole if an error may name an input by its number', async () => {
    const { ask, litellm, inputs } = embedder()
    await ask(['a', 'b'])
    litellm.answer = ({ body }) => {
      const at = inputsIn(body['input']).indexOf('bad')
      return Response.json({ error: { message: `input[${at}] is bad` } }, { status: 400 })
    }
    const { answer, value } = await ask(['a', 'b', 'bad'])
    expect([answer.status, value]).toEqual([400, { error: { message: 'input[2] is bad' } }])
    expect(inputs().slice(1)).toEqual([['bad'], ['a', 'b', 'bad']])
  })

  it.each<[string, (whole: Answer) => unknown]>([
    ['too few vectors', (whole) => ({ ...whole, data: whole.data.slice(1) })],
    [
      'vectors of another length',
      (whole) => ({ ...whole, data: whole.data.map((one) => ({ ...one, embedding: [1, 2] })) }),
    ],
    [
      'an index twice',
      (whole) => ({ ...whole, data: whole.data.map((one) => ({ ...one, index: 0 })) }),
    ],
    ['an error beside the vectors', (whole) => ({ ...whole, error: { message: 'half' } })],
    ['no list', () => ({ object: 'list' })],
  ])('asks for the whole if the part has %s, and stores what is right', async (_, spoil) => {
    const { ask, litellm, inputs } = embedder()
    await ask(['a', 'b'])
    litellm.answer = async (asked) => {
      const whole = await embed(asked).json<Answer>()
      return Response.json(whole.data.length === 4 ? whole : spoil(whole))
    }
    const { answer, value } = await ask(['a', 'c', 'b', 'd'])
    expect(value.data.map(({ embedding }) => embedding)).toEqual(
      ['a', 'c', 'b', 'd'].map((text) => vectorOf(text)),
    )
    expect(outcome(answer)).toBe('miss')
    expect(inputs().slice(1)).toEqual([
      ['c', 'd'],
      ['a', 'c', 'b', 'd'],
    ])
    expect(outcome((await ask(['c', 'd'])).answer)).toBe('exact-hit')
  })

  it.each<[string, (whole: Answer) => unknown]>([
    ['too few vectors', (whole) => ({ ...whole, data: whole.data.slice(1) })],
    [
      'an empty vector',
      (whole) => ({ ...whole, data: whole.data.map((one) => ({ ...one, embedding: [] })) }),
    ],
    ['an error', (whole) => ({ ...whole, error: { message: 'half' } })],
  ])('passes a whole answer with %s on, and stores nothing', async (_, spoil) => {
    const { ask, qdrant } = embedder({
      answer: async (asked) => Response.json(spoil(await embed(asked).json<Answer>())),
    })
    await ask(['a', 'b'])
    expect(qdrant.points.size).toBe(0)
  })

  it('serves expired entries if LiteLLM fails, as one answer', async () => {
    const { ask, litellm, qdrant } = embedder({ env: QDRANT_ONLY })
    await ask(['a', 'b', 'c'])
    const now = Date.now()
    for (const [at, payload] of [...qdrant.points.values()].entries()) {
      if (at < 2) Object.assign(payload, { stored_at: now - 1_860_000, expires_at: now - 60_500 })
    }
    litellm.answer = () => Response.json({}, { status: 503 })
    const { answer, value } = await ask(['c', 'a', 'b'])
    expect([answer.status, outcome(answer), answer.headers.get('age')]).toEqual([
      200,
      'stale',
      '1860',
    ])
    expect(cacheStatus(answer)).toEqual([
      {
        cache: 'edge',
        fwd: 'stale',
        'fwd-status': 503,
        ttl: -61,
        detail: '1/3; status 503',
      },
    ])
    expect(value.data.map(({ embedding }) => embedding)).toEqual(
      ['c', 'a', 'b'].map((one) => vectorOf(one)),
    )
    const partly = await ask(['a', 'unknown'])
    expect(partly.answer.status).toBe(503)
    const strict = await ask(['a', 'b'], {}, { 'cache-control': 'max-age=600' })
    expect(strict.answer.status).toBe(503)
  })

  it('asks for expired inputs again, although the operator allows stale answers meanwhile', async () => {
    const env = { ...QDRANT_ONLY, CACHE_STALE_WHILE_REVALIDATE_SECONDS: '3600' }
    const { ask, qdrant, inputs } = embedder({ env })
    await ask(['a', 'b'])
    for (const payload of qdrant.points.values())
      Object.assign(payload, { expires_at: Date.now() - 1_000 })
    const { answer } = await ask(['a', 'b'])
    expect([outcome(answer), inputs()]).toEqual([
      'miss',
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
    ])
    for (const payload of qdrant.points.values())
      Object.assign(payload, { expires_at: Date.now() - 1_000 })
    const stale = await ask(['a', 'b'], {}, { 'cache-control': 'max-stale=60' })
    expect([outcome(stale.answer), inputs()]).toEqual([
      'stale',
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
    ])
  })

  it('asks again for base64 if a stored number does not fit into it', async () => {
    const { ask, litellm, inputs } = embedder()
    litellm.answer = () =>
      Response.json({ data: [1e300, 1].map((one, index) => ({ index, embedding: [one] })) })
    await ask(['large', 'small'])
    litellm.answer = embed
    const { value } = await ask(['small', 'large'], { encoding_format: 'base64', dimensions: 1 })
    expect(value.data).toHaveLength(2)
    litellm.answer = () => Response.json({ data: [{ index: 0, embedding: 'AACAPw==' }] })
    const mixed = await ask(['small', 'large'], { encoding_format: 'base64' })
    expect(mixed.value.data.map(({ embedding }) => embedding)).toEqual(['AACAPw==', 'AACAPw=='])
    expect(inputs()[2]).toEqual(['large'])
  })

  it('has a timeout for its lookup that grows with its inputs', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const { ask } = embedder()
    await ask(texts(0, 1_000))
    const durations = timers.mock.calls.map(([, ms]) => ms)
    expect(durations).toContain(1_000)
    expect(durations).not.toContain(250)
    timers.mockRestore()
  })

  it('is a miss if Qdrant fails', async () => {
    const { ask } = embedder({
      hosts: { qdrant: { fetch: () => Response.json({}, { status: 500 }) } },
    })
    const { answer, value } = await ask(['a', 'b'])
    expect([answer.status, detail(answer)]).toEqual([200, 'lookup failed'])
    expect(value.data).toHaveLength(2)
  })

  it('does not mix vectors of different lengths from the cache', async () => {
    const { ask, qdrant, inputs } = embedder({ env: QDRANT_ONLY })
    await ask(['a', 'b'])
    const [first] = qdrant.points.values()
    const stored = JSON.parse(first!['body'] as string) as Answer
    Object.assign(first!, {
      body: JSON.stringify({ ...stored, data: [{ ...stored.data[0], embedding: [1, 2] }] }),
    })
    const { value } = await ask(['a', 'b'])
    expect(value.data.map(({ embedding }) => embedding)).toEqual([vectorOf('a'), vectorOf('b')])
    expect(inputs()).toHaveLength(2)
  })
})

describe("a batch of embeddings under the caller's controls", () => {
  it('is not read with no-cache, and replaces the entries', async () => {
    const { ask, inputs } = embedder()
    await ask(['a', 'b'])
    const { answer } = await ask(['a', 'b'], {}, { 'cache-control': 'no-cache' })
    expect([outcome(answer), inputs()]).toEqual([
      'refresh',
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
    ])
    expect(outcome((await ask(['a', 'b'])).answer)).toBe('exact-hit')
  })

  it('replaces the copies of its inputs near the caller', async () => {
    const { ask, litellm } = embedder()
    await ask('a')
    expect(detail((await ask('a')).answer)).toBe('memory')
    litellm.answer = () =>
      Response.json({ data: [0, 1].map((index) => ({ index, embedding: [7, 7] })) })
    await ask(['a', 'b'], {}, { 'cache-control': 'no-cache' })
    const { answer, value } = await ask('a')
    expect([detail(answer), value.data[0]!.embedding]).toEqual(['memory', [7, 7]])
  })

  it('is not stored with no-store', async () => {
    const { ask, qdrant } = embedder()
    const header = await ask(['a', 'b'], {}, { 'cache-control': 'no-store' })
    expect(outcome(header.answer)).toBe('bypass')
    await ask(['a', 'b'], { cache: { 'no-store': true } })
    expect(qdrant.points.size).toBe(0)
  })

  it('is a 504 with only-if-cached unless every input is known', async () => {
    const { ask, inputs } = embedder()
    const only = { 'cache-control': 'only-if-cached' }
    await ask(['a', 'b'])
    expect((await ask(['a', 'b'], {}, only)).answer.status).toBe(200)
    expect((await ask(['a', 'c'], {}, only)).answer.status).toBe(504)
    expect(inputs()).toHaveLength(1)
  })

  it('uses the TTL and the tags of the request for every input', async () => {
    const { ask, qdrant } = embedder()
    await ask(['a', 'b'], {}, { 'x-cache-ttl': '60', 'x-cache-tags': 'docs' })
    expect(qdrant.points.size).toBe(2)
    for (const { tags, stored_at, expires_at } of qdrant.points.values()) {
      expect([tags, (expires_at as number) - (stored_at as number)]).toEqual([['docs'], 60_000])
    }
  })

  it.each([['images', [{ image: 'data:' }], 'input is neither text nor tokens']])(
    'bypasses the cache for %s',
    async (_, input, why) => {
      const { post, settled, qdrant, litellm } = gateway({
        answer: () => Response.json({ data: [] }),
      })
      const answer = await post(EMBEDDINGS, body(input))
      await settled()
      expect([answer.status, outcome(answer), detail(answer)]).toEqual([200, 'bypass', why])
      expect(litellm.asked[0]!.body['input']).toEqual(input)
      expect(qdrant.points.size).toBe(0)
    },
  )

  it('bypasses the cache for encodings that are not floats', async () => {
    const { ask, inputs } = embedder()
    for (const _ of [1, 2]) {
      const { answer } = await ask(['a', 'b'], { encoding_format: 'int8' })
      expect([outcome(answer), detail(answer)]).toEqual(['bypass', 'encoding_format'])
    }
    expect(inputs()).toHaveLength(2)
  })

  it.each([[undefined], [null], [[]], [7], [{}]])(
    'is a 400 that names the field for %j',
    async (input) => {
      const answer = await gateway().post(EMBEDDINGS, body(input))
      expect([answer.status, await answer.json()]).toMatchObject([
        400,
        { error: { param: 'input' } },
      ])
    },
  )
})

describe('identical batches of embeddings at once', () => {
  it('share one call, also if a part is known', async () => {
    const { post, ask, settled, inputs, litellm, qdrant } = embedder()
    await ask(['a'])
    let release = () => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    litellm.answer = async (asked) => {
      await gate
      return embed(asked)
    }
    const answers = Array.from({ length: 5 }, () => post(EMBEDDINGS, body(['a', 'b', 'c'])))
    await expect.poll(() => litellm.asked.length).toBe(2)
    release()
    for (const answer of await Promise.all(answers)) {
      const { data } = await answer.json<Answer>()
      expect(data.map(({ embedding }) => embedding)).toEqual(
        ['a', 'b', 'c'].map((one) => vectorOf(one)),
      )
    }
    await settled()
    expect(inputs()).toEqual([['a'], ['b', 'c']])
    const writes = qdrant.requests.filter((one) => /^PUT .*\/points$/.test(one))
    expect(writes).toHaveLength(2)
    expect(outcome((await ask(['a', 'b', 'c'])).answer)).toBe('exact-hit')
  })

  it('do not share a call if they want different encodings', async () => {
    const { post, litellm } = embedder()
    let release = () => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    litellm.answer = async (asked) => {
      await gate
      return embed(asked)
    }
    const formats = ['float', 'base64']
    const inputs = [['a', 'b'], 'a']
    const asked = formats.flatMap((encoding_format) =>
      inputs.map((input) => post(EMBEDDINGS, body(input, { encoding_format }))),
    )
    await expect.poll(() => litellm.asked.length).toBe(4)
    release()
    const answers = await Promise.all(asked)
    const found = await Promise.all(answers.map((answer) => answer.json<Answer>()))
    expect(found.map(({ data }) => typeof data[0]!.embedding)).toEqual([
      'object',
      'object',
      'string',
      'string',
    ])
    expect(litellm.asked).toHaveLength(4)
  })
})

describe('any sequence of embedding requests', () => {
  const input = fc.oneof(
    fc.constantFrom('a', 'b', 'c', 'd', 'é😀', '__proto__', ' '),
    fc.constantFrom([1], [1, 2], [7, 7, 7]),
  )
  const request = fc.record({
    input: fc.oneof(input, fc.array(input, { minLength: 1, maxLength: 8 })),
    dimensions: fc.constantFrom(undefined, 3),
    encoding_format: fc.constantFrom(undefined, 'float', 'base64'),
  })

  it('is answered like a plain implementation with a map of known vectors', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 6 }), async (requests) => {
        const { ask, inputs, litellm } = embedder({ key: `sk-${crypto.randomUUID()}` })
        /** Tokens of the request that stored a vector; undefined if it was a batch. */
        const known = new Map<string, number | undefined>()
        for (const { input, dimensions, encoding_format } of requests) {
          const before = litellm.asked.length
          const wanted = inputsIn(input)
          const nameOf = (one: unknown) => JSON.stringify([one, dimensions])
          const missing = [...new Map(wanted.map((one) => [nameOf(one), one])).values()].filter(
            (one) => !known.has(nameOf(one)),
          )
          const { answer, value } = await ask(input, { dimensions, encoding_format })
          const isHit = missing.length === 0
          const asked = inputs().slice(before)
          expect(asked).toEqual(isHit ? [] : [missing])
          const vectors = wanted.map((one) => vectorOf(one, dimensions))
          expect(value.data.map(({ index, embedding }) => [index, embedding])).toEqual(
            vectors.map((vector, index) => [
              index,
              encoding_format === 'base64' ? base64Of(vector) : vector,
            ]),
          )
          const [only] = wanted
          const isSingle = wanted.length === 1
          const tokens = isHit
            ? (isSingle && known.get(nameOf(only))) || 0
            : missing.reduce((sum, one) => sum + tokensOf(one), 0)
          expect(value.usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens })
          expect(outcome(answer)).toBe(isHit ? 'exact-hit' : 'miss')
          for (const one of missing) known.set(nameOf(one), isSingle ? tokens : undefined)
        }
      }),
      { numRuns: 40 },
    )
  })
})
