import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chunks, completion, completionBody } from '../support/fake-litellm.ts'
import { CHAT, STREAM, WITHOUT_USAGE, edge, flying, settle, text } from '../support/flying.ts'
import { chat, gateway } from '../support/gateway.ts'

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
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

  it('a 4xx is not passed on to who sent something else beside the question', async () => {
    const { post, call, litellm } = flying()
    const strange = post(CHAT, chat({ user: 42 }))
    const one = await call(1)
    const [same, other] = [post(CHAT, chat({ user: 42 })), post(CHAT, chat({ user: 'ann' }))]
    await settle()
    litellm.answer = () => completion()
    one.begin(400, 'application/json')
    one.send('{"error":{"message":"user must be text"}}')
    one.end()
    expect([(await strange).status, (await same).status, (await other).status]).toEqual([
      400, 400, 200,
    ])
    expect(litellm.asked).toHaveLength(2)
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
