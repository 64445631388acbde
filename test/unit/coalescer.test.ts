import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Api } from '../../src/apis/api.ts'
import { chatCompletions } from '../../src/apis/chat-completions.ts'
import { embeddings } from '../../src/apis/embeddings.ts'
import { entry } from '../contract/store-contract.ts'
import type { JsonObject } from '../../src/cache/json.ts'
import { Coalescer, dataOf } from '../../src/coalescing/coalescer.ts'
import type { CallData, CoalescerOptions } from '../../src/coalescing/coalescer.ts'
import { joinedAnswer } from '../../src/coalescing/joined-answer.ts'
import type { Seat } from '../../src/coalescing/seat.ts'
import { PendingBody } from '../../src/upstream/pending-body.ts'
import { MemoryBudget } from '../../src/stream/memory-budget.ts'
import { chunks, completion } from '../support/fake-litellm.ts'
import { scripted } from '../support/scripted-answer.ts'
import { plainControls } from '../support/controls.ts'
import { plainPolicy } from '../support/policies.ts'

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

/** Lets pending work proceed. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resume) => setImmediate(resume))
}

/** A coalescer whose upstream calls the test answers step by step. */
function coalescer(over: Partial<CoalescerOptions> = {}) {
  const { answer, call } = scripted()
  const stored: string[] = []
  const calls = { count: 0 }
  const made = new Coalescer({
    apis: [chatCompletions],
    ask: async ({ request, body: pending }, signal) => {
      calls.count += 1
      const { path } = request.identity
      const text = pending.text
      const body = JSON.parse(text) as JsonObject
      const bytes = new TextEncoder().encode(text)
      const rest = { url: '', headers: new Headers(), form: undefined }
      return { response: await answer({ path, text, bytes, body, signal, ...rest }) }
    },
    store: async (id) => void stored.push(id),
    storeMany: async (entries) => void stored.push(...entries.keys()),
    maxEntryBytes: 10_000,
    storeSemanticHits: true,
    finishAbandoned: false,
    memory: new MemoryBudget(1_000_000),
    waitUntil: () => {},
    keepAwake: () => {},
    now: () => Date.now(),
    ...over,
  })
  return { coalescer: made, call, calls, stored }
}

interface Asked {
  readonly stream?: boolean
  readonly lookedUpAt?: number
  /** Requests with different proofs do not share a flight. */
  readonly proof?: string
  readonly apiKey?: string
}

function request({
  stream = true,
  lookedUpAt = Date.now(),
  proof = 'a proof',
  apiKey = 'sk-upstream',
}: Asked = {}): CallData {
  const messages = [{ role: 'user', content: 'Why is the sky blue?' }]
  const body = { model: 'small', messages, ...(stream ? { stream } : {}) }
  return dataOf({
    request: {
      api: chatCompletions,
      identity: { tenant: 'acme', path: chatCompletions.path, namespace: '', headers: {} },
      model: 'small',
      user: undefined,
      session: undefined,
      bodyBytes: 100,
      stream,
      wantsUsage: true, // so that the frames stay as they are
      ownOptions: undefined,
      expected: { count: 1 },
      key: { id: 'an id', proof },
      bypass: undefined,
      tenantUntil: Infinity,
      controls: plainControls,
      policy: plainPolicy,
      payer: 'acme',
      eligibility: { reason: undefined },
    },
    body: new PendingBody(JSON.stringify(body)),
    uncounted: '',
    headers: new Headers(),
    apiKey,
    requestId: 'a request',
    lookedUpAt,
    traceparent: undefined,
    showsAnswer: false,
  })
}

const withControls = (data: CallData, over: object): CallData => ({
  ...data,
  request: { ...data.request, controls: { ...data.request.controls, ...over } },
})

const withPolicy = (data: CallData, minProbability: number): CallData => ({
  ...data,
  request: {
    ...data.request,
    policy: { ...plainPolicy, minProbability },
    eligibility: { text: 'Why is the sky blue?' },
  },
})

