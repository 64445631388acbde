import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { recentRequestsClient } from '../../src/explain/client.ts'
import type { RecentRequestsNamespace } from '../../src/explain/client.ts'
import { digestsOf } from '../../src/explain/digests.ts'
import { fingerprintOf, LONGEST_FINGERPRINT } from '../../src/explain/fingerprint.ts'
import type { RecentRequest } from '../../src/explain/recent-request.ts'
import { KEPT_MS, MOST_REQUESTS } from '../../src/explain/recent-requests.ts'
import { explaining } from '../support/explaining.ts'
import { chat } from '../support/gateway.ts'
import { ownedKeys } from '../support/owned-keys.ts'

/** In the far future, so that no alarm goes off by itself. */
const NOW = Date.UTC(2090, 4, 15, 12, 34, 56)
const CHAT = '/v1/chat/completions'
const SECRET = 'Xylophones-are-purple'

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** A recorded request that differs from others in its number. */
async function numbered(number: number, over: Partial<RecentRequest> = {}): Promise<RecentRequest> {
  const body = { n: number }
  const identity = { tenant: 'acme', path: CHAT, namespace: '' }
  return {
    requestId: `req-${number}`,
    key: `key-${number}`,
    api: CHAT,
    model: 'small',
    kept: { expiresAt: NOW + KEPT_MS },
    fingerprint: await fingerprintOf({ ...identity, body }, await digestsOf('acme')),
    ...over,
  }
}

/** The real object of a new tenant, with a client. */
async function tenant() {
  const name = `tenant ${crypto.randomUUID()}`
  const stub = env.RECENT_REQUESTS.getByName(await sha256(name))
  const namespace = env.RECENT_REQUESTS as unknown as RecentRequestsNamespace
  const client = recentRequestsClient({ namespace, timeoutMs: 60_000, now: () => Date.now() })
  const nearest = async (number: number) => {
    const { requestId: _, kept: _kept, ...compared } = await numbered(number)
    return client.nearest(name, compared)
  }
  return {
    name,
    stub,
    client,
    nearest,
    record: async (...given: Parameters<typeof numbered>) =>
      client.record(name, await numbered(...given)),
    rows: () =>
      runInDurableObject(stub, (_, { storage }) =>
        storage.sql.exec('SELECT * FROM requests ORDER BY at').toArray(),
      ),
    alarmAt: () => runInDurableObject(stub, (_, { storage }) => storage.getAlarm()),
  }
}

describe('the object of recent requests', () => {
  it('keeps the newest 200 requests, an identical one once', async () => {
    const { record, nearest, rows } = await tenant()
    for (let number = 0; number < MOST_REQUESTS + 5; number += 1) {
      vi.setSystemTime(NOW + number)
      await record(number)
    }
    expect(await rows()).toHaveLength(MOST_REQUESTS)
    expect(await nearest(4)).toMatchObject({ requestId: `req-${MOST_REQUESTS + 4}` })
    expect(await nearest(5)).toMatchObject({ requestId: 'req-5', differences: [] })
    await record(5, { requestId: 'again' })
    expect(await rows()).toHaveLength(MOST_REQUESTS)
    expect(await nearest(5)).toMatchObject({ requestId: 'again', differences: [] })
  })

  it('keeps them when it is evicted', async () => {
    const { record, nearest, stub, alarmAt } = await tenant()
    await record(1)
    await evictDurableObject(stub)
    expect(await nearest(1)).toMatchObject({ requestId: 'req-1', differences: [] })
    await record(2)
    expect(await alarmAt()).toBe(NOW + KEPT_MS)
  })

  it('deletes each an hour later by its alarm, and then has no storage at all', async () => {
    const { record, rows, stub, alarmAt, nearest } = await tenant()
    await record(1)
    vi.setSystemTime(NOW + 60_000)
    await record(2)
    expect(await alarmAt()).toBe(NOW + KEPT_MS)
    vi.setSystemTime(NOW + KEPT_MS)
    await runDurableObjectAlarm(stub)
    expect(await rows()).toMatchObject([{ key: 'key-2' }])
    expect(await alarmAt()).toBe(NOW + 60_000 + KEPT_MS)
    vi.setSystemTime(NOW + 60_000 + KEPT_MS)
    await runDurableObjectAlarm(stub)
    const tables = () =>
      runInDurableObject(stub, (_, { storage }) =>
        storage.sql.exec(`SELECT name FROM sqlite_master WHERE name = 'requests'`).toArray(),
      )
    expect(await tables()).toEqual([])
    expect(await alarmAt()).toBeNull()
    expect(await nearest(2)).toBeUndefined()
    expect(await tables(), 'reading stores nothing').toEqual([])
    await record(3)
    expect(await nearest(3)).toMatchObject({ requestId: 'req-3' })
    expect(await alarmAt()).not.toBeNull()
  })

  it('leaves out what is too old if the alarm is late', async () => {
    const { record, nearest } = await tenant()
    await record(1)
    vi.setSystemTime(NOW + KEPT_MS)
    expect(await nearest(1)).toBeUndefined()
  })

  it('forgets a tenant at once, and nobody else', async () => {
    const [one, other] = [await tenant(), await tenant()]
    await one.record(1)
    await other.record(1)
    expect(await one.client.forget(one.name)).toBe(1)
    expect(await one.client.forget(one.name)).toBe(0)
    expect(await one.nearest(1)).toBeUndefined()
    expect(await one.alarmAt()).toBeNull()
    expect(await other.nearest(1)).toMatchObject({ requestId: 'req-1' })
    await one.record(2)
    expect(await one.nearest(1)).toMatchObject({ requestId: 'req-2' })
  })

  it('refuses what does not parse, or is too long, and goes on', async () => {
    const { stub, rows, record } = await tenant()
    await record(1)
    const good = await numbered(2)
    const items = Array.from({ length: LONGEST_FINGERPRINT / 10 }, () => ({ value: 1 }))
    const bad: unknown[] = [
      null,
      'text',
      { ...good, requestId: 'x'.repeat(129) },
      { ...good, key: undefined },
      { ...good, kept: { expiresAt: 'soon' } },
      { ...good, text: SECRET },
      { ...good, fingerprint: { ...good.fingerprint, body: { value: SECRET } } },
      { ...good, fingerprint: { ...good.fingerprint, body: { digest: SECRET } } },
      {
        ...good,
        fingerprint: {
          ...good.fingerprint,
          body: { digest: 'x'.repeat(8), items },
        },
      },
    ]
    for (const request of bad) {
      await expect(
        runInDurableObject(stub, (object) => object.record(request as RecentRequest)),
      ).rejects.toThrow('recent request refused')
    }
    await expect(runInDurableObject(stub, (object) => object.nearest(good))).rejects.toThrow(
      'request refused',
    )
    expect(await rows()).toHaveLength(1)
  })

  it('stays in the jurisdiction of the ledger', async () => {
    const jurisdictions: string[] = []
    const namespace: RecentRequestsNamespace = {
      getByName: () => {
        throw new Error('outside of the jurisdiction')
      },
      jurisdiction: (name) => {
        jurisdictions.push(name)
        return env.RECENT_REQUESTS as unknown as RecentRequestsNamespace
      },
    }
    const { why } = explaining({ env: { RECENT_REQUESTS: namespace, LEDGER_JURISDICTION: 'eu' } })
    await why(chat())
    expect(await why(chat({ n: 2 }))).toMatch(/^differs from request /)
    expect(jurisdictions).toEqual(['eu'])
  })
})

