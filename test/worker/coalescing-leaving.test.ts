import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chunks, completion } from '../support/fake-litellm.ts'
import {
  CHAT,
  STREAM,
  WITHOUT_USAGE,
  edge,
  coalesced,
  settle,
  text,
} from '../support/coalescing.ts'
import { chat } from '../support/gateway.ts'

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('a caller that leaves', () => {
  it('does not end the call for the others, even if it came first', async () => {
    const { leaving, call, settled, qdrant } = coalesced()
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

  it('aborts the call if it is the last; nothing is stored and the next request makes a new call', async () => {
    const { leaving, call, settled, qdrant, post } = coalesced()
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

  it('aborts the call even before LiteLLM has begun to answer', async () => {
    const { leaving, call } = coalesced()
    const only = leaving(chat())
    const one = await call(1)
    await settle()
    only.leave()
    await expect(only.answer).resolves.toMatchObject({ status: 500 })
    await vi.waitFor(() => expect(one.asked.signal.aborted).toBe(true))
  })

  it('aborts the call when it cancels the body', async () => {
    const { post, call } = coalesced()
    const answer = post(CHAT, STREAM)
    const one = await call(1)
    one.begin()
    one.send(chunks()[0]!)
    await (await answer).body!.cancel()
    await vi.waitFor(() => expect(one.asked.signal.aborted).toBe(true))
  })

  it('lets the call finish with FINISH_ABANDONED, and the answer is stored', async () => {
    const { leaving, call, settled, qdrant, coalescing } = coalesced({
      env: { FINISH_ABANDONED: 'true' },
    })
    const only = leaving(STREAM)
    const one = await call(1)
    one.begin()
    one.send(chunks()[0]!)
    await only.answer
    only.leave()
    await vi.waitFor(() => expect(coalescing.keptAwake).toBe(1))
    expect(one.asked.signal.aborted).toBe(false)
    for (const chunk of chunks().slice(1)) one.send(chunk)
    one.end()
    await settled()
    expect(qdrant.points.size).toBe(1)
  })
})

describe('coalescing with slow followers and large answers', () => {
  it('does not slow 150 followers while 50 others read nothing', async () => {
    const { post, call, litellm } = coalesced()
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
    // The slow ones still get everything.
    for (const answer of slow) expect(await answer.text()).toBe(whole)
    expect(litellm.asked).toHaveLength(1)
  })

  it("lets new requests call LiteLLM directly if the isolate's flights hold too much memory", async () => {
    const { post, call, litellm } = coalesced({
      env: {
        CACHE_MAX_ENTRY_BYTES: '16777216',
        MAX_REQUEST_BYTES: '8388608',
        MEMORY_BUDGET_BYTES: '33554432',
      },
    })
    const first = post(CHAT, STREAM)
    const one = await call(1)
    one.begin()
    // Nothing is read, so nothing can be freed.
    for (let n = 0; n < 40; n += 1) one.send('x'.repeat(1024 * 1024))
    await settle()
    litellm.answer = () => completion()
    const other = await Promise.all([1, 2].map(() => post(CHAT, chat({ temperature: 1 }))))
    for (const answer of other) expect(edge(answer)).not.toHaveProperty('collapsed')
    expect(litellm.asked).toHaveLength(3)
    await (await first).body!.cancel()
  })

  it('lets a late request call LiteLLM directly if the answer is too large to share', async () => {
    const { post, call, leaving } = coalesced({ env: { CACHE_MAX_ENTRY_BYTES: '1000' } })
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
    // The late request has no seat in this flight, so its only caller's leaving aborts it.
    early.leave()
    await vi.waitFor(() => expect(one.asked.signal.aborted).toBe(true))
  })
})
