import { describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { embed } from '../support/embedding-model.ts'
import { edge, settle } from '../support/coalescing.ts'
import {
  chunks,
  completion,
  eventStream,
  keyInfo,
  litellmError,
  modelList,
} from '../support/fake-litellm.ts'
import type { Asked } from '../support/fake-litellm.ts'
import { FakeQdrant } from '../support/fake-qdrant.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat, gateway, WITHOUT_KEYS } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'
import { NOW, ownedKeys } from '../support/owned-keys.ts'

const MINUTE_MS = 60_000
/** Some time after the first answer expired. */
const EXPIRED_MS = 1_842_000
const RED = { team_id: 'red' }

fixedClock(NOW, { warnings: false })

const keyOf = ({ headers }: Asked) => headers.get('authorization')?.replace('Bearer ', '')

/** Two keys of one team. LiteLLM sends Alice only this refusal, once the test releases it. */
function colleagues(refusal: () => Response, options: GatewayOptions = {}) {
  const made = ownedKeys('team', options)
  const [alice, bob] = [made.issue(RED), made.issue(RED)]
  const released = Promise.withResolvers<void>()
  const refuse = () => {
    made.litellm.answer = async (asked) => {
      if (keyOf(asked) !== alice) {
        return asked.body['stream'] === true ? eventStream(chunks()) : completion({ id: 'his' })
      }
      await released.promise
      return refusal()
    }
  }
  /** Alice asks first, Bob while she waits. */
  const together = async (over: Record<string, unknown> = {}) => {
    refuse()
    const before = made.litellm.asked.length
    const hers = made.sendAs(alice, over)
    await vi.waitFor(() => expect(made.litellm.asked).toHaveLength(before + 1))
    const his = made.sendAs(bob, over)
    await settle()
    expect(made.litellm.asked).toHaveLength(before + 1)
    released.resolve()
    return { hers: await hers, his: await his }
  }
  return { ...made, alice, bob, refuse, release: () => released.resolve(), together }
}

const refusals: [name: string, answer: () => Response][] = [
  ['400', () => litellmError(400, 'invalid_request_error')],
  ['401', () => litellmError(401, 'token_not_found_in_db')],
  ['403', () => litellmError(403, 'key_model_access_denied')],
  ['404', () => litellmError(404, 'not_found_error')],
  ['422', () => litellmError(422, 'unprocessable')],
  ['429', () => litellmError(429, 'rate_limit')],
  ['429 budget_exceeded', () => litellmError(429, 'budget_exceeded')],
]

describe('a refusal for one key of a team', () => {
  it.each(refusals)(
    'never reaches a colleague who waits for the same answer: %s',
    async (_, answer) => {
      for (const over of [{}, { stream: true }]) {
        const { together, bob, litellm } = colleagues(answer)
        const { hers, his } = await together(over)
        expect(await his.text()).not.toContain('error')
        expect([hers.status, his.status]).toEqual([answer().status, 200])
        expect(his.headers.get('x-cache')).toBe('miss')
        expect(edge(his)).not.toHaveProperty('collapsed')
        expect(litellm.asked.map(keyOf)).toEqual([expect.any(String), bob])
      }
    },
  )

  it.each(refusals)('never makes a colleague get a stale answer: %s', async (_, answer) => {
    const { together, outcome, bob, at } = colleagues(answer)
    await outcome(bob)
    at(EXPIRED_MS)
    const { hers, his } = await together()
    expect(await his.json()).toMatchObject({ id: 'his' })
    expect(edge(his)).toMatchObject({ fwd: 'stale', 'fwd-status': 200 })
    expect(edge(his)).not.toHaveProperty('ttl')
    // A rate limit is the only refusal that allows a stale answer, and only for the key it hit.
    const isTransient = answer().status === 429 && !_.includes('budget')
    expect(hers.status).toBe(isTransient ? 200 : answer().status)
  })

  it('does not stop colleagues from sharing a call', async () => {
    const made = colleagues(() => litellmError(429, 'budget_exceeded'))
    const { refuse, release, outcome, alice, bob, issue, litellm } = made
    const carol = issue(RED)
    refuse()
    release()
    expect(await outcome(alice)).toBe('miss')
    const before = litellm.asked.length
    const answers = await Promise.all([bob, carol, bob, carol].map((key) => made.sendAs(key)))
    expect(answers.map((one) => one.headers.get('x-cache'))).toEqual(Array(4).fill('miss'))
    expect(litellm.asked).toHaveLength(before + 1)
  })

  it("does not stop a colleague's answers from being stored and hit", async () => {
    const { refuse, release, outcome, alice, bob } = colleagues(() => litellmError(403, 'denied'))
    refuse()
    release()
    for (let n = 0; n < 3; n += 1) {
      expect(await outcome(alice, { seed: n })).toBe('miss')
      expect(await outcome(bob, { seed: n })).toBe('miss')
      expect(await outcome(bob, { seed: n })).toBe('exact-hit')
    }
  })

  it("does not stop a colleague's background refresh", async () => {
    const env = { CACHE_STALE_WHILE_REVALIDATE_SECONDS: '60' }
    const made = colleagues(() => litellmError(401, 'token_not_found_in_db'), { env })
    const { refuse, release, outcome, alice, bob, litellm, qdrant, at } = made
    await outcome(bob)
    refuse()
    release()
    at(1_801_000)
    expect(await outcome(alice)).toBe('stale')
    expect(await outcome(alice)).toBe('stale')
    // Her refresh is not retried for 10 s.
    expect(litellm.asked.map(keyOf)).toEqual([bob, alice])
    expect(await outcome(bob)).toBe('stale')
    expect(litellm.asked.map(keyOf)).toEqual([bob, alice, bob])
    expect([...qdrant.points.values()][0]).toMatchObject({ stored_at: NOW + 1_801_000 })
  })
})

describe('a key that leaves its team', () => {
  it("gets no hit on the team's answers after a minute", async () => {
    const { issue, outcome, owners, at } = ownedKeys('team')
    const [alice, bob] = [issue(RED), issue(RED)]
    await outcome(alice)
    expect(await outcome(bob)).toBe('exact-hit')
    owners.set(bob, { team_id: 'blue' })
    at(MINUTE_MS)
    expect(await outcome(bob)).toBe('miss')
    expect(await outcome(alice)).toBe('exact-hit')
  })

  it("gets no hit on the team's answers after five minutes, even if LiteLLM fails meanwhile", async () => {
    const { issue, outcome, litellm, at } = ownedKeys('team')
    const [alice, bob] = [issue(RED), issue(RED)]
    await outcome(alice)
    await outcome(bob)
    litellm.keyInfo = (key) => (key === bob ? litellmError(500, 'db_error') : keyInfo(RED))
    for (let ms = 0; ms <= 12 * MINUTE_MS; ms += 10_000) {
      at(ms)
      const isOver = ms >= 5 * MINUTE_MS
      expect([ms, await outcome(bob)]).toEqual([ms, isOver ? 'bypass' : 'exact-hit'])
    }
    expect(await outcome(alice)).toBe('exact-hit')
  })

  it.each([
    [1, 'stale'],
    [6, '503'],
  ])('gets a stale batch only while its team is known: %i minutes later', async (minutes, seen) => {
    const { issue, post, settled, litellm, at } = ownedKeys('team', { answer: embed })
    const headers = { authorization: `Bearer ${issue(RED)}`, 'x-cache-ttl': '60' }
    const send = () => post('/v1/embeddings', { model: 'embed', input: ['a', 'b'] }, headers)
    await send()
    await settled()
    at(2 * MINUTE_MS)
    litellm.answer = () => {
      at((2 + minutes) * MINUTE_MS)
      return litellmError(503, 'unavailable')
    }
    const answer = await send()
    expect(answer.status === 200 ? answer.headers.get('x-cache') : `${answer.status}`).toBe(seen)
  })

  it('joins no upstream call of the team', async () => {
    const { issue, outcome, sendAs, owners, litellm, at } = ownedKeys('team')
    const [alice, bob] = [issue(RED), issue(RED)]
    for (const key of [alice, bob]) await outcome(key)
    owners.set(bob, { team_id: 'blue' })
    at(MINUTE_MS)
    const both = await Promise.all([sendAs(alice, { seed: 1 }), sendAs(bob, { seed: 1 })])
    for (const answer of both) expect(edge(answer)).not.toHaveProperty('collapsed')
    expect(litellm.asked).toHaveLength(3)
  })
})

describe('a key that LiteLLM refuses', () => {
  it('gets a 401 and no hit, even while its team is remembered', async () => {
    const { issue, outcome, litellm, at } = ownedKeys('team')
    const [alice, bob] = [issue(RED), issue(RED)]
    for (const key of [alice, bob]) await outcome(key)
    litellm.models = (key) => (key === bob ? litellmError(401, 'auth_error') : modelList(['*']))
    litellm.keyInfo = () => litellmError(500, 'db_error')
    at(MINUTE_MS)
    expect([await outcome(bob), await outcome(alice)]).toEqual(['401', 'exact-hit'])
  })
})

describe('two tenants', () => {
  it('never share an upstream call', async () => {
    const { issue, sendAs, litellm } = ownedKeys('team')
    const keys = ['red', 'blue', 'red', 'blue'].map((team_id) => issue({ team_id }))
    const answers = await Promise.all(keys.map((key) => sendAs(key)))
    const [a, b, c, d] = await Promise.all(answers.map((answer) => answer.text()))
    expect(litellm.asked).toHaveLength(2)
    expect([a, b]).toEqual([c, d])
    expect(a).not.toBe(b)
  })

  it('never share an answer, whatever their ids', async () => {
    const qdrant = new FakeQdrant()
    const QDRANT_COLLECTION = `tenants-${crypto.randomUUID()}`
    const env = { QDRANT_COLLECTION }
    const victim = `sk-${crypto.randomUUID()}`
    const digest = await sha256(victim)
    const teams = ownedKeys('team', { env, hosts: { qdrant } })
    const seen: string[] = []
    // Unicode variants, and names that other modes give their tenants.
    const names = [
      'red',
      'RED',
      ' red',
      'r\u00E9d',
      're\u0301d',
      'ｒｅｄ',
      'team:red',
      'user:red',
      '[red',
    ]
    names.push('public', 'acme', digest, `team:${digest}`, '["acme","ann"]', 'null', 'undefined')
    for (const team_id of names) seen.push(await teams.outcome(teams.issue({ team_id })))
    const users = ownedKeys('user', { env, hosts: { qdrant } })
    for (const user_id of names) seen.push(await users.outcome(users.issue({ user_id })))
    const keys = ownedKeys('key', { env, hosts: { qdrant } })
    seen.push(await keys.outcome(victim))
    const own = [
      { sha256: await sha256('one'), tenant: 'acme' },
      { sha256: await sha256('two'), tenant: 'acme', scope: 'user' },
      { sha256: await sha256('three'), tenant: 'red' },
    ]
    const AUTH_MODE = 'keys'
    const GATEWAY_KEYS = JSON.stringify(own)
    const named = gateway({ env: { ...env, AUTH_MODE, GATEWAY_KEYS }, hosts: { qdrant } })
    for (const key of ['one', 'two', 'three']) {
      const answer = await named.post('/v1/chat/completions', chat({ user: 'ann' }), {
        'x-api-key': key,
      })
      await named.settled()
      seen.push(answer.headers.get('x-cache') ?? '')
    }
    const everybody = gateway({ env: { ...env, ...WITHOUT_KEYS }, hosts: { qdrant } })
    seen.push((await everybody.post('/v1/chat/completions', chat())).headers.get('x-cache') ?? '')
    await everybody.settled()
    expect(seen).toEqual(seen.map(() => 'miss'))
    expect(qdrant.points.size).toBe(seen.length)
  })
})

describe('semantic hits within a team', () => {
  const UNVERIFIED = { SEMANTIC_VERIFY: 'off' }
  const namespaceOf = ({ body }: Asked) => (body['cache'] as { namespace: string }).namespace
  const semanticHit = (asked: Asked) =>
    completion(
      { id: 'matched' },
      {
        'x-litellm-cache-key': `${namespaceOf(asked)}:abc`,
        'x-litellm-semantic-similarity': '0.93',
      },
    )
  const reworded = { messages: [{ role: 'user', content: 'What makes the sky blue?' }] }

  it("are per key: a reworded request misses on a colleague's answer", async () => {
    const { issue, outcome, litellm } = ownedKeys('team')
    const [alice, bob] = [issue(RED), issue(RED)]
    expect(await outcome(alice)).toBe('miss')
    expect(await outcome(bob)).toBe('exact-hit')
    expect(await outcome(bob, reworded)).toBe('miss')
    expect(litellm.asked.map(keyOf)).toEqual([alice, bob])
  })

  it('reach a colleague who sends the same text, once stored or while both requests wait', async () => {
    const { issue, ask, sendAs, litellm } = ownedKeys('team', { env: UNVERIFIED })
    const [alice, bob] = [issue(RED), issue(RED)]
    litellm.answer = semanticHit
    expect((await ask(alice)).headers.get('x-cache')).toBe('semantic-hit')
    const his = await ask(bob)
    expect(his.headers.get('x-cache')).toBe('exact-hit')
    expect(edge(his)['detail']).toContain('semantic 0.93')
    const both = await Promise.all([sendAs(alice, { top_p: 0.5 }), sendAs(bob, { top_p: 0.5 })])
    expect(both.map((answer) => answer.headers.get('x-cache'))).toEqual([
      'semantic-hit',
      'semantic-hit',
    ])
    expect(litellm.asked).toHaveLength(2)
  })

  it('count against SEMANTIC_JUDGE_RATE per key', async () => {
    const { issue, ask, litellm } = ownedKeys('team', { env: { SEMANTIC_JUDGE_RATE: '1' } })
    const [alice, bob] = [issue(RED), issue(RED)]
    litellm.answer = () => completion({ id: 'matched' })
    await ask(alice)
    litellm.answer = (asked) => {
      const isFresh = (asked.body['cache'] as Record<string, unknown>)['no-cache'] === true
      return isFresh ? completion() : semanticHit(asked)
    }
    const inOtherWords = async (key: string, content: string) => {
      const answer = await ask(key, { messages: [{ role: 'user', content }] })
      return answer.headers.get('x-cache')
    }
    expect(await inOtherWords(alice, 'What makes the sky blue?')).toBe('semantic-hit')
    expect(await inOtherWords(alice, 'The sky is blue, but why?')).toBe('miss')
    expect(await inOtherWords(bob, 'Blue is the sky. Why so?')).toBe('semantic-hit')
    expect(litellm.judged).toHaveLength(2)
  })
})
