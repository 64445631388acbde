import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cacheStatus } from '../support/cache-status.ts'
import { chunks, completion, completionBody } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'
import { scripted } from '../support/scripted-answer.ts'

const CHAT = '/v1/chat/completions'
const STREAM = chat({ stream: true })
const WITHOUT_USAGE = chunks().filter((chunk) => !chunk.includes('"usage"'))

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** A gateway whose LiteLLM a test answers step by step. */
function flying(options: GatewayOptions = {}) {
  const { answer, call } = scripted()
  const made = gateway({ answer, ...options })
  /** A request whose caller may leave. */
  const leaving = (body: unknown) => {
    const caller = new AbortController()
    const request = new Request(`https://gateway${CHAT}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: caller.signal,
    })
    return { answer: made.send(request), leave: () => caller.abort() }
  }
  return { ...made, call, leaving }
}

const edge = (answer: Response) => cacheStatus(answer).at(-1)!
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)
/** Lets everything go on that can. */
const settle = () => new Promise((resume) => setTimeout(resume, 20))
const json = JSON.stringify(completionBody({ id: 'the-one' }))

describe('identical requests at once', () => {
  it('a thousand cost one call and get one answer', async () => {
    const { post, call, litellm, flights, settled, qdrant } = flying()
    const asked = Array.from({ length: 1_000 }, () => post(CHAT, chat()))
    const one = await call(1)
    await vi.waitFor(() => expect(flights.asked).toBe(1_000))
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

  it('a follower is told so, and not what the call cost another', async () => {
    const { post, litellm } = gateway()
    litellm.answer = () => completion({}, { 'x-litellm-response-cost': '0.5' })
    const [leader, follower] = await Promise.all([post(CHAT, chat()), post(CHAT, chat())])
    expect(edge(leader!)).not.toHaveProperty('collapsed')
    expect(leader!.headers.get('x-litellm-response-cost')).toBe('0.5')
    expect(edge(follower!)).toMatchObject({
      fwd: 'uri-miss',
      'fwd-status': 200,
      stored: true,
      collapsed: true,
    })
    expect(follower!.headers.has('x-litellm-response-cost')).toBe(false)
    expect(follower!.headers.get('x-cache')).toBe('miss')
  })

  it('whoever comes late gets the bytes so far at once, then the live rest', async () => {
    const { post, call } = flying()
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
      expect(text((await reader.read()).value)).toBe(WITHOUT_USAGE[2])
      expect(text((await reader.read()).value)).toBe(WITHOUT_USAGE[3])
      expect((await reader.read()).done).toBe(true)
    }
  })

  it('a lookup that was under way when the answer was kept finds it all the same', async () => {
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

  it('each stream has its usage chunk or not, as its caller asked', async () => {
    const { post, call } = flying()
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

  it('never meet on a hit', async () => {
    const { post, settled, flights } = gateway()
    await post(CHAT, chat())
    await settled()
    const before = flights.asked
    for (const answer of await Promise.all([post(CHAT, chat()), post(CHAT, STREAM)])) {
      expect(answer.headers.get('x-cache')).toBe('exact-hit')
      await answer.text()
    }
    expect(flights.asked).toBe(before)
  })

  it('go each alone with COALESCE=off', async () => {
    const { post, litellm, flights } = gateway({ env: { COALESCE: 'off' } })
    await Promise.all(Array.from({ length: 5 }, () => post(CHAT, chat())))
    expect([litellm.asked.length, flights.asked]).toEqual([5, 0])
  })

  it('are refused as misconfigured where the platform has no place for them to meet', async () => {
    const { get, settings } = gateway()
    Object.assign(settings, { FLIGHTS: undefined })
    const answer = await get('/v1/models')
    expect(answer.status).toBe(500)
    expect(await answer.text()).toContain('COALESCE: on needs the Durable Object binding FLIGHTS')
  })
})

describe('requests that look alike and are not', () => {
  const cases: [name: string, over: Record<string, unknown>, headers: Record<string, string>][] = [
    ['another namespace', { cache: { namespace: 'a' } }, {}],
    ['another question', { temperature: 1 }, {}],
    ['another TTL', {}, { 'x-cache-ttl': '60' }],
    ['other tags', {}, { 'x-cache-tags': 'a' }],
    ['not by meaning', {}, { 'x-cache-semantic': 'off' }],
    ['no-cache', {}, { 'cache-control': 'no-cache' }],
    ['no-store', {}, { 'cache-control': 'no-store' }],
    ['no-store in the body', { cache: { 'no-store': true } }, {}],
    ['max-age', {}, { 'cache-control': 'max-age=60' }],
  ]
  for (const [name, over, headers] of cases) {
    it(`never share a call: ${name}`, async () => {
      const { post, litellm } = gateway()
      const answers = await Promise.all([post(CHAT, chat()), post(CHAT, chat(over), headers)])
      const bodies = await Promise.all(answers.map((answer) => answer.text()))
      expect(litellm.asked).toHaveLength(2)
      expect(bodies[0]).not.toBe(bodies[1])
    })
  }

  it('never share a call: another tenant', async () => {
    const key = async (name: string) => {
      const bytes = new TextEncoder().encode(name)
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      return { sha256: Buffer.from(digest).toString('hex'), tenant: name }
    }
    const GATEWAY_KEYS = JSON.stringify([await key('acme'), await key('globex')])
    const { post, litellm } = gateway({ env: { AUTH_MODE: 'keys', GATEWAY_KEYS } })
    const as = (name: string) => post(CHAT, chat(), { authorization: `Bearer ${name}` })
    const answers = await Promise.all([as('acme'), as('globex'), as('acme'), as('globex')])
    const [a, b, c, d] = await Promise.all(answers.map((answer) => answer.text()))
    expect(litellm.asked).toHaveLength(2)
    expect([a, b]).toEqual([c, d])
    expect(a).not.toBe(b)
  })

  it('callers who want nothing kept never share, not even with each other', async () => {
    const { post, litellm, flights } = gateway()
    const noStore = () => post(CHAT, chat(), { 'cache-control': 'no-store' })
    await Promise.all([noStore(), noStore()])
    expect([litellm.asked.length, flights.asked]).toEqual([2, 0])
  })

  it('a refresh that comes after an answer was made, but not kept yet, is a new one', async () => {
    const writing = Promise.withResolvers<void>()
    const made: ReturnType<typeof gateway> = gateway({
      hosts: {
        qdrant: {
          async fetch(request) {
            if (request.method === 'PUT') await writing.promise
            return made.qdrant.fetch(request)
          },
        },
      },
    })
    const refresh = () => made.post(CHAT, chat(), { 'cache-control': 'no-cache' })
    await refresh()
    await refresh()
    expect(made.litellm.asked).toHaveLength(2)
    // Whoever may have what is stored is spared the call meanwhile.
    await made.post(CHAT, chat())
    await made.post(CHAT, chat())
    expect(made.litellm.asked).toHaveLength(3)
    writing.resolve()
  })

  it('two refreshes at once are one, and one that comes after it is another', async () => {
    const { post, litellm, settled } = gateway()
    const refresh = () => post(CHAT, chat(), { 'cache-control': 'no-cache' })
    await Promise.all([refresh(), refresh()])
    await settled()
    expect(litellm.asked).toHaveLength(1)
    await refresh()
    expect(litellm.asked).toHaveLength(2)
  })
})

describe('JSON and streams', () => {
  it('a JSON caller joins a stream, and has the same answer whole', async () => {
    const { post, call, litellm } = flying()
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

  it('a stream caller does not join a JSON call: it would wait longer than alone', async () => {
    const { post, call, litellm } = flying()
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
    ['tells an error', [chunks()[0]!, 'data: {"error":{"message":"no"}}\n\n', chunks().at(-1)!]],
  ])('a JSON caller asks for itself when the stream that it joined %s', async (_, parts) => {
    const { post, call } = flying()
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

describe('leaving', () => {
  it('a leader who leaves does not end it for the others', async () => {
    const { leaving, call, settled, qdrant } = flying()
    const leader = leaving(STREAM)
    const one = await call(1)
    one.begin()
    one.send(WITHOUT_USAGE[0]!)
    await (await leader.answer).body!.getReader().read()
    const follower = await leaving(STREAM).answer
    leader.leave()
    await settle()
    expect(one.asked.signal.aborted).toBe(false)
    for (const chunk of chunks().slice(1)) one.send(chunk)
    one.end()
    expect(await follower.text()).toBe(WITHOUT_USAGE.join(''))
    await settled()
    expect(qdrant.points.size).toBe(1)
  })

  it('the last who leaves ends the call; nothing is kept, and the next one asks anew', async () => {
    const { leaving, call, settled, qdrant, post } = flying()
    const [first, second] = [leaving(STREAM), leaving(STREAM)]
    const one = await call(1)
    one.begin()
    one.send(chunks()[0]!)
    await Promise.all([first.answer, second.answer])
    first.leave()
    await settle()
    expect(one.asked.signal.aborted).toBe(false)
    second.leave()
    await vi.waitFor(() => expect(one.asked.signal.aborted).toBe(true))
    await settled()
    expect(qdrant.points.size).toBe(0)
    const third = post(CHAT, STREAM)
    const fourth = post(CHAT, STREAM)
    const two = await call(2)
    await settle()
    two.begin()
    for (const chunk of chunks()) two.send(chunk)
    two.end()
    for (const answer of await Promise.all([third, fourth])) {
      expect(await answer.text()).toBe(WITHOUT_USAGE.join(''))
    }
  })

  it('also before LiteLLM has begun to answer', async () => {
    const { leaving, call } = flying()
    const only = leaving(chat())
    const one = await call(1)
    await settle()
    only.leave()
    await expect(only.answer).resolves.toMatchObject({ status: 500 })
    await vi.waitFor(() => expect(one.asked.signal.aborted).toBe(true))
  })

  it('a caller who cancels the body has left, too', async () => {
    const { post, call } = flying()
    const answer = post(CHAT, STREAM)
    const one = await call(1)
    one.begin()
    one.send(chunks()[0]!)
    await (await answer).body!.cancel()
    await vi.waitFor(() => expect(one.asked.signal.aborted).toBe(true))
  })

  it('with FINISH_ABANDONED the call goes on, and its answer is kept', async () => {
    const { leaving, call, settled, qdrant, flights } = flying({
      env: { FINISH_ABANDONED: 'true' },
    })
    const only = leaving(STREAM)
    const one = await call(1)
    one.begin()
    one.send(chunks()[0]!)
    await only.answer
    only.leave()
    await vi.waitFor(() => expect(flights.keptAwake).toBe(1))
    expect(one.asked.signal.aborted).toBe(false)
    for (const chunk of chunks().slice(1)) one.send(chunk)
    one.end()
    await settled()
    expect(qdrant.points.size).toBe(1)
  })
})

describe('answers that are not kept', () => {
  it('an error goes to everyone once, and nobody waits in line after it', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, call, litellm } = flying()
    const all = Array.from({ length: 20 }, () => post(CHAT, chat()))
    const one = await call(1)
    await settle()
    one.begin(503, 'application/json')
    one.send('{"error":{"message":"overloaded"}}')
    one.end()
    for (const answer of await Promise.all(all)) {
      expect(answer.status).toBe(503)
      expect(await answer.text()).toBe('{"error":{"message":"overloaded"}}')
    }
    expect(litellm.asked).toHaveLength(1)
    litellm.answer = () => new Response('no', { status: 503 })
    await Promise.all([post(CHAT, chat()), post(CHAT, chat()), post(CHAT, chat())])
    expect(litellm.asked).toHaveLength(4)
    vi.setSystemTime(1_790_000_010_001)
    await Promise.all([post(CHAT, chat()), post(CHAT, chat()), post(CHAT, chat())])
    expect(litellm.asked).toHaveLength(5)
  })

  it('an unreachable LiteLLM is the same 502 for everyone', async () => {
    let asked = 0
    const { post } = gateway({
      hosts: {
        litellm: {
          fetch: async () => {
            asked += 1
            await settle()
            throw new Error('Network connection lost.')
          },
        },
      },
    })
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(CHAT, chat())))
    for (const answer of answers) {
      expect(answer.status).toBe(502)
      expect(await answer.text()).toContain('upstream_unreachable')
    }
    expect(asked).toBe(1)
  })

  it('each decides for itself whether an old answer may stand in', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, settled, litellm } = gateway()
    const old = await (await post(CHAT, chat())).text()
    await settled()
    vi.setSystemTime(1_790_001_842_000)
    litellm.answer = () => new Response('no', { status: 503 })
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(CHAT, chat())))
    for (const answer of answers) {
      expect(answer.headers.get('x-cache')).toBe('stale')
      expect(await answer.text()).toBe(old)
    }
    expect(litellm.asked).toHaveLength(2)
  })

  it('a success that may not be kept is shared by those who wait; the next ones do not wait', async () => {
    const { post, call, litellm, settled } = flying()
    const all = Array.from({ length: 10 }, () => post(CHAT, chat()))
    const one = await call(1)
    await settle()
    const cut = JSON.stringify(
      completionBody({
        choices: [{ index: 0, finish_reason: 'length', message: { content: 'Air' } }],
      }),
    )
    one.begin(200, 'application/json')
    one.send(cut)
    one.end()
    for (const answer of await Promise.all(all)) expect(await answer.text()).toBe(cut)
    expect(litellm.asked).toHaveLength(1)
    await settled()
    litellm.answer = () => completion()
    await Promise.all([post(CHAT, chat()), post(CHAT, chat())])
    expect(litellm.asked).toHaveLength(3)
  })

  it('a stream that breaks off breaks off for everyone, never cleanly', async () => {
    const { post, call, settled, qdrant } = flying()
    const all = [post(CHAT, STREAM), post(CHAT, STREAM)]
    const one = await call(1)
    await settle()
    one.begin()
    one.send(chunks()[0]!)
    const answers = await Promise.all(all)
    one.lose()
    for (const answer of answers) await expect(answer.text()).rejects.toThrow('LiteLLM broke off')
    await settled()
    expect(qdrant.points.size).toBe(0)
  })
})

describe('slow followers', () => {
  it('50 of 200 who read nothing slow nobody else', async () => {
    const { post, call, litellm } = flying()
    const all = Array.from({ length: 200 }, () => post(CHAT, STREAM))
    const one = await call(1)
    await settle()
    one.begin()
    const answers = await Promise.all(all)
    const [slow, fast] = [answers.slice(0, 50), answers.slice(50)]
    for (const chunk of chunks()) one.send(chunk)
    one.end()
    const whole = WITHOUT_USAGE.join('')
    for (const answer of fast) expect(await answer.text()).toBe(whole)
    // The slow ones are not forgotten for it.
    for (const answer of slow) expect(await answer.text()).toBe(whole)
    expect(litellm.asked).toHaveLength(1)
  })

  it('who comes when the flights of the isolate hold too much goes alone', async () => {
    const { post, call, litellm, flights } = flying({ env: { CACHE_MAX_ENTRY_BYTES: '16777216' } })
    const first = post(CHAT, STREAM)
    const one = await call(1)
    one.begin()
    // Nothing is read of it, and so nothing forgotten.
    for (let n = 0; n < 40; n += 1) one.send('x'.repeat(1024 * 1024))
    await settle()
    litellm.answer = () => completion()
    const before = flights.places.size
    const other = await Promise.all([1, 2].map(() => post(CHAT, chat({ temperature: 1 }))))
    expect(flights.places.size).toBe(before + 1)
    for (const answer of other) expect(edge(answer)).not.toHaveProperty('collapsed')
    expect(litellm.asked).toHaveLength(3)
    await (await first).body!.cancel()
  })

  it('who comes when the answer is larger than may be held goes alone', async () => {
    const { post, call, leaving } = flying({ env: { CACHE_MAX_ENTRY_BYTES: '1000' } })
    const early = leaving(STREAM)
    const one = await call(1)
    one.begin()
    const reader = (await early.answer).body!.getReader()
    const chunk = `data: ${JSON.stringify({ choices: [{ delta: { content: 'x'.repeat(900) } }] })}\n\n`
    for (let n = 0; n < 4; n += 1) {
      one.send(chunk)
      await reader.read()
    }
    await settle()
    const late = post(CHAT, STREAM)
    const two = await call(2)
    two.begin()
    for (const part of chunks()) two.send(part)
    two.end()
    expect(await (await late).text()).toBe(WITHOUT_USAGE.join(''))
    one.send(chunk)
    expect(text((await reader.read()).value)).toBe(chunk)
    // Who went alone is not waited for.
    early.leave()
    await vi.waitFor(() => expect(one.asked.signal.aborted).toBe(true))
  })
})

describe('a meeting place that fails', () => {
  const lost = () => Promise.reject(new Error('Durable Object reset because its code was updated.'))
  const cases: [name: string, onTheWay: () => Promise<Response>][] = [
    ['can not be reached', lost],
    ['is too slow', () => new Promise(() => {})],
    ['answers an error', async () => new Response('no', { status: 500 })],
    ['says nothing', async () => new Response('')],
    ['says what nobody understands', async () => new Response('<html>hello</html>')],
    [
      'is reset before the answer begins',
      async () =>
        new Response(
          new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) }),
        ),
    ],
  ]
  for (const [name, onTheWay] of cases) {
    it(`costs a plain call and no more: it ${name}`, async () => {
      const { post, litellm, flights, settled, qdrant } = gateway({
        env: { FLIGHT_TIMEOUT_MS: '30' },
      })
      flights.onTheWay = onTheWay
      const answer = await post(CHAT, chat())
      expect(answer.status).toBe(200)
      expect(edge(answer)).toMatchObject({ fwd: 'uri-miss', stored: true })
      expect(edge(answer)).not.toHaveProperty('collapsed')
      await settled()
      expect(litellm.asked).toHaveLength(1)
      expect(qdrant.points.size).toBe(1)
    })
  }

  /** The frames of a real answer, cut after so many of them; then the connection ends as told. */
  const cutAfter = (count: number, end: 'cleanly' | 'with an error') => {
    return async (request: Request, place: (request: Request) => Promise<Response>) => {
      const reader = (await place(request)).body!.getReader()
      let left = count
      return new Response(
        new ReadableStream<Uint8Array>(
          {
            async pull(controller) {
              left -= 1
              if (left >= 0) return controller.enqueue((await reader.read()).value)
              if (end === 'cleanly') controller.close()
              else controller.error(new Error('reset'))
            },
          },
          { highWaterMark: 0 },
        ),
      )
    }
  }
  for (const end of ['cleanly', 'with an error'] as const) {
    it(`that is lost after the first byte never looks like a whole answer: ended ${end}`, async () => {
      const { post, call, flights, settled, litellm } = flying()
      // Two chunks to a frame: the head's, then those of the first data.
      flights.onTheWay = cutAfter(4, end)
      const asked = post(CHAT, STREAM)
      const one = await call(1)
      one.begin()
      for (const chunk of chunks()) one.send(chunk)
      one.end()
      const reader = (await asked).body!.getReader()
      expect(text((await reader.read()).value)).toBe(WITHOUT_USAGE[0])
      await expect(reader.read()).rejects.toThrow('The answer broke off.')
      await settled()
      expect(litellm.asked).toHaveLength(1)
    })
  }
})
