import { afterEach, describe, expect, it, vi } from 'vitest'
import { settle } from '../support/coalescing.ts'
import { chunks, completionBody, litellmError } from '../support/fake-litellm.ts'
import { chat, QDRANT_ONLY } from '../support/gateway.ts'
import { scripted } from '../support/scripted-answer.ts'
import { shown, traced } from '../support/traced-gateway.ts'

const CHAT = '/v1/chat/completions'
const QUESTION = { messages: [{ role: 'user', content: 'Why is the sky blue?' }] }

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('a trace', () => {
  it('of a request with a wrong key has the error, and nothing of the body', async () => {
    const GATEWAY_KEYS = JSON.stringify([{ sha256: 'a'.repeat(64), tenant: 'acme' }])
    const { post, settled, roots, requests } = traced({ AUTH_MODE: 'keys', GATEWAY_KEYS })
    await post(CHAT, chat(), { 'x-api-key': 'a guess' })
    await settled()
    const [root] = roots()
    expect(root?.status).toEqual({ code: 2, message: 'invalid_api_key' })
    expect(shown(root, 'Inputs')).toEqual({ request: `POST ${CHAT}` })
    expect(shown(root, 'Outputs')).toMatchObject({ error: { code: 'invalid_api_key' } })
    expect(root?.attributes['cache.outcome']).toBe('rejected')
    expect(new TextDecoder().decode(requests[0]?.bytes)).not.toMatch(/a guess|sky/)
  })

  it('is made for sixty wrong keys a minute, so that nobody fills MLflow without one', async () => {
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
    const GATEWAY_KEYS = JSON.stringify([{ sha256: 'a'.repeat(64), tenant: 'acme' }])
    const { post, settled, roots } = traced({ AUTH_MODE: 'keys', GATEWAY_KEYS })
    const guess = () => post(CHAT, chat(), { 'x-api-key': 'a guess' })
    for (let guesses = 0; guesses < 70; guesses += 1) await guess()
    await settled()
    expect(roots()).toHaveLength(60)
    vi.setSystemTime(Date.now() + 60_000)
    await guess()
    await settled()
    expect(roots()).toHaveLength(61)
  })

  it('has no zero character, which costs a whole batch, even of a caller without a key', async () => {
    const { post, settled, requests } = traced({}, { withKey: false })
    await post('/openai/deployments/a%00b/chat/completions', chat())
    await settled()
    const text = new TextDecoder().decode(requests[0]?.bytes)
    expect(text).toContain('/openai/deployments/a�b/chat/completions')
    expect(text).not.toContain('a\0b')
  })

  it.each([
    [
      '/v1/responses',
      {
        model: 'small',
        input: 'Why?',
        tools: [{ type: 'mcp', authorization: 'sk-mcp', headers: { 'X-Key': 'Bearer sk-mcp' } }],
      },
    ],
    [CHAT, chat({ tools: [{ type: 'mcp', headers: { Authorization: 'Bearer sk-mcp' } }] })],
    [
      '/v1/messages',
      {
        model: 'small',
        max_tokens: 9,
        messages: [{ role: 'user', content: 'Why?' }],
        mcp_servers: [{ type: 'url', name: 'search', authorization_token: 'sk-mcp' }],
      },
    ],
  ])(
    'of %s has no credentials of MCP servers, and says that it is not whole',
    async (path, body) => {
      const { post, settled, roots, requests } = traced()
      // The second one may be a hit, whose body is not parsed.
      for (let n = 0; n < 2; n += 1) {
        await (await post(path, body)).text()
        await settled()
      }
      const texts = requests.map(({ bytes }) => new TextDecoder().decode(bytes)).join('')
      expect(texts).toContain('(redacted)')
      expect(texts).not.toContain('sk-mcp')
      expect(roots()).toHaveLength(2)
      for (const root of roots()) expect(root.attributes['request.complete']).toBeUndefined()
    },
  )

  it('is no larger than its content, however long a model is', async () => {
    const { post, settled, requests, roots } = traced({ TRACE_CONTENT: 'false' })
    await post(CHAT, chat({ model: 'm'.repeat(4_000_000) }))
    await settled()
    expect(roots()[0]?.attributes['gen_ai.request.model']).toBe('m'.repeat(512))
    expect(requests[0]?.bytes.length).toBeLessThan(16_384)
  })

  it('of a malformed request names the field', async () => {
    const { post, settled, roots } = traced()
    await post(CHAT, chat({ stream: 'yes' }))
    await settled()
    expect(shown(roots()[0], 'Outputs')).toMatchObject({ error: { param: 'stream' } })
    expect(roots()[0]?.attributes['error.type']).toBe('invalid_request')
  })

  it('has all that its request was made of, on a miss and on a hit, so that it can be sent again', async () => {
    const { post, settled, roots } = traced()
    const asked = chat({ temperature: 0.5, tools: [], metadata: { tags: ['a'] } })
    const path = '/openai/deployments/m/chat/completions?api-version=2026-01-01&other=1'
    for (const _ of ['miss', 'repeated hit', 'hit']) {
      await post(path, asked, {
        'openai-beta': 'b=1',
        'x-cache-namespace': 'n',
      })
      await settled()
    }
    expect(roots().map(({ attributes }) => attributes['cache.outcome'])).toEqual([
      'miss',
      'exact-hit',
      'exact-hit',
    ])
    for (const root of roots()) {
      expect(shown(root, 'Inputs')).toEqual({ ...asked, model: 'm' })
      expect(root.attributes).toMatchObject({
        'request.complete': true,
        'url.path': '/openai/deployments/m/chat/completions',
        'url.query': 'api-version=2026-01-01',
        'http.request.header.openai-beta': 'b=1',
        'cache.namespace': 'n',
      })
    }
  })

  it('of a body that is passed through has a summary, and does not say that it is complete', async () => {
    const { post, settled, roots } = traced({ CACHE_MAX_REQUEST_BYTES: '10', COALESCE: 'off' })
    await post(CHAT, chat())
    await settled()
    expect(shown(roots()[0], 'Inputs')).toMatchObject({ model: 'small', body: expect.any(String) })
    expect(roots()[0]?.attributes).not.toHaveProperty(['request.complete'])
  })

  it.each([{ COALESCE: 'on' }, { COALESCE: 'off' }])(
    "of LiteLLM's error has request and error: %j",
    async (env) => {
      const answer = () => litellmError(500, 'model_down')
      const { post, settled, roots } = traced(env, { answer })
      await post(CHAT, chat())
      await settled()
      expect(shown(roots()[0], 'Inputs')).toMatchObject(QUESTION)
      expect(shown(roots()[0], 'Outputs')).toMatchObject({ error: { type: 'model_down' } })
      expect(roots()[0]?.status).toEqual({ code: 2, message: 'status 500' })
    },
  )

  it('of a request that no one answers has the error of the gateway', async () => {
    const { post, settled, roots } = traced({}, { answer: () => Promise.reject(new Error('no')) })
    await post(CHAT, chat())
    await settled()
    expect(shown(roots()[0], 'Inputs')).toMatchObject(QUESTION)
    expect(shown(roots()[0], 'Outputs')).toMatchObject({ error: { code: 'upstream_unreachable' } })
  })

  it.each([
    ['JSON', {}],
    ['streamed', { stream: true }],
  ])('of a %s request that shares a call has the answer, too', async (_, over) => {
    const { answer, call } = scripted()
    const { post, settled, roots } = traced({}, { answer })
    const asked = ['leader', 'follower'].map(async () => {
      const response = await post(CHAT, chat(over))
      return response.text()
    })
    await settle()
    const streams = 'stream' in over
    const first = await call(1)
    first.begin(200, streams ? 'text/event-stream' : 'application/json')
    for (const part of streams ? chunks() : [JSON.stringify(completionBody())]) first.send(part)
    first.end()
    await Promise.all(asked)
    await settled()
    expect(
      roots()
        .map((root) => root?.attributes['cache.outcome'])
        .sort(),
    ).toEqual(['coalesced', 'miss'])
    for (const root of roots()) {
      expect(shown(root, 'Inputs')).toMatchObject(QUESTION)
      expect(root?.attributes['mlflow.spanOutputs']).toContain('Air scatters.')
    }
  })

  it('of a request that shared a long stream leaves the answer to the one that made the call', async () => {
    const { answer, call } = scripted()
    const { post, settled, roots } = traced({}, { answer })
    const asked = ['leader', 'follower'].map(async () => {
      const response = await post(CHAT, chat({ stream: true }))
      return response.text()
    })
    await settle()
    const first = await call(1)
    first.begin()
    for (const part of chunks()) first.send(part.replace('Air ', 'Air '.repeat(5_000)))
    first.end()
    await Promise.all(asked)
    await settled()
    const shows = roots().map(({ attributes }) => [
      attributes['cache.outcome'],
      attributes['mlflow.spanOutputs'] !== undefined,
    ])
    expect(Object.fromEntries(shows)).toEqual({ miss: true, coalesced: false })
  })

  it('of a stale answer has it, and why LiteLLM did not answer', async () => {
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
    const { post, settled, roots, litellm } = traced({ ...QDRANT_ONLY, CACHE_TTL_SECONDS: '10' })
    await post(CHAT, chat())
    await settled()
    vi.setSystemTime(Date.now() + 20_000)
    litellm.answer = () => litellmError(503, 'down')
    expect((await post(CHAT, chat())).headers.get('x-cache')).toBe('stale')
    await settled()
    const root = roots().at(-1)
    expect(root?.attributes['cache.outcome']).toBe('stale')
    expect(shown(root, 'Inputs')).toMatchObject(QUESTION)
    expect(root?.attributes['mlflow.spanOutputs']).toContain('Air scatters.')
  })

  it("has user and session in the attributes that MLflow's own fields are made of", async () => {
    const { post, settled, roots } = traced()
    const named = { user: 'ann', metadata: { session_id: 's-1' } }
    for (const body of [chat(named), chat(named), chat()]) {
      await post(CHAT, body, { 'x-session-id': 's-2' })
      await settled()
    }
    const of = (key: string) => roots().map((root) => root?.attributes[key])
    expect(of('session.id')).toEqual(['s-1', 's-1', 's-2'])
    expect(of('user.id')).toEqual(['ann', 'ann', undefined])
    expect(of('cache.outcome')).toEqual(['miss', 'exact-hit', 'exact-hit'])
  })

  it('has no token counts: LiteLLM counts them, and a hit uses none', async () => {
    const { post, settled, spans } = traced()
    for (const _ of ['miss', 'hit']) {
      await post(CHAT, chat())
      await settled()
    }
    const names = spans.flatMap(({ attributes }) => Object.keys(attributes))
    expect(names.filter((name) => /usage|tokenUsage|llm\.token/.test(name))).toEqual([])
    expect(names).toContain('gen_ai.request.model')
  })

  it('has text that databases refuse replaced, and emoji kept', async () => {
    const { post, settled, roots } = traced()
    const body = String.raw`{"model":"small","messages":[{"role":"user","content":"a\u0000b \ud83d\ude00 \\u0000"}]}`
    for (const _ of ['miss', 'hit']) {
      await post(CHAT, body)
      await settled()
    }
    for (const root of roots()) {
      const { messages } = shown(root, 'Inputs') as { messages: { content: string }[] }
      expect(messages[0]!.content).toBe(String.raw`a�b 😀 \u0000`)
    }
  })
})

describe('traces', () => {
  it('of several requests are sent in one call', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { post, requests, roots } = traced({ TRACE_FLUSH_MS: '1000' })
    for (const temperature of [0, 0.5, 1]) await post(CHAT, chat({ temperature }))
    await vi.advanceTimersByTimeAsync(1_000)
    await vi.waitFor(() => expect(roots()).toHaveLength(3))
    expect(requests).toHaveLength(1)
  })

  it('that MLflow does not take delay no answer', async () => {
    const held = Promise.withResolvers<Response>()
    const hanging = { fetch: async () => (await held.promise).clone() as Response }
    const { post } = traced({}, { hosts: { mlflow: hanging } })
    for (const temperature of [0, 0.5, 1]) {
      expect((await post(CHAT, chat({ temperature }))).headers.get('x-cache')).toBe('miss')
      expect((await post(CHAT, chat({ temperature }))).headers.get('x-cache')).toBe('exact-hit')
    }
    held.resolve(new Response())
  })
})
