import { env } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import type { Erasure } from '../../src/admin/erase.ts'
import { sha256 } from '../../src/cache/key.ts'
import { wrongAnswer } from '../contract/report-contract.ts'
import { credulous } from '../support/credulous-litellm.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat, QDRANT_ONLY } from '../support/gateway.ts'
import { operator } from '../support/operator.ts'

const CHAT = '/v1/chat/completions'
const LITELLMS = 'litellm_semantic_cache'

fixedClock(1_790_000_000_000)

/** An operator of a gateway with the tenants acme (each end user for itself) and globex. */
async function erasing(more: Record<string, unknown> = {}) {
  const key = async (name: string, tenant: string, scope: string) => ({
    sha256: await sha256(name),
    tenant,
    scope,
  })
  const keys = [
    await key('gw-acme', 'acme', 'user'),
    await key('gw-all', 'acme', 'tenant'),
    await key('gw-globex', 'globex', 'tenant'),
    await key('gw-acme2', 'acme2', 'user'),
  ]
  const settings = {
    ...QDRANT_ONLY,
    AUTH_MODE: 'keys',
    GATEWAY_KEYS: JSON.stringify(keys),
    ...more,
  }
  const made = operator({ env: settings, answer: credulous() })
  // What LiteLLM would hold of the answers, by the namespaces that it was sent.
  const points = new Map<string, { litellm_cache_key: string }>()
  made.qdrant.collections.set(made.settings.QDRANT_COLLECTION ?? '', {
    points: new Map(),
    indexes: new Map(),
  })
  made.qdrant.collections.set(LITELLMS, { points, indexes: new Map() })
  const ask = async (as: string, user: string) => {
    await made.post(CHAT, chat({ user }), { authorization: `Bearer gw-${as}` })
    await made.settled()
    const { namespace } = made.litellm.asked.at(-1)!.body['cache'] as { namespace: string }
    points.set(`${as} ${user}`, { litellm_cache_key: `${namespace}:0` })
  }
  for (const [as, user] of [
    ['acme', 'ann'],
    ['acme', 'bob'],
    ['all', 'ann'],
    ['globex', 'ann'],
    ['acme2', 'ann'],
  ] as const) {
    await ask(as, user)
  }
  const erase = (body: object) => made.operate<Erasure>('/admin/erase', body)
  const tenants = () => [...made.qdrant.points.values()].map((one) => String(one['tenant'])).sort()
  return { ...made, erase, tenants, points }
}

