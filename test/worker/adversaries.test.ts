import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { attackers, attacksOn, LEAKED_SCOPE, questions, victims } from '../support/attacks.ts'
import type { Attack } from '../support/attacks.ts'
import { chunks, completion, eventStream } from '../support/fake-litellm.ts'
import type { Answer, Asked } from '../support/fake-litellm.ts'
import { FakeQdrant } from '../support/fake-qdrant.ts'
import { gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const SECRET = 'the launch code is 0000'
const NOTHING = 'nothing to see'

const said: string[] = []
beforeEach(() => {
  said.length = 0
  vi.spyOn(console, 'warn').mockImplementation((line: string) => void said.push(line))
})
afterEach(() => vi.restoreAllMocks())

const settingOf = async ({ key, ...caller }: { key: string; tenant: string; scope?: string }) => ({
  sha256: await sha256(key),
  ...caller,
})

/**
 * LiteLLM as an attacker would like it: whatever shares a namespace is matched, in whatever words; and
 * it believes every field and header that steers it.
 */
function gullible() {
  const kept = new Map<string, string>()
  const state = { content: NOTHING }
  const answer: Answer = ({ body, headers }: Asked) => {
    const cache = (body['cache'] ?? {}) as Record<string, unknown>
    const steered = [body, body['extra_body'], body['litellm_params']]
      .map((place) => (place as Record<string, unknown> | undefined)?.['cache_key'])
      .find((key) => key !== undefined)
    const name = String(steered ?? cache['namespace'] ?? '')
    const found = cache['no-cache'] === true ? undefined : kept.get(name)
    const content = found ?? state.content
    if (found === undefined && cache['no-store'] !== true) kept.set(name, content)
    const hit: Record<string, string> =
      found === undefined ? {} : { 'x-litellm-cache-key': `${name}:0` }
    const trusted = headers.get('authorization') === 'Bearer sk-upstream'
    if (!trusted) return Response.json({ error: { message: 'no' } }, { status: 401 })
    if (body['stream'] !== true) {
      const message = { role: 'assistant', content }
      return completion({ choices: [{ index: 0, finish_reason: 'stop', message }] }, hit)
    }
    const [first, ...others] = chunks()
    return eventStream([first!.replace('Air ', content), ...others], hit)
  }
  return { answer, state }
}

/** A gateway that has answered the victims' questions. */
async function robbed({ qdrant = new FakeQdrant(), env = {} } = {}) {
  const { answer, state } = gullible()
  const keys = new Map([...attackers, ...victims].map((caller) => [caller.key, caller]))
  const list = [...keys.values()].map(({ key, tenant, scope }: (typeof attackers)[0]) =>
    settingOf({ key, tenant, ...(scope === undefined ? {} : { scope }) }),
  )
  const made = gateway({
    answer,
    hosts: { qdrant },
    env: {
      ENVIRONMENT: 'production',
      AUTH_MODE: 'keys',
      GATEWAY_KEYS: JSON.stringify(await Promise.all(list)),
      QDRANT_COLLECTION: `attacked-${crypto.randomUUID()}`,
      ...env,
    },
  })
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
  return { ...made, attack, asVictim }
}

/** Makes so many attacks; each must come to nothing, and none may break the gateway. */
async function repel(
  attack: (attack: Attack) => Promise<{ status: number; text: string }>,
  times: number,
) {
  const seen = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(attacksOn(questions), async (one) => {
      const { status, text } = await attack(one)
      seen.set(status, (seen.get(status) ?? 0) + 1)
      expect(text).not.toContain(SECRET)
      expect(status).not.toBe(500)
    }),
    { numRuns: times },
  )
  return seen
}

describe("another's answer", () => {
  it('is had by none of 10,000 requests that vary all that a caller can vary', async () => {
    const { attack, asVictim } = await robbed({ env: { COALESCE: 'off' } })
    const seen = await repel(attack, 10_000)
    // They were answered, refused and turned away: no one reason hides the others.
    expect(seen.get(200)).toBeGreaterThan(2_000)
    for (const status of [400, 401, 404, 504]) expect(seen.get(status)).toBeGreaterThan(10)
    // It was there to be had all the time.
    const own = await asVictim(victims[0], questions[0]!)
    expect([own.headers.get('x-cache'), (await own.text()).includes(SECRET)]).toEqual([
      'exact-hit',
      true,
    ])
    // And nothing else was put in its place where LiteLLM keeps it.
    const reworded = { ...questions[0], messages: [{ role: 'user', content: 'The launch code?' }] }
    const matched = await asVictim(victims[0], reworded)
    expect([matched.headers.get('x-cache'), (await matched.text()).includes(SECRET)]).toEqual([
      'semantic-hit',
      true,
    ])
  }, 60_000)

  it('nor through flights that are under way, and copies that are near', async () => {
    const { attack } = await robbed({ env: { EDGE_TTL_SECONDS: '30' } })
    await repel(async (one) => {
      const both = await Promise.all([attack(one), attack(one)])
      return both.find(({ text }) => text.includes(SECRET)) ?? both[0]
    }, 500)
  }, 60_000)

  it("nor where the store takes one point's name for another's, as a collision would", async () => {
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
