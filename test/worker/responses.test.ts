import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseEvents } from '../../src/stream/sse.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { eventStream } from '../support/fake-litellm.ts'
import type { Answer } from '../support/fake-litellm.ts'
import { gateway } from '../support/gateway.ts'
import {
  lastResponse,
  request,
  responseBody,
  responseEvents,
  RESPONSES,
} from '../support/responses.ts'
import { scripted } from '../support/scripted-answer.ts'

/** Answers as requested: a stream or JSON. */
const answer: Answer = ({ body }) =>
  body['stream'] === true ? eventStream(responseEvents()) : Response.json(responseBody())
const outcome = (response: Response) => response.headers.get('x-cache')

/** The recorded answers, byte for byte, by file name. */
const recorded = (files: Record<string, unknown>) =>
  Object.entries(files as Record<string, string>).map(
    ([path, text]) => [path.split('/').at(-1)!, text] as const,
  )
const refused = recorded(
  import.meta.glob('../fixtures/responses/refused/*', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)
const kept = recorded(
  import.meta.glob('../fixtures/responses/kept/*', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)

function answering(file: string, text: string) {
  const stream = file.endsWith('.sse')
  const contentType = stream ? 'text/event-stream' : 'application/json'
  const answer = () => new Response(text, { headers: { 'content-type': contentType } })
  return { body: request(stream ? { stream } : {}), ...gateway({ answer }) }
}

describe('incomplete responses and errors', () => {
  it.each(refused)('are delivered byte for byte and not stored: %s', async (file, text) => {
    const { body, post, settled, qdrant } = answering(file, text)
    expect(await (await post(RESPONSES, body)).text()).toBe(text)
    await settled()
    expect(qdrant.points.size).toBe(0)
  })
})

describe('complete responses', () => {
  it.each(kept)('are delivered byte for byte, stored and replayed: %s', async (file, text) => {
    const { body, post, settled, litellm } = answering(file, text)
    const delivered = await post(RESPONSES, body)
    expect(outcome(delivered)).toBe('miss')
    expect(await delivered.text()).toBe(text)
    await settled()
    const hit = await post(RESPONSES, body)
    expect(outcome(hit)).toBe('exact-hit')
    const replayed = await hit.text()
    if (file.endsWith('.json')) expect(replayed).toBe(text)
    else expect(lastResponse(replayed)).toEqual(lastResponse(text))
    expect(replayed).not.toMatch(/^:|"obfuscation"|"keepalive"/m)
    expect(litellm.asked).toHaveLength(1)
  })

  it.each(kept)('are replayed in the other mode (stream or JSON): %s', async (file, text) => {
    const { body, post, settled, litellm } = answering(file, text)
    await (await post(RESPONSES, body)).text()
    await settled()
    const stream = !file.endsWith('.sse')
    const other = await post(RESPONSES, { ...body, stream })
    expect(outcome(other)).toBe('exact-hit')
    expect(other.headers.get('content-type')).toContain(stream ? 'event-stream' : 'json')
    const said = await other.text()
    const output = (answer: unknown) => (answer as { output?: object[] }).output
    if (stream) expect(lastResponse(said)).toEqual(JSON.parse(text))
    else expect(output(JSON.parse(said))?.length).toBeGreaterThan(0)
    expect(litellm.asked).toHaveLength(1)
  })
})

describe('POST /v1/responses', () => {
  it.each(['/v1/responses', '/responses', '/openai/v1/responses'])(
    'shares entries under its other paths: %s',
    async (path) => {
      const { post, settled, litellm } = gateway({ answer })
      await post(RESPONSES, request())
      await settled()
      expect(outcome(await post(path, request()))).toBe('exact-hit')
      await post(path, request({ temperature: 0 }))
      expect(litellm.asked.map((asked) => asked.path)).toEqual([RESPONSES, RESPONSES])
    },
  )

  it("never takes part in LiteLLM's cache, and passes all other members on", async () => {
    const { post, litellm } = gateway({ answer })
    const body = request({ include: ['x'], unknown: { b: 1, a: 2 }, stream: false })
    const miss = await post(RESPONSES, { ...body, cache: { ttl: 60 } })
    expect(litellm.asked[0]!.body).toEqual({
      ...body,
      cache: { 'no-cache': true, 'no-store': true },
    })
    expect(cacheStatus(miss)).toHaveLength(1)
  })

  it.each<[reason: string, over: Record<string, unknown>]>([
    ['previous_response_id', { previous_response_id: 'resp_0' }],
    ['conversation', { conversation: 'conv_1' }],
    ['background', { background: true }],
    ['store', { store: true }],
    ['prompt', { prompt: { id: 'pmpt_1' } }],
    ['item_reference', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['server-side tool', { tools: [{ type: 'web_search' }] }],
    ['store', { extra_body: { store: true } }],
  ])('bypasses the cache because of %s: %j', async (reason, over) => {
    const { post, settled, litellm, qdrant } = gateway({ answer })
    for (const stream of [false, true, false]) {
      const response = await post(RESPONSES, request({ ...over, stream }))
      expect(outcome(response)).toBe('bypass')
      expect(cacheStatus(response)).toMatchObject([{ fwd: 'bypass', detail: reason }])
      await response.text()
      await settled()
    }
    expect(litellm.asked).toHaveLength(3)
    expect(litellm.asked[0]!.body).toMatchObject(over)
    expect(qdrant.requests).toHaveLength(0)
  })

  it('keeps tenants apart', async () => {
    const { post, settled, litellm } = gateway({ answer })
    for (const key of ['sk-one', 'sk-two', 'sk-one']) {
      await post(RESPONSES, request(), { authorization: `Bearer ${key}` })
      await settled()
    }
    expect(litellm.asked).toHaveLength(2)
  })

  it('counts `openai-beta` and the order of members inside an item', async () => {
    const { post, settled, litellm } = gateway({ answer })
    await post(RESPONSES, request())
    await settled()
    await post(RESPONSES, request(), { 'openai-beta': 'responses=experimental' })
    const tool = (parameters: object) => ({ tools: [{ type: 'function', name: 'f', parameters }] })
    await post(RESPONSES, request(tool({ a: 1, b: 2 })))
    await post(RESPONSES, request(tool({ b: 2, a: 1 })))
    expect(litellm.asked).toHaveLength(4)
  })

  it("is not replayed with the effects of another caller's stream_options", async () => {
    const { post, settled, litellm } = gateway({ answer })
    const own = { stream: true, stream_options: { include_obfuscation: true } }
    expect(await (await post(RESPONSES, request(own))).text()).toContain('obfuscation')
    expect(litellm.asked[0]!.body['stream_options']).toEqual(own.stream_options)
    await settled()
    for (const stream_options of [undefined, { include_obfuscation: false }]) {
      const hit = await post(RESPONSES, request({ stream: true, stream_options }))
      expect(outcome(hit)).toBe('exact-hit')
      const text = await hit.text()
      expect(text).not.toContain('obfuscation')
      expect(lastResponse(text)).toEqual(responseBody())
    }
    expect(litellm.asked).toHaveLength(1)
  })

  it.each<[param: string, over: Record<string, unknown>]>([
    ['model', { model: '' }],
    ['input', { input: 7 }],
    ['input', { input: { role: 'user' } }],
    ['stream', { stream: 'yes' }],
    ['stream_options', { stream_options: { x: 'x'.repeat(5_000) } }],
    ['api_base', { api_base: 'http://evil' }],
    ['extra_body.api_key', { extra_body: { api_key: 'x' } }],
  ])("rejects a bad %s in OpenAI's shape", async (param, over) => {
    const { post, litellm } = gateway({ answer })
    const response = await post(RESPONSES, request(over))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', param },
    })
    expect(litellm.asked).toHaveLength(0)
  })

  it('refuses other methods and does not serve stored responses', async () => {
    const { get, post } = gateway({ answer })
    expect((await get(RESPONSES)).status).toBe(405)
    expect((await get(`${RESPONSES}/resp_1`)).status).toBe(404)
    expect((await post(`${RESPONSES}/compact`, request())).status).toBe(404)
  })
})

describe('identical concurrent requests of the Responses API', () => {
  it('share one call, also of a stream and JSON', async () => {
    const { answer, call } = scripted()
    const { post, litellm, settled } = gateway({ answer })
    const first = post(RESPONSES, request({ stream: true }))
    const one = await call(1)
    one.begin()
    const [created = '', ...rest] = responseEvents()
    one.send(created)
    const leader = await first
    const follower = await post(RESPONSES, request({ stream: true }))
    const json = post(RESPONSES, request())
    for (const event of rest) one.send(event)
    one.end()
    const texts = await Promise.all([leader.text(), follower.text()])
    expect(texts).toEqual([responseEvents().join(''), responseEvents().join('')])
    expect(await (await json).json()).toEqual(responseBody())
    await settled()
    expect(litellm.asked).toHaveLength(1)
  })
})

describe('a stream of the Responses API that fails', () => {
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  it('is not stored if LiteLLM breaks off', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const broken = () => {
      const parts = responseEvents().slice(0, -2)
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const part = parts.shift()
          if (part === undefined) controller.error(new Error('lost'))
          else controller.enqueue(new TextEncoder().encode(part))
        },
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    }
    const { post, settled, qdrant } = gateway({ answer: broken })
    const response = await post(RESPONSES, request({ stream: true }))
    await expect(response.text()).rejects.toThrow()
    await settled()
    expect(qdrant.points.size).toBe(0)
  })

  it('is replaced by the expired answer if LiteLLM answers 503, in both modes', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, settled, litellm } = gateway({ answer })
    await (await post(RESPONSES, request({ stream: true }))).text()
    await settled()
    vi.setSystemTime(1_790_000_000_000 + 1_842_000)
    litellm.answer = () => Response.json({ error: { message: 'no' } }, { status: 503 })
    const json = await post(RESPONSES, request())
    expect([json.status, outcome(json)]).toEqual([200, 'stale'])
    expect(await json.json()).toEqual(responseBody())
    const stream = await post(RESPONSES, request({ stream: true }))
    expect(outcome(stream)).toBe('stale')
    const events = parseEvents(await stream.text())
    expect(events.at(-1)?.data).toBe('[DONE]')
  })
})
