import { env, listDurableObjectIds, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Coalescer } from '../../src/index.ts'
import { chunks, completion, eventStream } from '../support/fake-litellm.ts'
import type { Answer } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(Coalescer.prototype, 'join')
})
afterEach(() => vi.restoreAllMocks())

/**
 * A gateway with the real Durable Object. The object calls LiteLLM, so `answer` runs inside it and
 * can't await a test's promises.
 */
function coalesced(answer: Answer) {
  const made = gateway({ answer, realCoalescer: true })
  const question = { messages: [{ role: 'user', content: crypto.randomUUID() }] }
  const ask = (over: Record<string, unknown> = {}) =>
    made.post(CHAT, chat({ ...question, ...over }))
  return { ...made, ask }
}

/** A stream that gives one chunk and then nothing. */
const unending: Answer = () => {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(chunks()[0])),
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** Resets every object, as a deploy does. The reason is one that the test pool does not print. */
async function kill(): Promise<void> {
  for (const id of await listDurableObjectIds(env.COALESCER)) {
    await runInDurableObject(env.COALESCER.get(id), (_, state) =>
      state.abort('Instance dispose'),
    ).catch(() => {})
  }
}

/** Resolves when `count` requests have joined. It polls, as a promise can't cross into the object. */
async function joined(count: number): Promise<void> {
  const joins = vi.mocked(Coalescer.prototype.join).mock.calls
  for (;;) {
    if (joins.length === count) return
    await new Promise((resume) => setTimeout(resume, 5))
  }
}

describe('a coalescing Durable Object', () => {
  it('makes one upstream call for a hundred identical requests', async () => {
    const { ask, litellm } = coalesced(async () => {
      await joined(100)
      return completion()
    })
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask()))
    const bodies = new Set(await Promise.all(answers.map((answer) => answer.text())))
    expect(bodies.size).toBe(1)
    expect(litellm.asked).toHaveLength(1)
  })

  it('sends a shared stream to every follower, as JSON to those that asked for JSON', async () => {
    const { ask, litellm } = coalesced(async () => {
      await joined(3)
      return eventStream(chunks())
    })
    const answers = await Promise.all([ask({ stream: true }), ask({ stream: true }), ask()])
    const [one, other] = await Promise.all(answers.slice(0, 2).map((answer) => answer.text()))
    expect(one).toContain('data: [DONE]')
    expect(other).toBe(one)
    expect(await answers[2]!.json()).toMatchObject({ object: 'chat.completion' })
    expect(litellm.asked).toHaveLength(1)
  })

  it('refreshes a stale answer in the background, kept awake by an alarm', async () => {
    const alarm = vi.spyOn(Coalescer.prototype, 'alarm')
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, qdrant, litellm } = coalesced(() => completion())
    const question = { messages: [{ role: 'user', content: crypto.randomUUID() }] }
    const staleIsFine = () => post(CHAT, chat(question), { 'cache-control': 'max-stale' })
    const first = await (await post(CHAT, chat(question))).text()
    await vi.waitFor(() => expect(qdrant.points.size).toBe(1))
    vi.setSystemTime(1_790_001_900_000)
    const stale = await staleIsFine()
    expect(stale.headers.get('x-cache')).toBe('stale')
    expect(await stale.text()).toBe(first)
    await vi.waitFor(() => expect(alarm).toHaveBeenCalled())
    await vi.waitFor(() => {
      const [entry] = qdrant.points.values()
      expect(entry?.['stored_at']).toBeGreaterThanOrEqual(1_790_001_900_000)
    })
    expect((await staleIsFine()).headers.get('x-cache')).toBe('exact-hit')
    expect(litellm.asked).toHaveLength(2)
    vi.useRealTimers()
  })

  it('that is reset before the answer begins costs one direct upstream call', async () => {
    const answers = [() => new Promise<Response>(() => {}), () => completion()]
    const { ask, litellm } = coalesced(() => answers.shift()!())
    const asked = ask()
    await vi.waitFor(() => expect(litellm.asked).toHaveLength(1))
    await kill()
    expect((await asked).status).toBe(200)
    expect(litellm.asked).toHaveLength(2)
  })

  it('that is reset in mid-stream errors the stream instead of ending it', async () => {
    const { ask } = coalesced(unending)
    const reader = (await ask({ stream: true })).body!.getReader()
    await reader.read()
    await kill()
    await expect(reader.read()).rejects.toThrow()
  })
})
