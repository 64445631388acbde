import { afterEach, describe, expect, it, vi } from 'vitest'
import { INDEXES } from '../../src/store/qdrant.ts'
import { chat, gateway, QDRANT_ONLY, WITHOUT_KEYS } from '../support/gateway.ts'
import { FakeQdrant } from '../support/fake-qdrant.ts'

const CHAT = '/v1/chat/completions'
const never = { fetch: () => new Promise<Response>(() => {}) }

afterEach(() => vi.restoreAllMocks())

describe('a failing Qdrant is a miss, never an error', () => {
  const failures: Record<
    string,
    { fetch(request: Request): Response | Promise<Response> } | undefined
  > = {
    down: undefined,
    'too slow': never,
    'answering 500': { fetch: () => new Response('no', { status: 500 }) },
    'answering 401 in plain text': {
      fetch: () => new Response('Must provide an API key', { status: 401 }),
    },
    'answering HTML': {
      fetch: () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
    },
    'answering JSON of another shape': { fetch: () => Response.json({ result: 7 }) },
    'holding something else under the id': {
      fetch: (request) =>
        request.method === 'POST'
          ? Response.json({ result: [{ id: 'x', payload: { hello: 'world' } }], status: 'ok' })
          : Response.json({ result: true, status: 'ok' }),
    },
  }
  for (const [name, qdrant] of Object.entries(failures)) {
    it(`if it is ${name}`, async () => {
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      const { post, litellm } = gateway({
        hosts: { qdrant },
        env: { QDRANT_TIMEOUT_MS: '20' },
      })
      const answer = await post(CHAT, chat())
      expect(answer.status).toBe(200)
      expect(answer.headers.get('x-cache')).toBe('miss')
      expect(litellm.asked).toHaveLength(1)
    })
  }
})

describe('the Qdrant collection', () => {
  it('is created once, with its indexes, if it is missing', async () => {
    const { post, settled, qdrant } = gateway({ env: { QDRANT_COLLECTION: 'llm_exact_cache' } })
    await post(CHAT, chat())
    await settled()
    await post(CHAT, chat({ temperature: 1 }))
    await settled()
    const made = qdrant.requests.filter((request) => request.startsWith('PUT'))
    expect(made).toEqual([
      'PUT /collections/llm_exact_cache',
      ...Object.keys(INDEXES).map(() => 'PUT /collections/llm_exact_cache/index'),
      'PUT /collections/llm_exact_cache/points',
      'PUT /collections/llm_exact_cache/points',
    ])
  })

  it('is written to and read without indexes that the key may not make', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const real = new FakeQdrant()
    const waits: (string | null)[] = []
    const mayNotIndex = {
      fetch(request: Request) {
        const { pathname, searchParams } = new URL(request.url)
        if (!pathname.endsWith('/index')) return real.fetch(request)
        waits.push(searchParams.get('wait'))
        return Response.json({ status: { error: 'Forbidden' } }, { status: 403 })
      },
    }
    const { post, settled } = gateway({ env: QDRANT_ONLY, hosts: { qdrant: mayNotIndex } })
    await post(CHAT, chat())
    await settled()
    expect((await post(CHAT, chat())).headers.get('x-cache')).toBe('exact-hit')
    expect(warned).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('indexes not made'))
    // In a large collection, an index takes longer than a write may.
    expect(new Set(waits)).toEqual(new Set(['false']))
    warned.mockRestore()
  })

  it('is created again if somebody drops it', async () => {
    const { post, settled, qdrant } = gateway({ env: QDRANT_ONLY })
    await post(CHAT, chat())
    await settled()
    qdrant.collections.clear()
    await post(CHAT, chat())
    await settled()
    expect(qdrant.points.size).toBe(1)
  })

  it('can be created by two isolates at the same time', async () => {
    const shared = new FakeQdrant()
    const options = { hosts: { qdrant: shared }, env: { QDRANT_COLLECTION: 'shared' } }
    const [one, two] = [gateway(options), gateway(options)]
    await Promise.all([one.post(CHAT, chat()), two.post(CHAT, chat({ temperature: 1 }))])
    await Promise.all([one.settled(), two.settled()])
    expect(shared.points.size).toBe(2)
  })
})

