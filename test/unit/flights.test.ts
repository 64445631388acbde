import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chatCompletions } from '../../src/apis/chat-completions.ts'
import { takeOrder } from '../../src/coalescing/at-the-object.ts'
import { Flights } from '../../src/coalescing/flights.ts'
import type { FlightsOptions } from '../../src/coalescing/flights.ts'
import type { Frame } from '../../src/coalescing/frames.ts'
import { orderOf } from '../../src/coalescing/order.ts'
import type { UpstreamCall } from '../../src/upstream/call.ts'
import { MemoryBudget } from '../../src/stream/memory-budget.ts'
import { chunks, completion } from '../support/fake-litellm.ts'
import { scripted } from '../support/scripted-answer.ts'

const NOW = 1_790_000_000_000
const MINUTE = 60_000

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.useFakeTimers({ now: NOW, toFake: ['Date', 'setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Lets everything go on that can. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resume) => setImmediate(resume))
}

/** Flights of one request, whose calls a test answers step by step. */
function flights(over: Partial<FlightsOptions> = {}) {
  const { answer, call } = scripted()
  const stored: string[] = []
  const calls = { count: 0 }
  const made = new Flights({
    ask: async ({ request }, signal) => {
      calls.count += 1
      const { body } = request.identity
      const text = JSON.stringify(body)
      const response = await answer({
        path: request.api.path,
        url: '',
        headers: new Headers(),
        text,
        body,
        signal,
      })
      return { response }
    },
    store: async (id) => void stored.push(id),
    maxEntryBytes: 10_000,
    storeSemanticHits: true,
    finishAbandoned: false,
    memory: new MemoryBudget(1_000_000),
    waitUntil: () => {},
    keepAwake: () => {},
    now: () => Date.now(),
    ...over,
  })
  return { flights: made, call, calls, stored }
}

function asking({ stream = true, lookedUpAt = Date.now() } = {}): UpstreamCall {
  const messages = [{ role: 'user', content: 'Why is the sky blue?' }]
  const body = { model: 'small', messages, ...(stream ? { stream } : {}) }
  return {
    request: {
      api: chatCompletions,
      identity: { tenant: 'acme', path: chatCompletions.path, namespace: '', body, headers: {} },
      model: 'small',
      stream,
      key: { id: 'an id', proof: 'a proof' },
      bypass: undefined,
      controls: {
        read: true,
        store: true,
        maxAgeSeconds: undefined,
        maxStaleSeconds: undefined,
        staleIfErrorSeconds: undefined,
        ttlSeconds: 1800,
        onlyIfCached: false,
        semantic: true,
        namespace: '',
        tags: [],
      },
      payer: 'acme',
      eligibility: { reason: undefined },
    },
    headers: new Headers(),
    apiKey: 'sk-upstream',
    requestId: 'a request',
    lookedUpAt,
    traceparent: undefined,
  }
}

const here = () => new AbortController().signal

async function whole(frames: AsyncGenerator<Frame>): Promise<Frame['kind'][]> {
  const kinds: Frame['kind'][] = []
  for await (const { kind } of frames) kinds.push(kind)
  return kinds
}

describe('a call that nobody waits for', () => {
  async function abandoned() {
    const made = flights({ finishAbandoned: true })
    const only = made.flights.join(asking(), here())
    const reading = whole(only.frames)
    const one = await made.call(1)
    one.begin()
    one.send(chunks()[0]!)
    await settle()
    only.left()
    await settle()
    expect(one.asked.signal.aborted).toBe(false)
    return { ...made, one, reading }
  }

  it('goes on for five minutes, and is given up then', async () => {
    const { one } = await abandoned()
    await vi.advanceTimersByTimeAsync(5 * MINUTE - 1)
    expect(one.asked.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(one.asked.signal.aborted).toBe(true)
  })

  it('is not cut off under those who have joined it since, and ends when they leave', async () => {
    const { one, flights: joinable } = await abandoned()
    const late = joinable.join(asking(), here())
    const seen = whole(late.frames)
    await vi.advanceTimersByTimeAsync(6 * MINUTE)
    expect(one.asked.signal.aborted).toBe(false)
    late.left()
    expect(one.asked.signal.aborted).toBe(true)
    one.lose()
    await seen
  })
})

describe('an answer that is being kept', () => {
  it('is given to whoever missed it, ten seconds long where its admission hangs', async () => {
    const { flights: joinable, call, calls } = flights({ store: () => new Promise(() => {}) })
    const missed = asking()
    const first = whole(joinable.join(missed, here()).frames)
    const one = await call(1)
    one.begin()
    for (const chunk of chunks()) one.send(chunk)
    one.end()
    expect(await first).toContain('kept')
    await vi.advanceTimersByTimeAsync(9_999)
    expect(await whole(joinable.join(asking(), here()).frames)).toContain('end')
    expect(calls.count).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    void joinable.join(asking(), here()).frames.next()
    await call(2)
  })

  it('closes its flight also where admission it throws', async () => {
    const { flights: joinable, call } = flights({
      store: () => {
        throw new Error('a defect')
      },
    })
    const first = whole(joinable.join(asking(), here()).frames)
    const one = await call(1)
    one.begin()
    for (const chunk of chunks()) one.send(chunk)
    one.end()
    await first
    await settle()
    expect(await whole(joinable.join(asking(), here()).frames)).toEqual(['alone'])
  })
})

describe('a refresh', () => {
  it('is one for all whose lookups began before it was kept, and none is lost after', async () => {
    const { flights: refreshable, call, calls, stored } = flights()
    const burst = asking({ stream: false })
    refreshable.refresh(burst)
    const one = await call(1)
    vi.setSystemTime(NOW + 5)
    one.begin(200, 'application/json')
    one.send(await completion().text())
    one.end()
    await settle()
    expect(stored).toHaveLength(1)
    refreshable.refresh(burst)
    await settle()
    expect(calls.count).toBe(1)
    refreshable.refresh(asking({ stream: false }))
    await call(2)
  })
})

describe('whoever is not there', () => {
  it('starts no call by an order that comes too late', async () => {
    const { flights: joinable, calls } = flights()
    const order = new Request('https://flights.invalid/', {
      method: 'POST',
      body: JSON.stringify(orderOf(asking(), false)),
      signal: AbortSignal.abort(),
    })
    const late = await takeOrder(order, joinable, [chatCompletions]).catch(() => undefined)
    await late?.body?.getReader().read()
    expect(await whole(joinable.join(asking(), AbortSignal.abort()).frames)).toEqual(['alone'])
    expect(calls.count).toBe(0)
  })

  it('does not keep a call going by a connection that takes nothing', async () => {
    const { flights: joinable, call } = flights()
    const stuck = joinable.join(asking(), here()).frames
    void stuck.next()
    const one = await call(1)
    one.begin()
    for (const chunk of chunks().slice(0, 3)) one.send(chunk)
    await settle()
    await stuck.next()
    await vi.advanceTimersByTimeAsync(29_999)
    expect(one.asked.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(one.asked.signal.aborted).toBe(true)
  })
})

describe('a JSON caller in the flight of a stream', () => {
  it('asks for itself as soon as the stream is too large to be had whole', async () => {
    const { flights: joinable, call } = flights({ maxEntryBytes: 1_000 })
    const leader = joinable.join(asking(), here()).frames
    const first = leader.next()
    const one = await call(1)
    one.begin()
    await first
    const follower = whole(joinable.join(asking({ stream: false }), here()).frames)
    one.send(`data: ${JSON.stringify({ choices: [], padding: 'x'.repeat(1_000) })}\n\n`)
    expect(await follower).toEqual(['alone'])
    expect(one.asked.signal.aborted).toBe(false)
    one.lose()
  })
})

describe('answers that are read whole', () => {
  it('count in what the flights of the isolate may hold', async () => {
    const memory = new MemoryBudget(3_000)
    const { flights: joinable, call } = flights({ memory })
    const first = joinable.join(asking({ stream: false }), here()).frames.next()
    const one = await call(1)
    one.begin(200, 'application/json')
    one.send('x'.repeat(3_001))
    await settle()
    expect(memory.isShort).toBe(true)
    one.end()
    await first
  })
})