describe('an erasure', () => {
  it('of a tenant reaches it and all its end users, in both collections, and nobody else', async () => {
    const { erase, tenants, points } = await erasing()
    const erased = await erase({ tenant: 'acme' })
    expect(erased.tenants.toSorted()).toEqual(['["acme","ann"]', '["acme","bob"]', 'acme'])
    expect(erased).toMatchObject({
      done: true,
      reached: [
        { what: 'entries of the exact cache', erased: 3, failed: null },
        { what: "answers in LiteLLM's semantic cache", erased: 3, failed: null },
        { what: 'reports of wrong answers', erased: 0, failed: null },
      ],
    })
    expect(tenants()).toEqual(['["acme2","ann"]', 'globex'])
    expect([...points.keys()]).toEqual(['globex ann', 'acme2 ann'])
  })

  it('counts each report once, and asks Qdrant as often for many end users as for one', async () => {
    const { erase, qdrant, settings } = await erasing()
    const collection = `${settings.QDRANT_COLLECTION}_reports`
    const tenants = ['acme', '["acme","ann"]', '["acme","bob"]', 'globex']
    const points = new Map(tenants.map((tenant) => [crypto.randomUUID(), wrongAnswer({ tenant })]))
    qdrant.collections.set(collection, { points, indexes: new Map() })
    const erased = await erase({ tenant: 'acme' })
    expect(erased.reached.at(-1)).toMatchObject({ what: 'reports of wrong answers', erased: 3 })
    expect([...points.values()].map(({ tenant }) => tenant)).toEqual(['globex'])
    const made = qdrant.requests.filter((line) => line.includes(`${collection}/`))
    expect(made).toEqual([
      `POST /collections/${collection}/facet`,
      `POST /collections/${collection}/points/delete`,
    ])
  })

  it('of an end user spares the other ones and the tenant itself', async () => {
    const { erase, tenants, points } = await erasing()
    expect((await erase({ tenant: 'acme', user: 'ann' })).tenants).toEqual(['["acme","ann"]'])
    expect(tenants()).toEqual(['["acme","bob"]', '["acme2","ann"]', 'acme', 'globex'])
    expect([...points.keys()]).toEqual(['acme bob', 'all ann', 'globex ann', 'acme2 ann'])
  })

  it('reaches the recent requests of the tenant and its end users, and of nobody else', async () => {
    // In the far future, so that no alarm goes off by itself.
    vi.setSystemTime(Date.UTC(2090, 4, 15))
    const { erase } = await erasing({ RECENT_REQUESTS: env.RECENT_REQUESTS })
    const recent = async (tenant: string) =>
      (await erase({ tenant })).reached.find(({ what }) => what === 'recent requests')
    expect(await recent('acme')).toMatchObject({ erased: 3, failed: null })
    expect(await recent('acme')).toMatchObject({ erased: 0 })
    expect(await recent('globex')).toMatchObject({ erased: 1 })
  })

  it("reaches LiteLLM's answers whose entries are gone", async () => {
    const { erase, qdrant, points } = await erasing()
    qdrant.points.clear()
    await erase({ tenant: 'acme' })
    expect([...points.keys()]).toEqual(['globex ann', 'acme2 ann'])
  })

  it('as a dry run counts, and deletes nothing', async () => {
    const { erase, qdrant } = await erasing()
    const planned = await erase({ tenant: 'acme', dry_run: true })
    expect(planned).toMatchObject({ dry_run: true, reached: [{ erased: 3 }] })
    expect(qdrant.deletes).toEqual([])
  })

  it('says what it cannot reach, and how to reach it', async () => {
    const { erase } = await erasing()
    const { not_reached } = await erase({ tenant: 'acme' })
    const told = not_reached.map(({ what, how }) => `${what}: ${how}`).join('\n')
    for (const place of [
      'copies',
      'cassettes',
      'earlier versions',
      'MLflow',
      'ledger',
      "LiteLLM's spend logs",
      'directly',
    ]) {
      expect(told).toContain(place)
    }
    expect(told).toContain('within 0 seconds (EDGE_TTL_SECONDS)')
  })

  it('is not done if there are more tenants than Qdrant can list', async () => {
    const { erase, qdrant, points } = await erasing()
    points.clear()
    for (let n = 0; n < 100_000; n += 1) {
      const payload = { tenant: `user:${n}` }
      // Twice each, so that they are listed first.
      qdrant.points.set(`${n} a`, payload).set(`${n} b`, payload)
    }
    const { done, reached } = await erase({ tenant: 'acme' })
    expect([done, reached[0]]).toEqual([
      false,
      { what: expect.any(String), erased: 1, failed: expect.stringContaining('end users') },
    ])
  })

  it('is not done if LiteLLM has more namespaces than Qdrant can list', async () => {
    const { erase, points } = await erasing()
    // Twice each, so that they are listed first.
    for (let n = 0; n < 128_000; n += 1) {
      points.set(`other ${n}`, { litellm_cache_key: `${String(n % 64_000).padStart(64, 'f')}-9:0` })
    }
    const { done, reached } = await erase({ tenant: 'acme' })
    expect([done, reached[1]]).toEqual([
      false,
      { what: expect.any(String), erased: 0, failed: expect.stringContaining('SEMANTIC_PURGE') },
    ])
  })

  it('is not done if one of the places does not answer', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { erase, qdrant } = await erasing()
    qdrant.collections.delete(LITELLMS)
    expect(await erase({ tenant: 'acme' })).toMatchObject({
      done: false,
      reached: [
        { erased: 3 },
        { erased: null, failed: expect.stringContaining('SEMANTIC_COLLECTION') },
        { erased: 0, failed: null },
      ],
    })
  })
})
