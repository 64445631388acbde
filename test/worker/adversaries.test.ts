import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { STEERING, STEERING_METADATA } from '../../src/apis/checks.ts'
import { attackers, attacksOn, LEAKED_SCOPE, questions, victims } from '../support/attacks.ts'
import type { Attack } from '../support/attacks.ts'
import {
  chunks,
  completion,
  eventStream,
  keyInfo,
  litellmError,
  modelList,
} from '../support/fake-litellm.ts'
import type { Answer, Asked } from '../support/fake-litellm.ts'
import { FakeQdrant } from '../support/fake-qdrant.ts'
import { settle } from '../support/coalescing.ts'
import { gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const SECRET = 'the launch code is 0000'
const NOTHING = 'nothing to see'

const said: string[] = []
beforeEach(() => {
  said.length = 0
  // Otherwise a semantic namespace may end in the middle of a test.
  vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
  vi.spyOn(console, 'warn').mockImplementation((line: string) => void said.push(line))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const settingOf = async ({ key, ...caller }: { key: string; tenant: string; scope?: string }) => ({
  sha256: await sha256(key),
  ...caller,
})

/** Whether LiteLLM was sent a member or header that could steer it. */
const isBreach = ({ body, headers }: Asked): boolean => {
  const places = [body, body['extra_body'] ?? {}] as object[]
  const steered = places.some((place) => STEERING.some((name) => Object.hasOwn(place, name)))
  const labels = places.flatMap((place) => [
    (place as Record<string, unknown>)['metadata'],
    (place as Record<string, unknown>)['litellm_metadata'],
  ])
  const steeredInside = labels.some(
    (label) =>
      typeof label === 'string' ||
      STEERING_METADATA.some((name) => Object.hasOwn(label ?? {}, name)),
  )
  const isStrange = [...headers.keys()].some((name) => !KNOWN_HEADERS.has(name))
  return steered || steeredInside || isStrange
}
const KNOWN_HEADERS = new Set([
  'accept',
  'anthropic-beta',
  'anthropic-version',
  'authorization',
  'content-type',
  'openai-beta',
  'x-litellm-call-id',
])

/**
 * LiteLLM as an attacker would like it: every request in a namespace matches, whatever its text, and
 * body members that name a cache key are obeyed. Its judge finds all questions the same.
 */
function gullible() {
  const kept = new Map<string, { readonly content: string; readonly id: string }>()
  const state = {
    content: NOTHING,
    breaches: [] as string[],
    held: undefined as Promise<void> | undefined,
  }
  const answer: Answer = async (asked: Asked) => {
    const { body, text, headers } = asked
    if (isBreach(asked)) state.breaches.push(text)
    const cache = (body['cache'] ?? {}) as Record<string, unknown>
    const steered = [body, body['extra_body'], body['litellm_params']]
      .map((place) => (place as Record<string, unknown> | undefined)?.['cache_key'])
      .find((key) => key !== undefined)
    const name = String(steered ?? cache['namespace'] ?? '')
    const found = cache['no-cache'] === true ? undefined : kept.get(name)
    const { content, id } = found ?? { content: state.content, id: crypto.randomUUID() }
    if (found === undefined && cache['no-store'] !== true) kept.set(name, { content, id })
    const hit: Record<string, string> =
      found === undefined ? {} : { 'x-litellm-cache-key': `${name}:0` }
    const { held } = state
    state.held = undefined
    await held
    const key = headers.get('authorization')?.replace('Bearer ', '') ?? ''
    if (key !== 'sk-upstream' && !callers.has(key)) {
      return Response.json({ error: { message: 'no' } }, { status: 401 })
    }
    if (body['stream'] !== true) {
      const message = { role: 'assistant', content }
      return completion({ id, choices: [{ index: 0, finish_reason: 'stop', message }] }, hit)
    }
    const [first, ...others] = chunks({ id })
    return eventStream([first!.replace('Air ', content), ...others], hit)
  }
  return { answer, state }
}

const callers = new Map([...attackers, ...victims].map((caller) => [caller.key, caller]))

/** A gateway whose caches hold the answers to the victims' requests. */
async function robbed({ qdrant = new FakeQdrant(), env = {} } = {}) {
  const { answer, state } = gullible()
  const list = [...callers.values()].map(({ key, tenant, scope }: (typeof attackers)[0]) =>
    settingOf({ key, tenant, ...(scope === undefined ? {} : { scope }) }),
  )
  const made = gateway({
    answer,
    hosts: { qdrant },
    env: {
      ENVIRONMENT: 'production',
      AUTH_MODE: 'keys',
      GATEWAY_KEYS: JSON.stringify(await Promise.all(list)),
      SEMANTIC_JUDGE_RATE: '1000000',
      QDRANT_COLLECTION: `attacked-${crypto.randomUUID()}`,
      ...env,
    },
  })
  made.litellm.models = (key) =>
    callers.has(key) ? modelList(['small']) : litellmError(401, 'auth_error')
  made.litellm.keyInfo = (key) => keyInfo({ team_id: callers.get(key)?.tenant })
  const asVictim = async (victim: (typeof victims)[number], question: object) => {
    const user = 'user' in victim ? { user: victim.user } : {}
    return made.post(CHAT, { ...question, ...user }, { 'x-api-key': victim.key })
  }
  state.content = SECRET
  for (const victim of victims) {
    for (const question of questions) {
      const answered = await asVictim(victim, question)
      expect(answered.status).toBe(200)
      expect(await answered.text()).toContain(SECRET)
    }
  }
  await made.settled()
  state.content = NOTHING
  const { namespace } = made.litellm.asked[0]!.body['cache'] as { namespace: string }
  const attack = async ({ path, headers, body: template }: Attack) => {
    const body = template.replaceAll(LEAKED_SCOPE, namespace)
    const answered = await made.send(
      new Request(`https://gateway${path}`, { method: 'POST', headers, body }),
    )
    return { status: answered.status, text: await answered.text() }
  }
  return { ...made, state, attack, asVictim }
}

/** Runs `times` attacks: none may reveal the secret or cause a 500. */
async function repel(
  attack: (attack: Attack) => Promise<{ status: number; text: string }>,
  times: number,
  isMeant: (attack: Attack) => boolean = () => true,
) {
  const seen = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(attacksOn(questions).filter(isMeant), async (one) => {
      const { status, text } = await attack(one)
      seen.set(status, (seen.get(status) ?? 0) + 1)
      expect(text).not.toContain(SECRET)
      expect(status).not.toBe(500)
    }),
    { numRuns: times },
  )
  return seen
}

describe("another tenant's answer", () => {
  it('never reaches an attacker in 10,000 generated requests', async () => {
    const { attack, asVictim, state } = await robbed({ env: { COALESCE: 'off' } })
    const seen = await repel(attack, 10_000)
    expect(state.breaches).toEqual([])
    // The attacks end in many ways, so no single check hides the others.
    expect(seen.get(200)).toBeGreaterThan(2_000)
    for (const status of [400, 401, 404, 504]) expect(seen.get(status)).toBeGreaterThan(10)
    // The control: the victim still gets the answer.
    const own = await asVictim(victims[0], questions[0]!)
    expect([own.headers.get('x-cache'), (await own.text()).includes(SECRET)]).toEqual([
      'exact-hit',
      true,
    ])
    // The attacks did not replace the answer in LiteLLM's cache either.
    const reworded = { ...questions[0], messages: [{ role: 'user', content: 'The launch code?' }] }
    const matched = await asVictim(victims[0], reworded)
    expect([matched.headers.get('x-cache'), (await matched.text()).includes(SECRET)]).toEqual([
      'semantic-hit',
      true,
    ])
  }, 60_000)

  it('never reaches the holder of another LiteLLM key in 2,000 generated requests', async () => {
    const { attack, asVictim, state } = await robbed({
      env: { COALESCE: 'off', AUTH_MODE: 'litellm', LITELLM_URL: 'http://litellm' },
    })
    const seen = await repel(attack, 2_000, ({ by }) => by.scope !== 'user')
    expect(state.breaches).toEqual([])
    expect(seen.get(200)).toBeGreaterThan(400)
    const own = await asVictim(victims[0], questions[0]!)
    expect(own.headers.get('x-cache')).toBe('exact-hit')
  }, 60_000)

  it("never reaches a key of another team, whatever the team's id", async () => {
    const qdrant = new FakeQdrant()
    const { attack, asVictim, state, litellm } = await robbed({
      qdrant,
      env: { AUTH_MODE: 'litellm', CACHE_SCOPE: 'team', LITELLM_URL: 'http://litellm' },
    })
    const seen = await repel(attack, 2_000, ({ by }) => by.scope !== 'user')
    expect(state.breaches).toEqual([])
    expect(seen.get(200)).toBeGreaterThan(400)
    const own = await asVictim(victims[0], questions[0]!)
    expect(own.headers.get('x-cache')).toBe('exact-hit')
    const tenants = [...qdrant.points.values()].map(({ tenant }) => tenant)
    expect(tenants).toContain(`team:${victims[0].tenant}`)
    // Every entry belongs to a team, none to a single key.
    expect(tenants.every((tenant) => String(tenant).startsWith('team:'))).toBe(true)
    expect(new Set(litellm.looked).size).toBeGreaterThan(3)
  }, 60_000)

  it('never reaches an attacker through an upstream call in flight or the near tiers', async () => {
    const { attack, asVictim, state, litellm } = await robbed({ env: { EDGE_TTL_SECONDS: '30' } })
    const fresh = { ...questions[0], top_p: 0.5 }
    const arrived = litellm.asked.length
    const { promise, resolve } = Promise.withResolvers<void>()
    state.content = SECRET
    state.held = promise
    const first = asVictim(victims[0], fresh)
    await vi.waitFor(() => expect(litellm.asked.length).toBe(arrived + 1))
    state.content = NOTHING
    const attacking = fc
      .sample(attacksOn([fresh]), 300)
      .map((one) => attack({ ...one, path: CHAT }))
    const collapsed = asVictim(victims[0], fresh)
    await settle()
    resolve()
    for (const { text } of await Promise.all(attacking)) expect(text).not.toContain(SECRET)
    // The control: the victim's own second request joined the call.
    expect((await collapsed).headers.get('cache-status')).toContain('collapsed')
    expect(await (await first).text()).toContain(SECRET)
  }, 60_000)

  it('never reaches an attacker through a colliding point id, and the collision is logged', async () => {
    for (const digits of [0, 1, 2]) {
      const { attack } = await robbed({ qdrant: new Colliding(digits) })
      said.length = 0
      await repel(attack, 500)
      expect(said.join()).toContain('collision')
    }
  }, 60_000)
})

/** Finds a point by the first digits of its id. */
class Colliding extends FakeQdrant {
  constructor(digits: number) {
    super()
    const real = this.fetch
    this.fetch = async (request) => {
      const isLookup = request.method === 'POST' && request.url.endsWith('/points')
      if (!isLookup) return real(request)
      const { ids, ...rest } = await request.json<{ ids: string[] }>()
      const near = (id: string) =>
        [...this.points.keys()].find((known) => known.slice(0, digits) === id.slice(0, digits)) ??
        id
      const body = JSON.stringify({ ...rest, ids: ids.map(near) })
      return real(new Request(request.url, { method: 'POST', headers: request.headers, body }))
    }
  }
}
