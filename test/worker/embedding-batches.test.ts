import { describe, expect, it, vi } from 'vitest'
import { cacheStatus } from '../support/cache-status.ts'
import { EMBEDDINGS, embedder, embeddingBody, texts, vectorsIn } from '../support/embedder.ts'
import { embed, inputsIn, vectorOf } from '../support/embedding-model.ts'
import type { Asked } from '../support/fake-litellm.ts'
import { QDRANT_ONLY } from '../support/gateway.ts'

/** A model whose vectors depend on its name. */
const modelNamed = (model: string) => (asked: Asked) => {
  const data = inputsIn(asked.body['input']).map((one, index) => ({
    index,
    embedding: vectorOf(`${model} ${String(one)}`),
  }))
  return Response.json({ object: 'list', model, data, usage: null })
}

/** Holds all calls to a host until it is released. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}

const expire = (payload: Record<string, unknown>) =>
  Object.assign(payload, { stored_at: Date.now() - 1_860_000, expires_at: Date.now() - 60_500 })

describe('inputs that depend on each other', () => {
  it('are cached as a whole: with a member that the gateway does not know', async () => {
    // For example Jina's late chunking, which embeds a text in the context of the others.
    const { ask, inputs, litellm } = embedder()
    litellm.answer = ({ body }) => {
      const all = inputsIn(body['input'])
      const data = all.map((one, index) => ({
        index,
        embedding: vectorOf(`${all.join()} ${String(one)}`),
      }))
      return Response.json({ object: 'list', model: 'm', data })
    }
    const late = { late_chunking: true }
    const first = await ask(['Berlin is a city.', 'It is large.'], late)
    const other = await ask(['Paris is a city.', 'It is large.'], late)
    expect(vectorsIn(other.value)[1]).not.toEqual(vectorsIn(first.value)[1])
    const again = await ask(['Berlin is a city.', 'It is large.'], late)
    expect([again.answer.headers.get('x-cache'), again.value]).toEqual(['exact-hit', first.value])
    const split = await ask(['Berlin is a city.'], late)
    expect(split.answer.headers.get('x-cache')).toBe('miss')
    expect(inputs()).toHaveLength(3)
  })

  it.each(['gs://bucket/cat.png', 'data:image/png;base64,AAAA', 's3://bucket/cat', 'files/1'])(
    'are cached as a whole: with %s',
    async (media) => {
      const { ask, inputs } = embedder()
      await ask('a cat')
      await ask(['a cat', media])
      const { answer } = await ask(['a cat', media])
      expect(answer.headers.get('x-cache')).toBe('exact-hit')
      expect(inputs()).toEqual([['a cat'], ['a cat', media]])
    },
  )

  it('are cached as a whole, in the encoding that was requested', async () => {
    const { ask, inputs } = embedder()
    const over = { output_dtype: 'float' }
    await ask(['a', 'b'], { ...over, encoding_format: 'base64' })
    await ask(['a', 'b'], { ...over, encoding_format: 'float' })
    expect(inputs()).toHaveLength(2)
    const { value } = await ask(['a', 'b'], { ...over, encoding_format: 'float' })
    expect(vectorsIn(value)).toEqual([vectorOf('a'), vectorOf('b')])
    expect(inputs()).toHaveLength(2)
  })

  it('are cached as a whole beside a long member, or if there are very many', async () => {
    const { ask, qdrant } = embedder()
    await ask(['a', 'b'], { task: 't'.repeat(5_000) })
    expect(qdrant.points.size).toBe(1)
    await ask(texts(0, 2_049))
    expect(qdrant.points.size).toBe(2)
  })
})

describe('vectors of two models with the same length', () => {
  it('are not mixed: the whole batch is asked for', async () => {
    const { ask, litellm, inputs } = embedder()
    litellm.answer = modelNamed('ada')
    await ask(['a', 'b'])
    litellm.answer = modelNamed('small')
    const { value } = await ask(['a', 'c'])
    expect(vectorsIn(value)).toEqual([vectorOf('small a'), vectorOf('small c')])
    expect(inputs().slice(1)).toEqual([['c'], ['a', 'c']])
    // Both models have entries now: neither is trusted.
    const all = await ask(['a', 'b', 'c'])
    expect(vectorsIn(all.value)).toEqual(['a', 'b', 'c'].map((one) => vectorOf(`small ${one}`)))
  })
})

describe('a large batch', () => {
  it('is written to Qdrant in several requests', async () => {
    const { ask, qdrant } = embedder()
    const many = { dimensions: 20_000, encoding_format: 'base64' }
    await ask(texts(0, 100), many)
    const writes = qdrant.requests.filter((one) => /^PUT .*\/points$/.test(one))
    expect([writes.length, qdrant.points.size]).toEqual([2, 100])
    expect((await ask(texts(0, 100), many)).answer.headers.get('x-cache')).toBe('exact-hit')
  })

  it('counts as memory in use while it is not read', async () => {
    const { ask, answerTo } = embedder({
      env: { MEMORY_BUDGET_BYTES: '8000000', MAX_REQUEST_BYTES: '4000000' },
    })
    const many = { dimensions: 20_000, encoding_format: 'base64' }
    await ask(texts(0, 28), many)
    const send = (body: unknown) =>
      answerTo(
        new Request(`https://gateway${EMBEDDINGS}`, { method: 'POST', body: JSON.stringify(body) }),
      )
    // One key may hold half of the budget. Each of these holds 3 MB.
    const unread = [1, 2].map(() => send(embeddingBody(texts(0, 28), many)))
    for (const answer of await Promise.all(unread)) {
      expect(answer.headers.get('x-cache')).toBe('exact-hit')
    }
    const long = { model: 'embed', input: 'x'.repeat(100_000) }
    expect((await send(long)).status).toBe(503)
    for (const answer of await Promise.all(unread)) await answer.body?.cancel()
    expect((await send(long)).status).toBe(200)
  })

  it('sends equal inputs once, unless the answer may be too large to take apart', async () => {
    const { ask, inputs } = embedder()
    await ask([...texts(0, 255), 'text 0'])
    await ask([...texts(1_000, 1_256), 'text 1000'])
    expect(inputs().map(({ length }) => length)).toEqual([255, 257])
  })

  it('stores no entry over CACHE_MAX_ENTRY_BYTES, and no members of the whole answer', async () => {
    const { ask, qdrant, litellm } = embedder({ env: { CACHE_MAX_ENTRY_BYTES: '5000' } })
    litellm.answer = async (asked) => {
      const whole = await embed(asked).json<object>()
      return Response.json({ ...whole, note: 'n'.repeat(100_000) })
    }
    await ask(['a', 'b'])
    expect([...qdrant.points.values()].map(({ body }) => (body as string).length < 300)).toEqual([
      true,
      true,
    ])
    await ask(['c', 'd'], { dimensions: 1_000 })
    expect(qdrant.points.size).toBe(2)
  })
})

describe('the call of a batch', () => {
  it('is shared while its answer is being written', async () => {
    const { ask, post, qdrant, litellm } = embedder({ env: QDRANT_ONLY })
    await ask(['warm', 'up'])
    const writing = gate()
    const fetch = qdrant.fetch
    qdrant.fetch = async (request) => {
      if (request.method === 'PUT') await writing.opened
      return fetch(request)
    }
    const body = embeddingBody(['x', 'y'])
    await post(EMBEDDINGS, body)
    const burst = await Promise.all(Array.from({ length: 10 }, () => post(EMBEDDINGS, body)))
    for (const answer of burst) expect(cacheStatus(answer)[0]).toMatchObject({ collapsed: true })
    writing.open()
    expect(litellm.asked).toHaveLength(2)
  })

  it('stores its answer although the caller it was made for has left', async () => {
    const { answerTo, send, litellm, qdrant, coalescing, settled } = embedder()
    const answering = gate()
    litellm.answer = async (asked) => {
      await answering.opened
      return embed(asked)
    }
    const leaving = new AbortController()
    const request = (signal?: AbortSignal) =>
      new Request(`https://gateway${EMBEDDINGS}`, {
        method: 'POST',
        body: JSON.stringify(embeddingBody(['a', 'b'])),
        ...(signal === undefined ? {} : { signal }),
      })
    const first = answerTo(request(leaving.signal)).catch(() => undefined)
    await expect.poll(() => litellm.asked.length).toBe(1)
    const second = send(request())
    await expect.poll(() => coalescing.asked).toBe(2)
    leaving.abort()
    await first
    answering.open()
    expect(cacheStatus(await second)[0]).toMatchObject({ collapsed: true })
    await settled()
    expect(qdrant.points.size).toBe(2)
  })

  it('is one for a provider that ignores the requested dimensions', async () => {
    const { ask, inputs } = embedder({
      answer: ({ body }) => embed({ body: { ...body, dimensions: 4 } }),
    })
    const { value } = await ask(['a', 'b', 'a'], { dimensions: 3 })
    expect(vectorsIn(value)).toEqual(['a', 'b', 'a'].map((one) => vectorOf(one)))
    expect(inputs()).toEqual([['a', 'b']])
  })

  it('is made for the whole if a number does not fit into base64', async () => {
    const { ask, litellm, inputs } = embedder()
    litellm.answer = ({ body }) =>
      Response.json({
        data: inputsIn(body['input']).map((_, index) => ({ index, embedding: [1e300, 1] })),
      })
    const { value } = await ask(['a', 'b', 'a'], { encoding_format: 'base64' })
    expect(value.data).toHaveLength(3)
    expect(inputs()).toEqual([
      ['a', 'b'],
      ['a', 'b', 'a'],
    ])
  })
})

describe('a failing LiteLLM', () => {
  async function withStale() {
    const made = embedder({ env: QDRANT_ONLY })
    await made.ask(['a', 'b', 'c'])
    for (const payload of [...made.qdrant.points.values()].slice(0, 2)) expire(payload)
    return made
  }

  /** More than a megabyte, and then a broken connection. */
  function brokenOff(): Response {
    let chunks = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        chunks += 1
        if (chunks < 4) controller.enqueue(new Uint8Array(600_000).fill(0x20))
        else controller.error(new Error('broke off'))
      },
    })
    return new Response(body, { headers: { 'content-type': 'application/json' } })
  }

  it('that breaks off in the middle of a part is replaced by stale entries', async () => {
    const { post, litellm } = await withStale()
    litellm.answer = brokenOff
    const answer = await post(EMBEDDINGS, embeddingBody(['a', 'b', 'c']))
    expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'stale'])
  })

  it('that breaks off in the middle of a part is a 502 without stale entries', async () => {
    const { ask, post, litellm } = embedder({ env: QDRANT_ONLY })
    await ask(['a', 'b'])
    litellm.answer = brokenOff
    const answer = await post(EMBEDDINGS, embeddingBody(['a', 'new']))
    expect([answer.status, await answer.json()]).toMatchObject([
      502,
      { error: { code: 'upstream_unreachable' } },
    ])
  })

  it('that fails on the second call is replaced by stale entries', async () => {
    const { post, litellm } = await withStale()
    litellm.answer = ({ body }) =>
      inputsIn(body['input']).length === 2
        ? Response.json({ error: { message: 'x' } }, { status: 400 })
        : Response.json({}, { status: 503 })
    const answer = await post(EMBEDDINGS, embeddingBody(['a', 'b', 'c']))
    expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'stale'])
  })
})