const withOptions = (data: CallData, ownOptions: JsonObject | undefined): CallData => {
  return { ...data, request: { ...data.request, ownOptions } }
}

/** A seat's whole answer as text, or why there is none. */
async function readAll(seat: Seat): Promise<string> {
  const answer = await seat.answer()
  if (answer.kind === 'alone') return `alone: ${answer.why}`
  if (answer.kind === 'failed') return `failed: ${answer.code}`
  return new Response(answer.body as BodyInit).text()
}

type Call = Awaited<ReturnType<ReturnType<typeof scripted>['call']>>

function sendStream(call: Call): void {
  call.begin()
  for (const chunk of chunks()) call.send(chunk)
  call.end()
}

async function sendJson(call: Call): Promise<void> {
  call.begin(200, 'application/json')
  call.send(await completion().text())
  call.end()
}

const STREAM = chunks().join('')

describe('an upstream call that all callers left (FINISH_ABANDONED)', () => {
  async function abandoned() {
    const made = coalescer({ finishAbandoned: true })
    const only = made.coalescer.join(request())
    const reading = readAll(only).catch(() => 'left')
    const one = await made.call(1)
    one.begin()
    one.send(chunks()[0]!)
    await settle()
    only.leave()
    await settle()
    expect(one.asked.signal.aborted).toBe(false)
    return { ...made, one, reading }
  }

  it('is aborted after five minutes', async () => {
    const { one } = await abandoned()
    await vi.advanceTimersByTimeAsync(5 * MINUTE - 1)
    expect(one.asked.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(one.asked.signal.aborted).toBe(true)
  })

  it('is not aborted while a later caller waits', async () => {
    const { one, coalescer: joinable } = await abandoned()
    const late = joinable.join(request())
    const seen = readAll(late).catch(() => 'cut')
    await settle()
    await vi.advanceTimersByTimeAsync(6 * MINUTE)
    expect(one.asked.signal.aborted).toBe(false)
    late.leave()
    expect(one.asked.signal.aborted).toBe(true)
    one.lose()
    await seen
  })
})

describe('an answer that is being stored', () => {
  it('is served to requests whose lookup missed, for up to ten seconds if the write hangs', async () => {
    const made = coalescer({ store: () => new Promise(() => {}) })
    const missed = request()
    const first = readAll(made.coalescer.join(missed))
    sendStream(await made.call(1))
    expect(await first).toBe(STREAM)
    await vi.advanceTimersByTimeAsync(9_999)
    expect(await readAll(made.coalescer.join(request()))).toBe(STREAM)
    expect(made.calls.count).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    void made.coalescer.join(request()).answer()
    await made.call(2)
  })

  it('closes its flight if the write throws', async () => {
    const made = coalescer({
      store: () => {
        throw new Error('a defect')
      },
    })
    const first = readAll(made.coalescer.join(request()))
    sendStream(await made.call(1))
    await first
    await settle()
    expect(await readAll(made.coalescer.join(request()))).toBe('alone: not serialised')
  })
})

describe('a background refresh', () => {
  it('runs once for all requests whose lookup began before the new answer was stored', async () => {
    const { coalescer: refreshable, call, calls, stored } = coalescer()
    const burst = request({ stream: false })
    refreshable.refresh(burst)
    const one = await call(1)
    vi.setSystemTime(NOW + 5)
    await sendJson(one)
    await settle()
    expect(stored).toHaveLength(1)
    refreshable.refresh(burst)
    await settle()
    expect(calls.count).toBe(1)
    refreshable.refresh(request({ stream: false }))
    await call(2)
  })
})

describe('an upstream call', () => {
  it('is aborted if its only caller leaves before the answer begins', async () => {
    const { coalescer: joinable, call } = coalescer()
    const seat = joinable.join(request())
    const answer = readAll(seat)
    const one = await call(1)
    seat.leave()
    expect(await answer).toBe('alone: nobody waits')
    expect(one.asked.signal.aborted).toBe(true)
    expect(await seat.ended()).toEqual({})
  })

  it('is aborted if its only caller reads nothing for 30 s', async () => {
    const { coalescer: joinable, call } = coalescer()
    const stuck = joinable.join(request()).answer()
    const one = await call(1)
    one.begin()
    for (const chunk of chunks().slice(0, 3)) one.send(chunk)
    await stuck
    await settle()
    await vi.advanceTimersByTimeAsync(29_999)
    expect(one.asked.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(one.asked.signal.aborted).toBe(true)
  })
})

describe('a JSON caller that joined a stream', () => {
  it('makes its own call once the stream is too large to be recorded', async () => {
    const { coalescer: joinable, call } = coalescer({ maxEntryBytes: 1_000 })
    void joinable.join(request()).answer()
    const one = await call(1)
    one.begin()
    const follower = readAll(joinable.join(request({ stream: false })))
    await settle()
    one.send(`data: ${JSON.stringify({ choices: [], padding: 'x'.repeat(1_000) })}\n\n`)
    expect(await follower).toBe('alone: the stream makes no JSON answer')
    expect(one.asked.signal.aborted).toBe(false)
    one.lose()
  })
})

describe('a JSON answer that is read whole', () => {
  it("counts in the isolate's memory budget", async () => {
    const memory = new MemoryBudget(3_000)
    const { coalescer: joinable, call } = coalescer({ memory })
    const first = joinable.join(request({ stream: false })).answer()
    const one = await call(1)
    one.begin(200, 'application/json')
    one.send('x'.repeat(3_001))
    await settle()
    expect(memory.isShort).toBe(true)
    one.end()
    await first
  })
})

describe('one coalescing object', () => {
  const other = (n: number) => request({ stream: false, proof: `proof ${n}` })

  it('keeps flights apart: a failure in one never reaches another', async () => {
    const { coalescer: object, call } = coalescer()
    const one = readAll(object.join(other(1)))
    const first = await call(1)
    const two = readAll(object.join(other(2)))
    const second = await call(2)
    first.begin(500, 'application/json')
    first.send('{}')
    first.end()
    expect(await one).toBe('{}')
    await sendJson(second)
    expect(JSON.parse(await two)).toMatchObject({ object: 'chat.completion' })
    expect(await readAll(object.join(other(1)))).toBe('alone: not serialised')
  })

  it('waits for response headers of four calls at a time; a fifth goes alone, joining is not limited', async () => {
    const { coalescer: object, call, calls } = coalescer()
    const waiting = [1, 2, 3, 4].map((n) => readAll(object.join(other(n))))
    const four = await call(4)
    expect(await readAll(object.join(other(5)))).toBe('alone: pool busy')
    const joined = readAll(object.join(other(4)))
    await sendJson(four)
    expect(await joined).toBe(await waiting[3])
    // Headers have arrived: there is room for one more.
    void object.join(other(6)).answer()
    await call(5)
    expect(calls.count).toBe(5)
  })

  it('forgets a flight when it ends, except for 10 s after a failure', async () => {
    const { coalescer: object, call } = coalescer()
    const sizes: number[] = []
    const groups = (object as unknown as { groups: Map<string, unknown> }).groups
    void readAll(object.join(other(1)))
    const first = await call(1)
    first.begin(500)
    first.end()
    await settle()
    for (const [n, waitMs] of [
      [2, 9_999],
      [3, 1],
    ] as const) {
      await vi.advanceTimersByTimeAsync(waitMs)
      void readAll(object.join(other(n)))
      await sendJson(await call(n))
      await settle()
      sizes.push(groups.size)
    }
    expect(sizes).toEqual([2, 2])
  })
})

describe('a refusal by LiteLLM', () => {
  async function refused(follower: CallData) {
    const { coalescer: object, call } = coalescer()
    const leader = readAll(object.join(request({ stream: false })))
    const one = await call(1)
    const shared = readAll(object.join(follower))
    await settle()
    one.begin(403, 'application/json')
    one.send('no')
    one.end()
    expect(await leader).toBe('no')
    return shared
  }

  it('goes to requests with the same upstream key and the same uncounted members', async () => {
    expect(await refused(request({ stream: false }))).toBe('no')
  })

  it('is not sent to another key of the same tenant, whose request makes its own call', async () => {
    expect(await refused(request({ stream: false, apiKey: 'sk-other' }))).toMatch(/^alone/)
  })
})

describe('a seat that is left before the response headers arrive', () => {
  it('holds no memory for the answer that the others get', async () => {
    const memory = new MemoryBudget(0)
    const { coalescer: object, call } = coalescer({ memory })
    const leaver = object.join(request())
    const gone = leaver.answer()
    const stayer = readAll(object.join(request()))
    const one = await call(1)
    leaver.leave()
    await gone
    sendStream(one)
    expect(await stayer).toBe(STREAM)
    await vi.advanceTimersByTimeAsync(1_000) // a finished answer is held this long
    await settle()
    expect(memory.isShort).toBe(false)
  })
})

describe('a follower that reads nothing', () => {
  it('does not hold up other followers when the memory budget is used up', async () => {
    const memory = new MemoryBudget(1_000)
    const { coalescer: object, call } = coalescer({ memory })
    const stuck = object.join(request()).answer()
    const reading = object.join(request()).answer()
    const one = await call(1)
    one.begin()
    await stuck
    const answer = await reading
    memory.take(2_000) // other flights
    if (answer.kind !== 'answer') throw new Error(answer.kind)
    const whole = new Response(answer.body as BodyInit).text()
    for (const chunk of chunks()) {
      one.send(chunk)
      await settle()
    }
    one.end()
    expect(await whole).toBe(STREAM)
  })
})

describe('stream options other than usage', () => {
  it('are shared only by callers who sent the same', async () => {
    const { coalescer: object, call, calls } = coalescer()
    const options = { include_obfuscation: false }
    void object.join(withOptions(request(), options)).answer()
    await call(1)
    void object.join(request()).answer()
    await call(2)
    void object.join(withOptions(request(), { ...options })).answer()
    await settle()
    expect(calls.count).toBe(2)
  })
})

describe('requests that verify semantic hits', () => {
  it('share a flight only if they need the same probability', async () => {
    const { coalescer: object, call, calls } = coalescer()
    void object.join(withPolicy(request(), 0.9)).answer()
    await call(1)
    void object.join(withPolicy(request(), 0.95)).answer()
    await call(2)
    void object.join(withPolicy(request(), 0.9)).answer()
    await settle()
    expect(calls.count).toBe(2)
  })
})

describe('a call from a version of the gateway without policies', () => {
  it('is made by that Worker alone', async () => {
    const { coalescer: object, calls } = coalescer()
    const { policy: _, ...older } = request().request
    const data = { ...request(), request: older }
    expect(await readAll(object.join(data))).toBe('alone: another version of the gateway')
    object.refresh(data)
    await settle()
    expect(calls.count).toBe(0)
  })
})

describe("an answer that is being stored and is older than a caller's max-age", () => {
  it('is not served to that caller', async () => {
    const { coalescer: object, call } = coalescer({ store: () => new Promise(() => {}) })
    const young = () => withControls(request(), { maxAgeSeconds: 2 })
    const first = readAll(object.join(young()))
    sendStream(await call(1))
    await first
    await vi.advanceTimersByTimeAsync(1_999)
    expect(await readAll(object.join(young()))).toBe(STREAM)
    await vi.advanceTimersByTimeAsync(1)
    void object.join(young()).answer()
    await call(2)
  })
})

describe('an empty chunk from LiteLLM', () => {
  it('does not end or break the stream', async () => {
    const { coalescer: object, call } = coalescer()
    const reading = readAll(object.join(request()))
    const one = await call(1)
    one.begin()
    one.send('')
    for (const chunk of chunks()) one.send(chunk)
    one.end()
    expect(await reading).toBe(STREAM)
  })
})

describe('a time-out of LiteLLM', () => {
  it('is sent to every follower, whatever its upstream key', async () => {
    const { coalescer: object, call } = coalescer()
    const leader = readAll(object.join(request({ stream: false })))
    const one = await call(1)
    const follower = readAll(object.join(request({ stream: false, apiKey: 'sk-other' })))
    one.begin(408, 'application/json')
    one.send('late')
    one.end()
    expect([await leader, await follower]).toEqual(['late', 'late'])
  })
})

describe('a coalescing object that is lost after the last byte', () => {
  it('causes no unhandled rejection, and the seat is released', async () => {
    let released = 0
    const seat = {
      answer: () => Promise.reject(new Error('not asked')),
      ended: () => Promise.reject(new Error('reset')),
      leave: () => {},
      [Symbol.dispose]: () => void (released += 1),
    }
    const body = new Response('whole').body!
    const head = { status: 200, headers: [], facts: {}, spans: [], stored: false, collapsed: false }
    const signal = new AbortController().signal
    const joined = joinedAnswer(
      { kind: 'answer', body, head },
      seat,
      asked(chatCompletions),
      signal,
    )
    if ('alone' in joined) throw new Error(joined.alone)
    expect(joined.adapted).toBe(false) // as an object of an earlier version says
    const { ended } = joined
    expect(await new Response(joined.body).text()).toBe('whole')
    expect(await ended).toMatchObject({ admission: { why: 'cut' } })
    await settle()
    expect(released).toBe(1)
  })
})

const ONE = { count: 1, separable: true }
const asked = (api: Api) => ({ api, expected: ONE })

describe('an answer that is stored in another form', () => {
  it('is stored near the caller in that form', async () => {
    const seat = {
      answer: () => Promise.reject(new Error('not asked')),
      ended: () => Promise.reject(new Error('not asked')),
      leave: () => {},
    }
    const text = '{"data":[{"index":0,"embedding":[0.5,1]}]}'
    const head = { status: 200, headers: [], facts: {}, spans: [], stored: true, collapsed: false }
    const end = {
      text: undefined,
      mode: 'json',
      admission: { entry: entry({ body: '' }) },
    } as const
    const body = new TextEncoder().encode(text)
    const joined = joinedAnswer(
      { kind: 'answer', body, head, end },
      seat,
      asked(embeddings),
      new AbortController().signal,
    )
    if ('alone' in joined) throw new Error(joined.alone)
    const { admission } = await joined.ended
    const packed = embeddings.storedForm!.pack(text, 'json', ONE)
    expect(packed).not.toBe(text)
    expect(admission).toMatchObject({ entry: { body: packed } })
  })
})

describe('a caller that leaves while its stream is silent', () => {
  it('leaves its seat at once, without waiting for the next byte', async () => {
    let left = 0
    const seat = {
      answer: () => Promise.reject(new Error('not asked')),
      ended: () => new Promise<never>(() => {}),
      leave: () => void (left += 1),
    }
    const body = new ReadableStream<Uint8Array>()
    const head = { status: 200, headers: [], facts: {}, spans: [], stored: false, collapsed: true }
    const caller = new AbortController()
    const joined = joinedAnswer(
      { kind: 'answer', body, head },
      seat,
      asked(chatCompletions),
      caller.signal,
    )
    caller.abort()
    expect(left).toBeGreaterThan(0)
    if ('alone' in joined) throw new Error(joined.alone)
    expect(await joined.ended).toMatchObject({ admission: { why: 'cut' } })
  })
})
