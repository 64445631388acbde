import { describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { edge, settle } from '../support/coalescing.ts'
import { keyInfo, litellmError, modelList } from '../support/fake-litellm.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat } from '../support/gateway.ts'
import { NOW, ownedKeys } from '../support/owned-keys.ts'

const MINUTE_MS = 60_000

fixedClock(NOW, { warnings: false })

describe('CACHE_SCOPE=key, the default', () => {
  it("has a cache per key and never requests the key's owner", async () => {
    for (const scope of [undefined, 'key'] as const) {
      const { issue, outcome, tenants, litellm } = ownedKeys(scope)
      const [alice, bob] = [issue({ team_id: 'red' }), issue({ team_id: 'red' })]
      expect([await outcome(alice), await outcome(bob)]).toEqual(['miss', 'miss'])
      expect(tenants().sort()).toEqual([await sha256(alice), await sha256(bob)].sort())
      expect(litellm.looked).toEqual([])
    }
  })
})

describe('a slow request body', () => {
  /** Sends the first bytes, and the rest `ms` later. */
  async function slowly(ms: number) {
    const { issue, outcome, answerTo, at, owners } = ownedKeys('team')
    const [alice, eve] = [issue({ team_id: 'red' }), issue({ team_id: 'red' })]
    at(0)
    await outcome(alice)
    await outcome(eve)
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const headers = { authorization: `Bearer ${eve}` }
    const request = new Request('https://gateway/v1/chat/completions', {
      method: 'POST',
      body: readable,
      headers,
    })
    at(40_000)
    const answer = answerTo(request)
    const writer = writable.getWriter()
    const text = new TextEncoder().encode(JSON.stringify(chat()))
    await writer.write(text.subarray(0, 5))
    await settle()
    owners.set(eve, { team_id: 'blue' })
    at(40_000 + ms)
    await writer.write(text.subarray(5))
    await writer.close()
    return answer
  }

  it('bypasses the cache if its tenant is no longer certain when it ends', async () => {
    const inTime = await slowly(200_000)
    expect(inTime.headers.get('x-cache')).toBe('exact-hit')
    const late = await slowly(260_000)
    expect(late.headers.get('x-cache')).toBe('bypass')
    expect(edge(late)).toMatchObject({ detail: 'tenant unknown' })
  })

  it('gets a 408 after five minutes', async () => {
    const answer = await slowly(300_001)
    expect(answer.status).toBe(408)
    expect(await answer.json()).toMatchObject({ error: { code: 'request_timeout' } })
  })
})

describe('CACHE_SCOPE=team and CACHE_SCOPE=user', () => {
  it.each([
    ['team', { team_id: 'red', user_id: 'ann' }, { team_id: 'red', user_id: 'bob' }, 'team:red'],
    ['user', { team_id: 'red', user_id: 'ann' }, { team_id: 'blue', user_id: 'ann' }, 'user:ann'],
  ] as const)('share a cache between the keys of one %s', async (scope, one, other, tenant) => {
    const { issue, outcome, tenants, litellm } = ownedKeys(scope)
    const [first, second] = [issue(one), issue(other)]
    expect([await outcome(first), await outcome(second)]).toEqual(['miss', 'exact-hit'])
    expect(tenants()).toEqual([tenant])
    expect(litellm.looked).toEqual([first, second])
  })

  it.each([
    ['team', { team_id: 'red', user_id: 'ann' }, { team_id: 'blue', user_id: 'ann' }],
    ['user', { team_id: 'red', user_id: 'ann' }, { team_id: 'red', user_id: 'bob' }],
  ] as const)('separate the keys of another %s', async (scope, one, other) => {
    const { issue, outcome } = ownedKeys(scope)
    expect([await outcome(issue(one)), await outcome(issue(other))]).toEqual(['miss', 'miss'])
  })

  it.each([
    ['team', {}],
    ['team', { team_id: '' }],
    ['team', { team_id: undefined }],
    ['team', { team_id: 'litellm-dashboard' }],
    ['user', {}],
    ['user', { user_id: 'default_user_id' }],
  ] as const)(
    'with scope %s give a key without an owner (%j) its own cache',
    async (scope, owner) => {
      const { issue, outcome, tenants } = ownedKeys(scope)
      const [first, second] = [issue(owner), issue(owner)]
      expect([await outcome(first), await outcome(second)]).toEqual(['miss', 'miss'])
      expect(await outcome(first)).toBe('exact-hit')
      expect(tenants().sort()).toEqual([await sha256(first), await sha256(second)].sort())
    },
  )

  it('give a JWT its own cache without a /key/info call', async () => {
    const { outcome, tenants, litellm } = ownedKeys('team')
    litellm.keyInfo = () => keyInfo({ team_id: 'red' })
    const jwt = `eyJhbGciOiJSUzI1NiJ9.${crypto.randomUUID()}.c2lnbmF0dXJl_-`
    expect([await outcome(jwt), await outcome(jwt)]).toEqual(['miss', 'exact-hit'])
    expect(tenants()).toEqual([await sha256(jwt)])
    expect(litellm.looked).toEqual([])
  })

  it('cost one /key/info call per key and minute', async () => {
    const { issue, outcome, litellm, at } = ownedKeys('team')
    const key = issue({ team_id: 'red' })
    for (const ms of [0, 1, 44_999]) {
      at(ms)
      await outcome(key)
    }
    expect(litellm.looked).toHaveLength(1)
    // From 45 s on it is renewed in the background.
    at(45_000)
    expect(await outcome(key)).toBe('exact-hit')
    expect(litellm.looked).toHaveLength(2)
    at(104_999)
    await outcome(key)
    expect(litellm.looked).toHaveLength(3)
  })

  it('make no /key/info call for a key that LiteLLM refuses', async () => {
    const { issue, outcome, litellm } = ownedKeys('team')
    litellm.models = () => litellmError(401, 'auth_error')
    expect(await outcome(issue({ team_id: 'red' }))).toBe('401')
    expect(litellm.looked).toEqual([])
  })
})

const failures: [name: string, answer: () => Response | Promise<Response>][] = [
  ['500 (no database)', () => litellmError(500, 'internal_server_error')],
  ['404', () => litellmError(404, 'not_found_error')],
  ['403 (key limited to some routes)', () => litellmError(403, 'auth_error')],
  ['401', () => litellmError(401, 'token_not_found_in_db')],
  ['429', () => litellmError(429, 'rate_limit')],
  ['201', () => Response.json({ info: { team_id: 'red' } }, { status: 201 })],
  ['a redirect', () => new Response(null, { status: 302, headers: { location: '/login' } })],
  ['time-out', () => new Promise<never>(() => {})],
  ['no connection', () => Promise.reject(new Error('Network connection lost.'))],
  ['an HTML page', () => new Response('<html>sign in</html>')],
  ['an error with status 200', () => Response.json({ error: { message: 'no' } })],
  ['an id that is not text', () => keyInfo({ team_id: 7 })],
  ['an id with a lone surrogate', () => keyInfo({ team_id: 'red\uD800' })],
]

describe('an unknown owner of a key', () => {
  it.each(failures)(
    'sends requests past the cache with detail="tenant unknown": %s',
    async (_, answer) => {
      const { issue, ask, litellm, qdrant } = ownedKeys('team')
      litellm.keyInfo = answer
      const key = issue()
      for (let n = 0; n < 2; n += 1) {
        const answered = await ask(key)
        expect([answered.status, answered.headers.get('x-cache')]).toEqual([200, 'bypass'])
        expect(edge(answered)).toMatchObject({ fwd: 'bypass', detail: 'tenant unknown' })
      }
      expect(litellm.asked).toHaveLength(2)
      expect(litellm.asked[1]!.body['cache']).toEqual({ 'no-cache': true, 'no-store': true })
      expect(qdrant.points.size).toBe(0)
    },
  )

  it.each(failures)(
    'leaves the last known tenant valid for five minutes: %s',
    async (_, answer) => {
      const { issue, outcome, litellm, at } = ownedKeys('team')
      const key = issue({ team_id: 'red' })
      await outcome(key)
      litellm.keyInfo = answer
      at(5 * MINUTE_MS - 1)
      expect(await outcome(key)).toBe('exact-hit')
      at(5 * MINUTE_MS)
      expect(await outcome(key)).toBe('bypass')
    },
  )

  it('is requested again every 5 s, and at once for another key', async () => {
    const { issue, outcome, litellm, at } = ownedKeys('team')
    litellm.keyInfo = () => litellmError(500, 'internal_server_error')
    const key = issue()
    for (let n = 0; n < 3; n += 1) await outcome(key)
    expect(litellm.looked).toEqual([key])
    litellm.keyInfo = () => keyInfo({ team_id: 'red' })
    expect(await outcome(issue())).toBe('miss')
    at(4_999)
    expect(await outcome(key)).toBe('bypass')
    at(5_000)
    expect(await outcome(key)).toBe('exact-hit')
  })

  it('is logged once until an owner is known again, without the key', async () => {
    const { issue, outcome, litellm } = ownedKeys('team')
    const said: string[] = []
    vi.spyOn(console, 'warn').mockImplementation((line: string) => void said.push(line))
    const answers = [litellmError(500, 'db_error'), litellmError(404, 'no'), keyInfo({})]
    const keys: string[] = []
    for (const answer of [...answers, litellmError(403, 'auth_error')]) {
      litellm.keyInfo = () => answer
      keys.push(issue())
      await outcome(keys.at(-1)!)
    }
    expect(said.filter((line) => line.includes('owner of a key not known'))).toEqual([
      expect.stringContaining('status 500'),
      expect.stringContaining('status 403'),
    ])
    for (const key of keys) expect(said.join()).not.toContain(key)
  })

  it('never changes the tenant, however often LiteLLM fails and recovers', async () => {
    const { issue, outcome, tenants, litellm, owners, at } = ownedKeys('team')
    const key = issue({ team_id: 'red' })
    const seen = new Set<string>()
    for (let n = 0; n < 24; n += 1) {
      at(n * MINUTE_MS)
      const fails = n % 8 > 0
      litellm.keyInfo = (asked) =>
        fails ? litellmError(500, 'db_error') : keyInfo(owners.get(asked) ?? {})
      seen.add(await outcome(key, { seed: n }))
    }
    expect([...seen].sort()).toEqual(['bypass', 'miss'])
    expect(new Set(tenants())).toEqual(new Set(['team:red']))
  })
})

describe('the remembered owner of a key', () => {
  it('is shared by the isolates of a data centre, with the same expiry', async () => {
    const first = ownedKeys('team')
    const key = first.issue({ team_id: 'red' })
    await first.outcome(key)
    const second = ownedKeys('team', { hosts: { litellm: first.litellm, qdrant: first.qdrant } })
    await second.outcome(key, { seed: 1 })
    expect(first.litellm.looked).toEqual([key])
    first.litellm.keyInfo = () => litellmError(500, 'db_error')
    first.at(5 * MINUTE_MS)
    const third = ownedKeys('team', { hosts: { litellm: first.litellm, qdrant: first.qdrant } })
    expect(await third.outcome(key)).toBe('bypass')
  })

  it('counts only for the same LiteLLM and the same scope', async () => {
    const first = ownedKeys('team')
    const key = first.issue({ team_id: 'red', user_id: 'ann' })
    await first.outcome(key)
    const other = ownedKeys('team', {
      env: { LITELLM_URL: 'http://other' },
      hosts: { other: first.litellm },
    })
    await other.outcome(key)
    const byUser = ownedKeys('user', { hosts: { litellm: first.litellm } })
    await byUser.outcome(key)
    expect(first.litellm.looked).toEqual([key, key, key])
    expect([first.tenants(), other.tenants(), byUser.tenants()]).toEqual([
      ['team:red'],
      ['team:red'],
      ['user:ann'],
    ])
  })
})

describe('RATE_LIMIT_CLASS', () => {
  it.each([
    [undefined, 'RATE_LIMIT_STANDARD'],
    ['standard', 'RATE_LIMIT_STANDARD'],
    ['high', 'RATE_LIMIT_HIGH'],
  ])('%s counts each LiteLLM key with the binding %s', async (limitClass, binding) => {
    const counted: Record<string, string[]> = { RATE_LIMIT_STANDARD: [], RATE_LIMIT_HIGH: [] }
    const limiter = (name: string) => ({
      limit: async ({ key }: { key: string }) => ({ success: counted[name]!.push(key) > 0 }),
    })
    const { issue, outcome } = ownedKeys('team', {
      env: {
        ...(limitClass === undefined ? {} : { RATE_LIMIT_CLASS: limitClass }),
        RATE_LIMIT_STANDARD: limiter('RATE_LIMIT_STANDARD'),
        RATE_LIMIT_HIGH: limiter('RATE_LIMIT_HIGH'),
      },
    })
    const [alice, bob] = [issue({ team_id: 'red' }), issue({ team_id: 'red' })]
    await outcome(alice)
    await outcome(bob)
    const names = [await sha256(alice), await sha256(bob)]
    expect(counted).toEqual({ RATE_LIMIT_STANDARD: [], RATE_LIMIT_HIGH: [], [binding]: names })
  })
})

describe("a key's models in a shared cache", () => {
  it("limit its hits: a colleague's answer from another model is bypassed", async () => {
    const { issue, ask, outcome, litellm } = ownedKeys('team')
    const [alice, bob] = [issue({ team_id: 'red' }), issue({ team_id: 'red' })]
    litellm.models = (key) => modelList(key === alice ? ['*'] : ['tiny'])
    await outcome(alice)
    expect(await outcome(alice)).toBe('exact-hit')
    const his = await ask(bob)
    expect(edge(his)).toMatchObject({ fwd: 'bypass', detail: "not among the key's models" })
  })
})
