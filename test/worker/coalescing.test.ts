import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chunks, completion } from '../support/fake-litellm.ts'
import {
  CHAT,
  STREAM,
  WITHOUT_USAGE,
  edge,
  coalesced,
  json,
  settle,
  text,
} from '../support/coalescing.ts'
import { chat, gateway } from '../support/gateway.ts'

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('request coalescing', () => {
  it('calls LiteLLM once for a thousand identical concurrent requests', async () => {
    const { get, post, call, litellm, coalescing, settled, qdrant } = coalesced()
    await get('/v1/models') // so that the key is known
    const asked = Array.from({ length: 1_000 }, () => post(CHAT, chat()))
    const one = await call(1)
    await vi.waitFor(() => expect(coalescing.asked).toBe(1_000))
    await settle()
    one.begin(200, 'application/json')
    one.send(json)
    one.end()
    const answers = await Promise.all(asked)
    const bodies = new Set(await Promise.all(answers.map((answer) => answer.text())))
    expect([...bodies]).toEqual([json])
    expect(litellm.asked).toHaveLength(1)
    expect(answers.filter((answer) => edge(answer)['collapsed'])).toHaveLength(999)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    await settled()
    expect(
      qdrant.requests.filter((request) => request.endsWith('/points') && request.startsWith('PUT')),
    ).toHaveLength(1)
  })

  it("marks a follower as collapsed and hides the shared call's cost and rate limits from it", async () => {
    const { post, litellm } = gateway()
    litellm.answer = () =>
      completion({}, { 'x-litellm-response-cost': '0.5', 'x-ratelimit-remaining-requests': '1' })
    const [leader, follower] = await Promise.all([post(CHAT, chat()), post(CHAT, chat())])
    expect(edge(leader!)).not.toHaveProperty('collapsed')
    expect(leader!.headers.get('x-litellm-response-cost')).toBe('0.5')
    expect(leader!.headers.get('x-ratelimit-remaining-requests')).toBe('1')
    expect(follower!.headers.has('x-ratelimit-remaining-requests')).toBe(false)
    expect(edge(follower!)).toMatchObject({
      fwd: 'uri-miss',
      'fwd-status': 200,
      stored: true,
      collapsed: true,
    })
    expect(follower!.headers.has('x-litellm-response-cost')).toBe(false)
    expect(follower!.headers.get('x-cache')).toBe('miss')
  })

  it('sends a late request the bytes so far at once, then the rest live', async () => {
    const { post, call } = coalesced()
    const early = post(CHAT, STREAM)
    const one = await call(1)
    one.begin()
    one.send(WITHOUT_USAGE[0]!)
    const first = (await early).body!.getReader()
    expect(text((await first.read()).value)).toBe(WITHOUT_USAGE[0])
    const late = (await post(CHAT, STREAM)).body!.getReader()
    expect(text((await late.read()).value)).toBe(WITHOUT_USAGE[0])
    one.send(WITHOUT_USAGE[1]!)
    for (const reader of [first, late]) {
      expect(text((await reader.read()).value)).toBe(WITHOUT_USAGE[1])
    }
    for (const chunk of WITHOUT_USAGE.slice(2)) one.send(chunk)
    one.end()
    for (const reader of [first, late]) {
      let rest = ''
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        rest += text(read.value)
      }
      expect(rest).toBe(WITHOUT_USAGE.slice(2).join(''))
    }
  })

  it('serves the answer to a request whose lookup began before it was stored', async () => {
    const slow = Promise.withResolvers<void>()
    let lookups = 0
    const made: ReturnType<typeof gateway> = gateway({
      hosts: {
        qdrant: {
          async fetch(request) {
            const isLookup = request.method === 'POST' && request.url.endsWith('/points')
            if (!isLookup) return made.qdrant.fetch(request)
            lookups += 1
            const answer = await made.qdrant.fetch(request)
            if (lookups === 1) await slow.promise
            return answer
          },
        },
      },
    })
    const early = made.post(CHAT, chat())
    await vi.waitFor(() => expect(lookups).toBe(1))
    await settle()
    const other = await made.post(CHAT, chat())
    await vi.waitFor(() => expect(made.qdrant.points.size).toBe(1))
    slow.resolve()
    expect(await (await early).text()).toBe(await other.text())
    expect(made.litellm.asked).toHaveLength(1)
  })

  it('sends the usage chunk only to callers who asked for it', async () => {
    const { post, call } = coalesced()
    const plain = post(CHAT, STREAM)
    const withUsage = post(CHAT, { ...STREAM, stream_options: { include_usage: true } })
    const one = await call(1)
    await settle()
    one.begin()
    for (const chunk of chunks()) one.send(chunk)
    one.end()
    expect(await (await plain).text()).toBe(WITHOUT_USAGE.join(''))
    expect(await (await withUsage).text()).toBe(chunks().join(''))
  })

  it('is not used for a hit', async () => {
    const { post, settled, coalescing } = gateway()
    await post(CHAT, chat())
    await settled()
    const before = coalescing.asked
    for (const answer of await Promise.all([post(CHAT, chat()), post(CHAT, STREAM)])) {
      expect(answer.headers.get('x-cache')).toBe('exact-hit')
      await answer.text()
    }
    expect(coalescing.asked).toBe(before)
  })

  it('makes one call per request with COALESCE=off', async () => {
    const { post, litellm, coalescing } = gateway({ env: { COALESCE: 'off' } })
    await Promise.all(Array.from({ length: 5 }, () => post(CHAT, chat())))
    expect([litellm.asked.length, coalescing.asked]).toEqual([5, 0])
  })

  it('is a configuration error without the Durable Object binding', async () => {
    const { get, settings } = gateway()
    Object.assign(settings, { COALESCER: undefined })
    const answer = await get('/v1/models')
    expect(answer.status).toBe(500)
    expect(await answer.text()).toContain('COALESCE: on needs the Durable Object binding COALESCER')
  })
})