describe('a failing LiteLLM', () => {
  it("that is down causes a 502 in OpenAI's shape", async () => {
    const { post } = gateway({ env: WITHOUT_KEYS, hosts: { litellm: undefined } })
    const answer = await post(CHAT, chat())
    expect(answer.status).toBe(502)
    expect(await answer.json()).toEqual({
      error: {
        message: 'LiteLLM could not be reached.',
        type: 'server_error',
        param: null,
        code: 'upstream_unreachable',
      },
    })
    expect(answer.headers.get('cache-status')).toMatch(/^edge; ?fwd=uri-miss; ?key=/)
    expect(answer.headers.get('x-request-id')).toBeTruthy()
  })

  it("that Cloudflare cannot reach (530 without LiteLLM's headers) causes a 502", async () => {
    const { post } = gateway({ answer: () => new Response('error 1033', { status: 530 }) })
    expect((await post(CHAT, chat())).status).toBe(502)
  })

  it.each([522, 524])('that Cloudflare reports as too slow (%s) causes a 504', async (status) => {
    const { post } = gateway({ answer: () => new Response('error', { status }) })
    expect((await post(CHAT, chat())).status).toBe(504)
  })

  it('that does not begin to answer in time causes a 504', async () => {
    const { post } = gateway({
      hosts: { litellm: never },
      env: { ...WITHOUT_KEYS, LITELLM_FIRST_BYTE_TIMEOUT_MS: '20' },
    })
    const answer = await post(CHAT, chat())
    expect(answer.status).toBe(504)
    expect(await answer.json()).toMatchObject({ error: { code: 'upstream_timeout' } })
  })

  it('that answers 530 with its own headers has that answer passed on', async () => {
    const { post } = gateway({
      answer: () => new Response('busy', { status: 530, headers: { 'x-litellm-call-id': 'a' } }),
    })
    const answer = await post(CHAT, chat())
    expect(answer.status).toBe(530)
    expect(await answer.text()).toBe('busy')
  })

  /** A body that sends one chunk and then runs `then`. */
  const half = (contentType: string, then: (controller: ReadableStreamDefaultController) => void) =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"id":'))
          then(controller)
        },
      }),
      { headers: { 'content-type': contentType } },
    )

  it('causes a 502 if it breaks off a JSON answer, and a 504 if it stalls in one', async () => {
    const broken = gateway({
      answer: () => half('application/json', (body) => body.error(new Error('reset'))),
    })
    const cut = await broken.post(CHAT, chat())
    expect(cut.status).toBe(502)
    expect(cut.headers.get('cache-status')).toMatch(/^edge;fwd=uri-miss;key=/)
    const stalling = gateway({
      answer: () => half('application/json', () => {}),
      env: { LITELLM_IDLE_TIMEOUT_MS: '20' },
    })
    const stalled = await stalling.post(CHAT, chat())
    expect(stalled.status).toBe(504)
    expect(await stalled.json()).toMatchObject({ error: { code: 'upstream_timeout' } })
  })

  it('that stalls in a stream errors the stream, and nothing is stored', async () => {
    const { post, settled, qdrant } = gateway({
      answer: () => half('text/event-stream', () => {}),
      env: { LITELLM_IDLE_TIMEOUT_MS: '20' },
    })
    const answer = await post(CHAT, chat({ stream: true, stream_options: { include_usage: true } }))
    await expect(answer.text()).rejects.toThrow('did not continue in time')
    await settled()
    expect(qdrant.points.size).toBe(0)
  })

  it('has its errors passed on with status, headers and body', async () => {
    const error = { error: { message: 'slow down', type: 'rate_limit', param: null, code: '429' } }
    const { post } = gateway({
      answer: () => Response.json(error, { status: 429, headers: { 'retry-after': '7' } }),
    })
    const answer = await post(CHAT, chat())
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('7')
    expect(await answer.json()).toEqual(error)
  })
})