describe('the lookup of a batch', () => {
  it('says why its inputs are asked for', async () => {
    const { ask, qdrant } = embedder({ env: QDRANT_ONLY })
    const fwd = async (input: string[], headers = {}) =>
      cacheStatus((await ask(input, {}, headers)).answer)[0]!['fwd']
    await ask(['a', 'b'])
    for (const payload of qdrant.points.values()) expire(payload)
    expect(await fwd(['a', 'b', 'new'])).toBe('uri-miss')
    for (const payload of qdrant.points.values()) expire(payload)
    expect(await fwd(['a', 'b'])).toBe('stale')
    expect(await fwd(['a', 'b'], { 'cache-control': 'min-fresh=3600, stale-if-error=60' })).toBe(
      'request',
    )
  })

  it('neither opens the circuit breaker nor probes', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { ask, qdrant } = embedder({ env: QDRANT_ONLY })
    await ask(['a', 'b'])
    const fetch = qdrant.fetch
    qdrant.fetch = async (request) => {
      const { ids = [] } = await request.clone().json<{ ids?: string[] }>()
      return ids.length > 1 ? Response.json({}, { status: 500 }) : fetch(request)
    }
    for (let at = 0; at < 6; at += 1) await ask(['a', 'b'])
    expect(cacheStatus((await ask('a')).answer)[0]).toMatchObject({ hit: true, detail: 'qdrant' })
    vi.restoreAllMocks()
  })
})