describe('what is recorded', () => {
  it('has no text of the request or the answer, nor the name of its tenant', async () => {
    const key = `sk-${crypto.randomUUID()}`
    const names: string[] = []
    const namespace: RecentRequestsNamespace = {
      getByName: (name) => {
        names.push(name)
        return env.RECENT_REQUESTS.getByName(name)
      },
      jurisdiction: () => namespace,
    }
    const { why } = explaining({ key, env: { RECENT_REQUESTS: namespace } })
    const body = chat({
      messages: [{ role: 'user', content: SECRET }],
      user: SECRET,
      stop: [SECRET],
      [`${SECRET}?`]: SECRET,
      metadata: { tags: [SECRET] },
    })
    await why(body, { 'x-cache-namespace': SECRET, 'x-cache-tags': SECRET })
    const owner = await sha256(key)
    expect(new Set(names)).toEqual(new Set([await sha256(owner)]))
    const stub = env.RECENT_REQUESTS.getByName(names[0]!)
    const rows = await runInDurableObject(stub, (_, { storage }) =>
      JSON.stringify(storage.sql.exec('SELECT * FROM requests').toArray()),
    )
    expect(rows).toContain('small')
    for (const secret of [SECRET, 'Xylo', 'purple', key, owner]) expect(rows).not.toContain(secret)
  })
})

describe("another tenant's requests", () => {
  const NONE = 'no recent request to this model'
  const EXACT = { 'x-cache-semantic': 'off' }
  const question = (content: string, over = {}) =>
    chat({ messages: [{ role: 'user', content }], ...over })

  it('never appear for another LiteLLM key, however equal', async () => {
    const { why } = explaining()
    const as = (key: string) => ({ authorization: `Bearer ${key}` })
    await why(chat(), as('sk-alice'))
    expect(await why(chat(), as('sk-bob'))).toBe(NONE)
    await why(question('Red?'), as('sk-alice'))
    expect(await why(question('Blue?'), as('sk-eve'))).toBe(NONE)
    expect(await why(question('Blue?'), as('sk-alice'))).toMatch(/^differs from request /)
    const only = { ...as('sk-mallory'), 'cache-control': 'only-if-cached' }
    expect(await why(question('Red?'), only)).toBe(NONE)
  })

  it('never appear for another end user of one key, and appear for the same', async () => {
    const key = 'sk-users'
    const entry = { sha256: await sha256(key), tenant: `t ${crypto.randomUUID()}`, scope: 'user' }
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify([entry]) }
    const { why } = explaining({ env, key })
    await why(question('Red?', { user: 'alice' }))
    expect(await why(question('Red?', { user: 'bob' }))).toBe(NONE)
    expect(await why(question('Blue?', { user: 'eve' }))).toBe(NONE)
    expect(await why(question('Blue?', { user: 'alice' }))).toMatch(/: messages\[0\].content$/)
    expect(await why(question('Blue?'))).toBe('not cached: no user whose answer it would be')
  })

  it('appear for the colleagues of a team, and for no one else', async () => {
    const made = ownedKeys('team', { env: { RECENT_REQUESTS: env.RECENT_REQUESTS } })
    const team = crypto.randomUUID()
    const [alice, bob] = [made.issue({ team_id: team }), made.issue({ team_id: team })]
    const eve = made.issue({ team_id: crypto.randomUUID() })
    const why = async (key: string, content: string) => {
      const headers = { authorization: `Bearer ${key}`, 'x-cache-explain': '1', ...EXACT }
      const answer = await made.post(CHAT, question(content), headers)
      await made.settled()
      return answer.headers.get('x-cache-explanation')
    }
    await why(alice, 'Red?')
    expect(await why(bob, 'Blue?')).toMatch(/^differs from request /)
    expect(await why(eve, 'Blue?')).toBe(`${NONE}; semantic: off`)
  })
})
