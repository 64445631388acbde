import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chunks, completion, completionBody } from '../support/fake-litellm.ts'
import {
  CHAT,
  STREAM,
  WITHOUT_USAGE,
  edge,
  coalesced,
  settle,
  text,
} from '../support/coalescing.ts'
import { seatAlone } from '../../src/coalescing/seat.ts'
import type { Seat, SeatAnswer } from '../../src/coalescing/seat.ts'
import { chat, gateway, WITHOUT_KEYS } from '../support/gateway.ts'

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('coalescing of answers that are not stored', () => {
  it('sends an error to every waiting request; for 10 s, later requests do not wait for each other', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, call, litellm } = coalesced()
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

  it('does not share a 4xx with requests whose members outside the key differ', async () => {
    const { post, call, litellm } = coalesced()
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

  it('sends every waiting request a 502 after one failed connection to LiteLLM', async () => {
    let asked = 0
    const { post } = gateway({
      env: WITHOUT_KEYS,
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

  it('serves every waiting request the stale answer after one failed upstream call', async () => {
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

  it('ends a failed call whose body is silent once stale answers have replaced it', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, call, coalescing, settled } = coalesced()
    const first = post(CHAT, chat())
    const answered = await call(1)
    answered.begin(200, 'application/json')
    answered.send(JSON.stringify(completionBody()))
    answered.end()
    await (await first).text()
    await settled()
    vi.setSystemTime(1_790_001_842_000)
    coalescing.onTheWay = async (join) => uncancellable(join())
    const late = post(CHAT, chat())
    const failing = await call(2)
    failing.begin(503, 'application/json')
    expect((await late).headers.get('x-cache')).toBe('stale')
    await vi.waitFor(() => expect(failing.asked.signal.aborted).toBe(true))
    await settled()
  })

  it('shares an answer that may not be stored; later requests do not wait for each other', async () => {
    const { post, call, litellm, settled } = coalesced()
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

  it('errors every follower if the stream breaks off', async () => {
    const { post, call, settled, qdrant } = coalesced()
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

describe('a coalescer that fails', () => {
  const lost = () => Promise.reject(new Error('Durable Object reset because its code was updated.'))
  const cases: [name: string, onTheWay: () => Promise<Seat>][] = [
    ['cannot be reached', lost],
    ['is too slow', () => new Promise(() => {})],
    ['is misconfigured', async () => seatAlone('misconfigured')],
    [
      'is reset before the answer begins',
      async () => ({ ...seatAlone(''), answer: lost, leave: lost as never }),
    ],
  ]
  for (const [name, onTheWay] of cases) {
    it(`costs one direct upstream call if it ${name}`, async () => {
      const { post, litellm, coalescing, settled, qdrant } = gateway({
        env: { FLIGHT_TIMEOUT_MS: '30' },
      })
      coalescing.onTheWay = onTheWay
      const answer = await post(CHAT, chat())
      expect(answer.status).toBe(200)
      expect(edge(answer)).toMatchObject({ fwd: 'uri-miss', stored: true })
      expect(edge(answer)).not.toHaveProperty('collapsed')
      await settled()
      expect(litellm.asked).toHaveLength(1)
      expect(qdrant.points.size).toBe(1)
    })
  }

  it('that answers too late has its seat released', async () => {
    const { post, coalescing, litellm } = gateway({ env: { FLIGHT_TIMEOUT_MS: '30' } })
    const late = Promise.withResolvers<Seat>()
    let isLeft = false
    coalescing.onTheWay = () => late.promise
    await post(CHAT, chat())
    late.resolve({ ...seatAlone(''), leave: () => void (isLeft = true) })
    await vi.waitFor(() => expect(isLeft).toBe(true))
    expect(litellm.asked).toHaveLength(1)
  })

  it('errors the stream instead of ending it if it is lost after the first byte', async () => {
    const { post, call, coalescing, settled, litellm } = coalesced()
    coalescing.onTheWay = async (join) => {
      const seat = join()
      const answer = async (): Promise<SeatAnswer> => {
        const answered = await seat.answer()
        if (answered.kind !== 'answer' || answered.body instanceof Uint8Array) return answered
        return { ...answered, body: answered.body.pipeThrough(cutAfter(1)) }
      }
      return { answer, ended: lost, leave: () => seat.leave() }
    }
    const asked = post(CHAT, STREAM)
    const one = await call(1)
    one.begin()
    for (const chunk of chunks()) one.send(chunk)
    one.end()
    const reader = (await asked).body!.getReader()
    expect(text((await reader.read()).value)).toBe(WITHOUT_USAGE[0])
    await expect(reader.read()).rejects.toThrow()
    await settled()
    expect(litellm.asked).toHaveLength(1)
  })
})

/** A seat as RPC shows it: the object does not notice that a silent body is cancelled. */
function uncancellable(seat: Seat): Seat {
  return {
    async answer() {
      const answered = await seat.answer()
      if (answered.kind !== 'answer' || answered.body instanceof Uint8Array) return answered
      const reader = answered.body.getReader()
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const { done, value } = await reader.read()
          if (done) controller.close()
          else controller.enqueue(value)
        },
      })
      return { ...answered, body }
    },
    ended: () => seat.ended(),
    leave: () => seat.leave(),
  }
}

/** Passes `count` chunks, then errors. */
function cutAfter(count: number): TransformStream<Uint8Array, Uint8Array> {
  let left = count
  return new TransformStream({
    transform(chunk, controller) {
      left -= 1
      if (left >= 0) controller.enqueue(chunk)
      else controller.error(new Error('reset'))
    },
  })
}