describe('coalescing of JSON and stream requests', () => {
  it('lets a JSON request join a stream and get the whole answer', async () => {
    const { post, call, litellm } = coalesced()
    const stream = post(CHAT, STREAM)
    const one = await call(1)
    const whole = post(CHAT, chat())
    await settle()
    one.begin()
    for (const chunk of chunks()) one.send(chunk)
    one.end()
    const answer = await whole
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(edge(answer)).toMatchObject({ collapsed: true, stored: true })
    expect(await answer.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { content: 'Air scatters.' }, finish_reason: 'stop' }],
    })
    await (await stream).text()
    expect(litellm.asked).toHaveLength(1)
  })

  it('makes a second call for a stream request, as joining a JSON call would delay its first byte', async () => {
    const { post, call, litellm } = coalesced()
    const whole = post(CHAT, chat())
    await call(1)
    const stream = post(CHAT, STREAM)
    const two = await call(2)
    two.begin()
    for (const chunk of chunks()) two.send(chunk)
    two.end()
    expect(await (await stream).text()).toBe(WITHOUT_USAGE.join(''))
    const one = await call(1)
    one.begin(200, 'application/json')
    one.send(json)
    one.end()
    expect(await (await whole).text()).toBe(json)
    expect(litellm.asked).toHaveLength(2)
  })

  it.each([
    ['has no end marker', [chunks()[0]!]],
    ['contains an error', [chunks()[0]!, 'data: {"error":{"message":"no"}}\n\n', chunks().at(-1)!]],
  ])('makes a second call for a JSON request if the stream that it joined %s', async (_, parts) => {
    const { post, call } = coalesced()
    const stream = post(CHAT, STREAM)
    const one = await call(1)
    const whole = post(CHAT, chat())
    await settle()
    one.begin()
    for (const part of parts) one.send(part)
    one.end()
    await (await stream).text()
    const two = await call(2)
    expect(two.asked.body['stream']).toBeUndefined()
    two.begin(200, 'application/json')
    two.send(json)
    two.end()
    expect(await (await whole).text()).toBe(json)
  })
})
