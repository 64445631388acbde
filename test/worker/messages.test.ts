import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { parseEvents } from '../../src/stream/sse.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { edge } from '../support/coalescing.ts'
import { eventStream, litellmError } from '../support/fake-litellm.ts'
import { gateway } from '../support/gateway.ts'
import { asked, event, messageBody, messageEvents, MESSAGES } from '../support/messages.ts'
import { scripted } from '../support/scripted-answer.ts'

const STREAM = asked({ stream: true })
const PING = event('ping')
const json =
  (over: Record<string, unknown> = {}) =>
  () =>
    Response.json(messageBody(over))
const outcome = (answer: Response) => answer.headers.get('x-cache')

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('POST /v1/messages', () => {
  it('answers an identical request from the cache, byte for byte', async () => {
    const { post, litellm, settled } = gateway({ answer: json() })
    const headers = { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'some-beta' }
    const first = await post(MESSAGES, asked(), headers)
    expect([first.status, outcome(first)]).toEqual([200, 'miss'])
    expect(edge(first)).toMatchObject({ fwd: 'uri-miss', 'fwd-status': 200, stored: true })
    await settled()
    const hit = await post(MESSAGES, asked(), headers)
    expect([hit.status, outcome(hit)]).toEqual([200, 'exact-hit'])
    expect(await hit.text()).toBe(await first.text())
    expect(litellm.asked).toHaveLength(1)
    const [{ path, body, headers: sent }] = litellm.asked as [(typeof litellm.asked)[0]]
    expect(path).toBe(MESSAGES)
    expect(body).toEqual({ ...asked(), cache: { 'no-cache': true, 'no-store': true } })
    expect(sent.get('anthropic-version')).toBe('2023-06-01')
    expect(sent.get('anthropic-beta')).toBe('some-beta')
  })

  it('replays a stream without its pings, and makes JSON of it', async () => {
    const [start = '', ...rest] = messageEvents()
    const parts = [start, PING, ...rest]
    const { post, litellm, settled } = gateway({ answer: () => eventStream(parts) })
    expect(await (await post(MESSAGES, STREAM)).text()).toBe(parts.join(''))
    await settled()
    const replayed = await post(MESSAGES, STREAM)
    expect(outcome(replayed)).toBe('exact-hit')
    expect(replayed.headers.get('content-type')).toMatch('text/event-stream')
    expect(await replayed.text()).toBe([start, ...rest].join(''))
    const whole = await post(MESSAGES, asked())
    expect([outcome(whole), whole.headers.get('content-type')]).toEqual([
      'exact-hit',
      'application/json',
    ])
    expect(await whole.json()).toEqual(messageBody())
    expect(litellm.asked).toHaveLength(1)
  })

  it('makes a stream of a JSON answer', async () => {
    const { post, litellm, settled } = gateway({ answer: json() })
    await post(MESSAGES, asked())
    await settled()
    const hit = await post(MESSAGES, STREAM)
    expect(outcome(hit)).toBe('exact-hit')
    expect(parseEvents(await hit.text()).map(({ event }) => event)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(litellm.asked).toHaveLength(1)
  })

  it('asks LiteLLM again if a stream has a part that JSON has no place for', async () => {
    const parts = messageEvents([
      [
        { type: 'text', text: '' },
        { type: 'text_delta', text: 'Air.' },
        { type: 'shade_delta', shade: 'blue' },
      ],
    ])
    const { post, litellm, settled } = gateway({ answer: () => eventStream(parts) })
    await (await post(MESSAGES, STREAM)).text()
    await settled()
    litellm.answer = json()
    const whole = await post(MESSAGES, asked())
    expect(edge(whole)).toMatchObject({ fwd: 'uri-miss', detail: 'recorded in the other mode' })
    expect(litellm.asked).toHaveLength(2)
  })

  it.each(['max_tokens', 'pause_turn', 'refusal', 'model_context_window_exceeded', 'unheard_of'])(
    'never stores an answer that stopped because of %s',
    async (stop_reason) => {
      const streamed = messageEvents(undefined, stop_reason)
      const { post, litellm, settled, qdrant } = gateway()
      for (const _ of [1, 2]) {
        litellm.answer = json({ stop_reason })
        expect(await (await post(MESSAGES, asked())).json()).toEqual(messageBody({ stop_reason }))
        litellm.answer = () => eventStream(streamed)
        expect(await (await post(MESSAGES, STREAM)).text()).toBe(streamed.join(''))
        await settled()
      }
      expect(litellm.asked).toHaveLength(4)
      expect(qdrant.requests.filter((request) => request.startsWith('PUT'))).toEqual([])
    },
  )

  it('never stores a stream that ends with an error, and passes it on unchanged', async () => {
    const failed = event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } })
    const parts = [...messageEvents().slice(0, 3), failed]
    const { post, litellm, settled } = gateway({ answer: () => eventStream(parts) })
    for (const _ of [1, 2]) {
      expect(await (await post(MESSAGES, STREAM)).text()).toBe(parts.join(''))
      await settled()
    }
    expect(litellm.asked).toHaveLength(2)
  })

  it('has one entry for all its paths, whatever the query string', async () => {
    const { post, litellm, settled } = gateway({ answer: json() })
    await post(MESSAGES, asked())
    await settled()
    for (const path of ['/messages', `${MESSAGES}?beta=true`, '/messages?beta=true&x=%2F']) {
      const hit = await post(path, asked())
      expect([path, outcome(hit)]).toEqual([path, 'exact-hit'])
    }
    expect(litellm.asked.map(({ url }) => url)).toEqual([`http://litellm${MESSAGES}`])
  })

  it('counts the version and the betas that a caller asks for', async () => {
    const { post, litellm } = gateway({ answer: json() })
    for (const headers of [
      {},
      { 'anthropic-version': '2023-06-01' },
      { 'anthropic-version': '2024-06-01' },
      { 'anthropic-beta': 'a' },
      { 'anthropic-beta': 'a,b' },
    ]) {
      expect(outcome(await post(MESSAGES, asked(), headers as Record<string, string>))).toBe('miss')
    }
    expect(litellm.asked).toHaveLength(5)
  })

  it("sends a coding agent's billing line on, and finds the answer whatever it says", async () => {
    const { post, litellm, settled } = gateway({ answer: json() })
    const system = (hash: string, more = '') => [
      { type: 'text', text: `x-anthropic-billing-header: cc_version=2.1; cch=${hash};${more}` },
      { type: 'text', text: 'Be brief.' },
    ]
    await post(MESSAGES, asked({ system: system('aaaaa') }))
    await settled()
    expect(outcome(await post(MESSAGES, asked({ system: system('bbbbb') })))).toBe('exact-hit')
    expect(litellm.asked.map(({ body }) => body['system'])).toEqual([system('aaaaa')])
    const longer = system('bbbbb', '\nAnswer in French.')
    expect(outcome(await post(MESSAGES, asked({ system: longer })))).toBe('miss')
  })

  it.each([
    { container: 'container_1' },
    { mcp_servers: [{ type: 'url', url: 'https://a' }] },
    { thread: { type: 'create' } },
  ])('is not cached if a server keeps its state: %j', async (over) => {
    const { post, litellm, settled, qdrant } = gateway({ answer: json() })
    for (const _ of [1, 2]) {
      const answer = await post(MESSAGES, asked(over))
      expect(cacheStatus(answer)).toEqual([
        { cache: 'edge', fwd: 'bypass', 'fwd-status': 200, detail: 'server-side state' },
      ])
      await settled()
    }
    expect(litellm.asked).toHaveLength(2)
    expect(litellm.asked[0]!.body).toMatchObject(over)
    expect(qdrant.requests).toEqual([])
  })

  it("takes Anthropic's x-api-key, and separates the caches of two keys", async () => {
    const { post, litellm, settled } = gateway({ answer: json() })
    const as = (key: string) => post(MESSAGES, asked(), { 'x-api-key': key })
    const outcomes: unknown[] = []
    for (const key of ['sk-ann', 'sk-ann', 'sk-bob', 'sk-ann', 'sk-bob']) {
      outcomes.push(outcome(await as(key)))
      await settled()
    }
    expect(outcomes).toEqual(['miss', 'exact-hit', 'miss', 'exact-hit', 'exact-hit'])
    const keys = litellm.asked.map(({ headers }) => headers.get('authorization'))
    expect(keys).toEqual(['Bearer sk-ann', 'Bearer sk-bob'])
    expect(litellm.asked.some(({ headers }) => headers.has('x-api-key'))).toBe(false)
  })

  it('separates the end users that metadata.user_id names, where a key asks for that', async () => {
    const keys = [{ sha256: await sha256('key'), tenant: 'acme', models: ['*'], scope: 'user' }]
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify(keys) }
    const { post, settled, litellm } = gateway({ env, key: 'key', answer: json() })
    const outcomes: unknown[] = []
    for (const metadata of [{ user_id: 'ada' }, { user_id: 'ada' }, { user_id: 'eve' }, {}]) {
      outcomes.push(outcome(await post(MESSAGES, asked({ metadata, user: 'ada' }))))
      await settled()
    }
    expect(outcomes).toEqual(['miss', 'exact-hit', 'miss', 'bypass'])
    expect(litellm.asked[0]!.body['metadata']).toEqual({ user_id: 'ada' })
  })

  it("answers only-if-cached from the cache, or with an error in Anthropic's shape", async () => {
    const { post, litellm, settled } = gateway({ answer: json() })
    const only = { 'cache-control': 'only-if-cached' }
    const absent = await post(MESSAGES, asked(), only)
    expect([absent.status, absent.headers.get('x-should-retry')]).toEqual([504, 'false'])
    expect(await absent.json()).toEqual({
      type: 'error',
      error: { type: 'api_error', message: 'The answer is not in the cache.' },
    })
    expect(litellm.asked).toHaveLength(0)
    await post(MESSAGES, asked())
    await settled()
    expect(outcome(await post(MESSAGES, asked(), only))).toBe('exact-hit')
  })

  it.each([
    [{ messages: 'x' }, 'messages must be a list of messages.'],
    [{ model: undefined }, 'model must be the name of a model.'],
    [{ stream: 'yes' }, 'stream must be true or false.'],
    [{ api_base: 'http://evil' }, 'api_base is not accepted here.'],
  ])("names the wrong member in an error of Anthropic's shape: %j", async (over, message) => {
    const { post, litellm } = gateway()
    const refused = await post('/messages', asked(over))
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { type: 'error', error: { type: 'invalid_request_error', message } },
    ])
    expect(litellm.asked).toHaveLength(0)
  })

  it('serves the expired answer if LiteLLM fails, in either mode', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, litellm, settled } = gateway({ answer: json() })
    await post(MESSAGES, asked())
    await settled()
    vi.setSystemTime(1_790_000_000_000 + 1_842_000)
    litellm.answer = () => litellmError(500, 'server_error')
    const whole = await post(MESSAGES, asked())
    expect([whole.status, outcome(whole)]).toEqual([200, 'stale'])
    expect(await whole.json()).toEqual(messageBody())
    const streamed = await post(MESSAGES, STREAM)
    expect([streamed.status, outcome(streamed)]).toEqual([200, 'stale'])
    expect(await streamed.text()).toContain('event: message_stop')
    await settled()
  })
})

