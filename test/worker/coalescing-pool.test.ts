import { describe, expect, it, vi } from 'vitest'
import type { CoalescerNamespace } from '../../src/coalescing/client.ts'
import { CHAT, STREAM, edge } from '../support/coalescing.ts'
import { completion } from '../support/fake-litellm.ts'
import type { Answer } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'
import { scripted } from '../support/scripted-answer.ts'

const about = (subject: number | string) =>
  chat({ messages: [{ role: 'user', content: `What is ${subject}?` }] })

describe('the coalescing pool', () => {
  /** The names of the objects that `count` different requests are sent to. */
  async function namesOf(env: Record<string, string>, colo?: string, count = 24) {
    const made = gateway({ env })
    for (let n = 0; n < count; n += 1) {
      const request = new Request(`https://gateway${CHAT}`, {
        method: 'POST',
        body: JSON.stringify(about(n)),
      })
      if (colo !== undefined) Object.defineProperty(request, 'cf', { value: { colo } })
      await made.send(request)
    }
    return [...made.coalescing.objects.keys()].sort()
  }

  it('has four objects in each data centre, chosen by cache key', async () => {
    expect(await namesOf({}, 'FRA')).toEqual(['FRA:0', 'FRA:1', 'FRA:2', 'FRA:3'])
  })

  it('is named "local" if the request names no data centre, as in workerd', async () => {
    expect(await namesOf({ COALESCE_SHARDS: '1' })).toEqual(['local:0'])
  })

  it('is one worldwide pool with COALESCE_SCOPE=global', async () => {
    const env = { COALESCE_SCOPE: 'global', COALESCE_SHARDS: '2' }
    expect(await namesOf(env, 'FRA')).toEqual(['global:0', 'global:1'])
  })

  it('sends JSON and stream requests with the same key to the same object', async () => {
    const { post, coalescing } = gateway()
    await post(CHAT, chat())
    await (await post(CHAT, STREAM, { 'cache-control': 'no-cache' })).text()
    expect(coalescing.objects.size).toBe(1)
  })

  it('stays in the jurisdiction that COALESCE_JURISDICTION names', async () => {
    const { post, settings, coalescing } = gateway({ env: { COALESCE_JURISDICTION: 'eu' } })
    const asked: string[] = []
    const namespace: CoalescerNamespace = {
      getByName: () => {
        throw new Error('outside of the jurisdiction')
      },
      jurisdiction(name) {
        asked.push(name)
        return coalescing
      },
    }
    Object.assign(settings, { COALESCER: namespace })
    await post(CHAT, chat())
    expect([asked, coalescing.asked]).toEqual([['eu'], 1])
  })

  it('does not take requests over COALESCE_MAX_REQUEST_BYTES', async () => {
    const { post, coalescing, litellm } = gateway()
    const sized = (bytes: number) => {
      const bare = JSON.stringify(about(''))
      return bare.replace('What is', `${'x'.repeat(bytes - bare.length)}What is`)
    }
    await post(CHAT, sized(65_536))
    expect(coalescing.asked).toBe(1)
    await post(CHAT, sized(65_537))
    expect([coalescing.asked, litellm.asked.length]).toEqual([1, 2])
  })

  it('does not refresh stale answers to requests over COALESCE_MAX_REQUEST_BYTES', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, settled, litellm } = gateway()
    const large = chat({ messages: [{ role: 'user', content: 'x'.repeat(65_536) }] })
    await post(CHAT, large)
    await settled()
    vi.setSystemTime(1_790_001_900_000)
    const stale = await post(CHAT, large, { 'cache-control': 'max-stale' })
    expect(stale.headers.get('x-cache')).toBe('stale')
    await settled()
    expect(litellm.asked).toHaveLength(1)
    vi.useRealTimers()
  })

  it('makes a second call for a request with another `user` after a 403', async () => {
    const { answer, call } = scripted()
    const { post, litellm } = gateway({ answer })
    const asked = [post(CHAT, chat({ user: 'ann' })), post(CHAT, chat({ user: 'bob' }))]
    const first = await call(1)
    await vi.waitFor(() => expect(litellm.asked).toHaveLength(1))
    first.begin(403, 'application/json')
    first.send('{"error":{"message":"no"}}')
    first.end()
    const second = await call(2)
    second.begin(200, 'application/json')
    second.send(await completion().text())
    second.end()
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([403, 200])
  })
})

describe('an object of the coalescing pool', () => {
  it('never queues misses: 20 different ones make 20 concurrent calls', async () => {
    let arrived = 0
    // No call is answered before all have arrived. Each polls, as a promise can't cross into the object.
    const answer: Answer = async () => {
      arrived += 1
      for (;;) {
        if (arrived === 20) return completion()
        await new Promise((resume) => setTimeout(resume, 5))
      }
    }
    const made = gateway({ answer, realCoalescer: true, env: { COALESCE_SHARDS: '1' } })
    const asked = Array.from({ length: 20 }, () => made.post(CHAT, about(crypto.randomUUID())))
    const answers = await Promise.all(asked)
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    const busy = answers.filter((one) => edge(one)['detail'] === 'pool busy')
    expect(busy).toHaveLength(16)
    expect(made.litellm.asked).toHaveLength(20)
  })
})
