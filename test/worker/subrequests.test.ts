import { describe, expect, it, vi } from 'vitest'
import scale from '../../docs/scale.md?raw'
import { cacheStatus } from '../support/cache-status.ts'
import { credulous } from '../support/credulous-litellm.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat, gateway } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const START = 1_790_000_000_000

fixedClock(START)

/** Calls to each part, in the order of the table's columns. */
type Calls = readonly [cacheApi: number, qdrant: number, litellm: number, object: number]

/** A gateway that has checked its caller's key and prepared Qdrant's collection. */
async function warm(options: GatewayOptions = {}) {
  const match = vi.spyOn(caches.default, 'match')
  const put = vi.spyOn(caches.default, 'put')
  const made = gateway({ key: 'sk-one', ...options })
  const { litellm, qdrant, coalescing } = made
  const object = vi.spyOn(coalescing, 'getByName')
  const total = (): Calls => [
    match.mock.calls.length + put.mock.calls.length,
    qdrant.requests.length,
    [litellm.asked, litellm.checked, litellm.looked, litellm.judged].flat().length,
    object.mock.calls.length,
  ]
  /** The calls that this work makes, background work included. */
  const callsOf = async (work: () => Promise<unknown>): Promise<Calls> => {
    const before = total()
    await work()
    await made.settled()
    const after = total()
    return after.map((calls, at) => calls - before[at]!) as unknown as Calls
  }
  const send = async (headers: Record<string, string> = {}, over = {}) => {
    const answer = await made.post(CHAT, chat(over), headers)
    await answer.text()
    return answer
  }
  await (await made.post(CHAT, chat({ seed: 1 }))).text()
  await made.settled()
  return { ...made, callsOf, send }
}

/** The rows of the table in docs/scale.md, cell by cell. */
function rows(): string[][] {
  const [, section = ''] = scale.split('\n## Subrequests\n')
  const lines = section
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '))
  return lines.slice(1).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

function documented(outcome: string): Calls {
  const row = rows().find(([name]) => name === outcome)
  expect(row, outcome).toBeDefined()
  return row!.slice(1, 5).map(Number) as unknown as Calls
}

describe('the subrequests in docs/scale.md', () => {
  it('are right for a hit in memory', async () => {
    const { send, settled, callsOf } = await warm()
    await send()
    await settled()
    const calls = await callsOf(async () => expect(await detailOf(send())).toBe('memory'))
    expect(calls).toEqual(documented('hit, memory'))
  })

  it('are right for a hit in the Cache API', async () => {
    const first = await warm()
    await first.send()
    await first.settled()
    const { qdrant, litellm, settings } = first
    const env = { QDRANT_COLLECTION: settings.QDRANT_COLLECTION }
    const second = await warm({ env, hosts: { qdrant, litellm } })
    const calls = await second.callsOf(async () =>
      expect(await detailOf(second.send())).toBe('colo'),
    )
    expect(calls).toEqual(documented('hit, Cache API'))
  })

  it('are right for a hit in Qdrant', async () => {
    const { send, settled, callsOf } = await warm()
    await send()
    await settled()
    vi.setSystemTime(START + 31_000)
    const calls = await callsOf(async () => expect(await detailOf(send())).toBe('qdrant'))
    expect(calls).toEqual(documented('hit, Qdrant'))
  })

  it('are right for a miss with COALESCE=off', async () => {
    const { send, callsOf } = await warm({ env: { COALESCE: 'off' } })
    const calls = await callsOf(async () => expect(await outcomeOf(send())).toBe('miss'))
    expect(calls).toEqual(documented('miss, `COALESCE=off`'))
  })

  it('are right for a miss, and for each further request that shares its call', async () => {
    const { send, callsOf } = await warm()
    const calls = await callsOf(async () => expect(await outcomeOf(send())).toBe('miss'))
    expect(calls).toEqual(documented('miss'))
    const other = await warm()
    const both = await other.callsOf(async () => {
      const answers = await Promise.all([other.send(), other.send()])
      expect(answers.map((one) => cacheStatus(one).at(-1)?.['collapsed'])).toEqual([
        undefined,
        true,
      ])
    })
    const follower = both.map((count, at) => count - calls[at]!)
    expect(follower).toEqual(documented('miss that shares a call'))
  })

  it('are right for a semantic hit whose original is in Qdrant only', async () => {
    const { send, settled, callsOf } = await warm({ answer: credulous() })
    await send()
    await settled()
    vi.setSystemTime(START + 31_000)
    const reworded = { messages: [{ role: 'user', content: 'Why does the sky look blue?' }] }
    const calls = await callsOf(async () =>
      expect(await outcomeOf(send({}, reworded))).toBe('semantic-hit'),
    )
    expect(calls).toEqual(documented('semantic hit'))
  })

  it('are right for a stale answer with a refresh behind it', async () => {
    const { send, settled, callsOf } = await warm()
    await send({ 'x-cache-ttl': '1' })
    await settled()
    vi.setSystemTime(START + 2_000)
    const stale = () => send({ 'cache-control': 'max-stale' })
    const calls = await callsOf(async () => expect(await outcomeOf(stale())).toBe('stale'))
    expect(calls).toEqual(documented('stale, refreshed in the background'))
  })

  it('are right for a stale answer because LiteLLM fails', async () => {
    const { send, settled, callsOf, litellm } = await warm()
    await send({ 'x-cache-ttl': '1' })
    await settled()
    vi.setSystemTime(START + 2_000)
    litellm.answer = () => new Response('{"error":{}}', { status: 503 })
    const calls = await callsOf(async () => expect(await outcomeOf(send())).toBe('stale'))
    expect(calls).toEqual(documented('stale, because LiteLLM fails'))
  })

  it('are right for a request that bypasses the cache', async () => {
    const { send, callsOf } = await warm()
    const bypass = () => send({ 'cache-control': 'no-store' })
    const calls = await callsOf(async () => expect(await outcomeOf(bypass())).toBe('bypass'))
    expect(calls).toEqual(documented('bypass'))
  })

  const firstRequests = [
    ['key', 'the key is not known in the data centre'],
    ['team', 'the same, with `CACHE_SCOPE=team` or `user`'],
  ] as const
  for (const [scope, row] of firstRequests) {
    it(`are right for the first request of a key with CACHE_SCOPE=${scope}`, async () => {
      const { send, callsOf } = await warm({ env: { CACHE_SCOPE: scope } })
      const calls = await callsOf(() => send({ authorization: `Bearer sk-${scope}` }))
      const miss = documented('miss')
      expect(calls.map((count, at) => count - miss[at]!)).toEqual(documented(row))
    })
  }

  it('have a test for each row', () => {
    const tested = ['hit, memory', 'hit, Cache API', 'hit, Qdrant', 'miss', 'semantic hit']
    tested.push('miss that shares a call', 'miss, `COALESCE=off`', 'bypass')
    tested.push('stale, refreshed in the background', 'stale, because LiteLLM fails')
    tested.push(...firstRequests.map(([, row]) => row))
    expect(
      rows()
        .map(([outcome]) => outcome)
        .toSorted(),
    ).toEqual(tested.toSorted())
  })
})

const outcomeOf = async (answer: Promise<Response>) => (await answer).headers.get('x-cache')
const detailOf = async (answer: Promise<Response>) => cacheStatus(await answer).at(-1)?.['detail']