describe("LiteLLM's errors on /v1/messages", () => {
  it.each([
    [400, 'no_db_connection', 'invalid_request_error'],
    [401, 'auth_error', 'authentication_error'],
    [403, 'key_model_access_denied', 'permission_error'],
    [429, 'budget_exceeded', 'rate_limit_error'],
    [500, 'internal_server_error', 'api_error'],
  ])("have Anthropic's shape and type: %i %s", async (status, own, type) => {
    const limits = { 'retry-after': '7', 'x-ratelimit-limit-requests': '2' }
    const error = { message: 'no', type: own, param: null, code: String(status) }
    const body = JSON.stringify({ error })
    const headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
    const { post } = gateway({
      answer: () => new Response(body, { status, headers: { ...headers, ...limits } }),
    })
    for (const over of [{}, { stream: true }]) {
      const answer = await post(MESSAGES, asked(over))
      expect([answer.status, await answer.json()]).toEqual([
        status,
        { type: 'error', error: { type, message: 'no', details: { error_code: own } } },
      ])
      expect(Object.fromEntries(answer.headers)).toMatchObject(limits)
      expect(answer.headers.get('content-type')).toMatch('application/json')
    }
  })

  it("are unchanged if they have Anthropic's shape, or are no JSON", async () => {
    const shaped = '{"type": "error", "error": {"type": "api_error", "message": "no"}}'
    for (const text of [shaped, '<html>no</html>', '']) {
      const { post } = gateway({ answer: () => new Response(text || null, { status: 500 }) })
      const answer = await post(MESSAGES, asked())
      expect([answer.status, await answer.text()]).toEqual([500, text])
    }
  })

  it.each([400, 401, 403, 404, 422])(
    'keep the status %i if their body breaks off, and get no stale answer',
    async (status) => {
      vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
      const { answer, call } = scripted()
      const { post, litellm, settled } = gateway({ answer: json() })
      await post(MESSAGES, asked())
      await settled()
      vi.setSystemTime(1_790_000_000_000 + 1_900_000)
      litellm.answer = answer
      const answered = post(MESSAGES, asked())
      const one = await call(1)
      one.begin(status, 'application/json')
      one.send('{"error":{"message":"Inva')
      one.lose()
      const refused = await answered
      expect([refused.status, outcome(refused)]).toEqual([status, 'miss'])
      expect(await refused.json()).toMatchObject({ type: 'error' })
    },
  )

  it('never let a stale answer hide an exhausted budget', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, litellm, settled } = gateway({ answer: json() })
    await post(MESSAGES, asked())
    await settled()
    vi.setSystemTime(1_790_000_000_000 + 1_842_000)
    litellm.answer = () => litellmError(429, 'budget_exceeded')
    const refused = await post(MESSAGES, asked())
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({ error: { type: 'rate_limit_error' } })
  })
})

describe('identical concurrent messages requests', () => {
  it.each([false, true])('share one call (stream: %s)', async (stream) => {
    const answer = () => (stream ? eventStream(messageEvents()) : json()())
    const { post, litellm } = gateway({ answer })
    const all = await Promise.all(
      Array.from({ length: 20 }, () => post(MESSAGES, asked({ stream }))),
    )
    const texts = await Promise.all(all.map((one) => one.text()))
    const expected = stream ? messageEvents().join('') : JSON.stringify(messageBody())
    expect(new Set(texts)).toEqual(new Set([expected]))
    expect(litellm.asked).toHaveLength(1)
    expect(all.filter((one) => edge(one)['collapsed'])).toHaveLength(19)
  })

  it('share a stream live, and give JSON to who asks for that', async () => {
    const { answer, call } = scripted()
    const { post, litellm, coalescing } = gateway({ answer })
    const first = post(MESSAGES, STREAM)
    const one = await call(1)
    one.begin()
    const parts = messageEvents()
    one.send(parts[0]!)
    const reader = (await first).body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(parts[0])
    const second = post(MESSAGES, STREAM)
    const whole = post(MESSAGES, asked())
    await vi.waitFor(() => expect(coalescing.asked).toBe(3))
    for (const part of parts.slice(1)) one.send(part)
    one.end()
    expect(await (await second).text()).toBe(parts.join(''))
    expect(await (await whole).json()).toEqual(messageBody())
    while (!(await reader.read()).done);
    expect(litellm.asked).toHaveLength(1)
  })
})
