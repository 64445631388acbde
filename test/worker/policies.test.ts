import { createScheduledController } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import caching from '../../docs/caching.md?raw'
import { sha256 } from '../../src/cache/key.ts'
import worker from '../../src/index.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { credulous } from '../support/credulous-litellm.ts'
import { embedder } from '../support/embedder.ts'
import { litellmError, verdict } from '../support/fake-litellm.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat, gateway, QDRANT_ONLY } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'
import { NOW, ownedKeys } from '../support/owned-keys.ts'
import { traced } from '../support/traced-gateway.ts'

const CHAT = '/v1/chat/completions'
const FIRST = 'How far is it from Lyon to Paris?'
const SECOND = 'What is the distance between Lyon and Paris?'

const policies = (...rules: object[]) => ({ POLICIES: JSON.stringify(rules) })

fixedClock(NOW, { warnings: false })

/** A gateway with these policies, asked one request at a time. */
function governed(rules: object[], { env, ...options }: GatewayOptions = {}) {
  const ruled = rules.length === 0 ? {} : policies(...rules)
  const made = gateway({ ...options, env: { ...QDRANT_ONLY, ...ruled, ...env } })
  const ask = async (over: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
    const answer = await made.post(CHAT, chat(over), headers)
    const text = await answer.text()
    await made.settled()
    const status = cacheStatus(answer).at(-1)!
    const { detail } = status
    return { answer, text, outcome: answer.headers.get('x-cache'), status, detail }
  }
  const question = (content: string, headers?: Record<string, string>) =>
    ask({ messages: [{ role: 'user', content }] }, headers)
  const entries = () => [...made.qdrant.points.values()] as { expires_at: number }[]
  return { ...made, ask, question, entries }
}

/** Two gateways on one LiteLLM and one Qdrant: the second has other policies. */
function changed(before: object[], after: object[], options: GatewayOptions = {}) {
  const env = { ...options.env, QDRANT_COLLECTION: `test_${crypto.randomUUID()}` }
  const first = governed(before, { ...options, env })
  const { key, qdrant, litellm } = first
  const second = governed(after, { env, key, hosts: { qdrant, litellm } })
  return { first, second }
}

const expire = (entries: object[], ms: number) => {
  for (const entry of entries) Object.assign(entry, { expires_at: NOW - ms })
}

describe('cache: off', () => {
  const rule = { name: 'live-data', models: ['small'], cache: 'off' }

  it('neither reads nor stores an answer, in either cache, and names the policy', async () => {
    const { ask, entries, litellm } = governed([rule])
    for (const _ of [1, 2]) {
      const { outcome, status } = await ask()
      expect(outcome).toBe('bypass')
      expect(status).toEqual({
        cache: 'edge',
        fwd: 'bypass',
        'fwd-status': 200,
        detail: 'policy live-data',
      })
    }
    expect(entries()).toEqual([])
    expect(litellm.asked.map(({ body }) => body['cache'])).toEqual([
      { 'no-cache': true, 'no-store': true },
      { 'no-cache': true, 'no-store': true },
    ])
  })

  it('does not serve what was stored before, also not if LiteLLM fails', async () => {
    const { first, second } = changed([], [rule])
    await first.ask()
    expect((await first.ask()).outcome).toBe('exact-hit')
    expect((await second.ask()).outcome).toBe('bypass')
    first.litellm.answer = () => litellmError(503, 'down')
    expect((await second.ask()).answer.status).toBe(503)
  })

  it('makes a call for each of several identical requests at once', async () => {
    const { post, litellm, settled } = governed([rule])
    await Promise.all([1, 2, 3].map(() => post(CHAT, chat())))
    await settled()
    expect(litellm.asked).toHaveLength(3)
  })

  it('is a 504 with only-if-cached, without an upstream call', async () => {
    const { ask, litellm } = governed([rule])
    expect((await ask({}, { 'cache-control': 'only-if-cached' })).answer.status).toBe(504)
    expect(litellm.asked).toEqual([])
  })

  it('applies to no other model', async () => {
    const { ask } = governed([rule])
    await ask({ model: 'large' })
    expect((await ask({ model: 'large' })).outcome).toBe('exact-hit')
  })

  it("applies to the model in the path of Azure's SDKs", async () => {
    const { post } = governed([{ ...rule, models: ['azure-*'] }])
    const answer = await post('/openai/deployments/azure-gpt/chat/completions', chat())
    expect(answer.headers.get('x-cache')).toBe('bypass')
  })

  it('applies to every alias of a path, and to no other path', async () => {
    const { post } = governed([{ name: 'chat', paths: [CHAT], cache: 'off' }])
    const outcomeAt = async (path: string, body: object) =>
      (await post(path, body)).headers.get('x-cache')
    for (const path of [CHAT, '/chat/completions', `${CHAT}?api-version=1`]) {
      expect(await outcomeAt(path, chat())).toBe('bypass')
    }
    expect(await outcomeAt('/v1/completions', { model: 'small', prompt: 'x' })).toBe('miss')
  })
})

describe('ttl_seconds and max_ttl_seconds', () => {
  const rule = { name: 'long', models: ['small'], ttl_seconds: 172_800, max_ttl_seconds: 604_800 }

  it.each([
    ['no TTL', {}, {}, 172_800],
    ['a shorter TTL in a header', {}, { 'x-cache-ttl': '60' }, 60],
    ['a shorter TTL in the body', { cache: { ttl: 60 } }, {}, 60],
    ['a TTL above the longest', {}, { 'x-cache-ttl': '9999999' }, 604_800],
    ['a TTL of 0', {}, { 'x-cache-ttl': '0' }, 1],
  ])('decide how long an answer is fresh for a caller of %s', async (...row) => {
    const [, over, headers, seconds] = row
    const { ask, entries } = governed([rule])
    await ask(over, headers as Record<string, string>)
    expect(entries().map(({ expires_at }) => expires_at - NOW)).toEqual([seconds * 1000])
  })

  it('leave the longest TTL to the setting without max_ttl_seconds, and other models alone', async () => {
    const { ask, entries } = governed([{ name: 'short', models: ['small'], ttl_seconds: 60 }])
    await ask()
    await ask({ seed: 1 }, { 'x-cache-ttl': '999999' })
    await ask({ model: 'large' })
    const seconds = entries().map(({ expires_at }) => (expires_at - NOW) / 1000)
    expect(seconds.toSorted((a, b) => a - b)).toEqual([60, 1_800, 86_400])
  })

  it('leave an entry as it was stored if the policy changes', async () => {
    const { first, second } = changed([], [{ name: 'short', ttl_seconds: 60 }])
    await first.ask()
    vi.setSystemTime(NOW + 61_000)
    expect((await second.ask()).outcome).toBe('exact-hit')
  })

  it("set how long LiteLLM's semantic namespaces last", async () => {
    const { question, litellm } = governed([rule], { answer: credulous() })
    await question(FIRST)
    const [{ namespace }] = litellm.asked.map(({ body }) => body['cache']) as [
      { namespace: string },
    ]
    const [digest = '', end] = namespace.split('-')
    const phase = Number.parseInt(digest.slice(-8), 16) % 172_800
    const bucket = Math.floor((NOW / 1000 - phase) / 172_800)
    expect(Number(end)).toBe(phase + (bucket + 1) * 172_800)
  })
})

describe('semantic: off', () => {
  const rule = { name: 'exact', models: ['small'], semantic: 'off' }

  it("keeps requests out of LiteLLM's semantic cache, and names the policy", async () => {
    const { question, litellm } = governed([rule], { answer: credulous() })
    await question(FIRST)
    const second = await question(SECOND)
    expect([second.outcome, second.detail]).toEqual(['miss', 'semantic: policy exact'])
    expect(litellm.judged).toEqual([])
    for (const { body } of litellm.asked) {
      expect(body['cache']).toEqual({ 'no-cache': true, 'no-store': true })
    }
  })

  it('does not serve semantic hits that were stored before', async () => {
    const { first, second } = changed([], [rule], { answer: credulous() })
    await first.question(FIRST)
    await first.question(SECOND)
    expect((await first.question(SECOND)).detail).toBe('qdrant; semantic 0.93')
    const refused = await second.question(SECOND)
    expect(refused.outcome).toBe('miss')
    expect(refused.detail).toBe('the stored answer is a semantic hit; semantic: policy exact')
    expect((await second.question(FIRST)).outcome).toBe('exact-hit')
  })

  it('says nothing about requests that no semantic hit could answer anyway', async () => {
    const { ask } = governed([rule], { env: { SEMANTIC: 'off' } })
    expect((await ask()).detail).toBeUndefined()
  })

  it('on does not override SEMANTIC=off', async () => {
    const on = { name: 'on', semantic: 'on' }
    const { question } = governed([on], { answer: credulous(), env: { SEMANTIC: 'off' } })
    await question(FIRST)
    expect((await question(SECOND)).outcome).toBe('miss')
  })
})

describe('semantic_min_probability', () => {
  const strict = { name: 'strict', models: ['small'], semantic_min_probability: 0.96 }
  const lax = { name: 'lax', models: ['small'], semantic_min_probability: 0.3 }

  it.each([
    ['refuses a hit below it, although the setting would serve it', strict, 0.95, false],
    ['serves a hit from it on', strict, 0.96, true],
    ['serves a hit below the setting, if it is lower', lax, 0.31, true],
    ['does not apply to other models', { ...strict, models: ['large'] }, 0.95, true],
  ])('%s', async (_, rule, same, isServed) => {
    for (const COALESCE of ['on', 'off']) {
      const { question, litellm } = governed([rule], { answer: credulous(), env: { COALESCE } })
      litellm.judge = () => verdict(same)
      await question(FIRST)
      const { outcome, detail } = await question(SECOND)
      expect(outcome).toBe(isServed ? 'semantic-hit' : 'miss')
      if (!isServed) expect(detail).toBe(`semantic: not the same (${same})`)
    }
  })

  it('is the one of the request, also in a real Durable Object with other settings', async () => {
    const options = { answer: credulous(), realCoalescer: true }
    const { question, litellm } = governed([strict], options)
    litellm.judge = () => verdict(0.95)
    await question(FIRST)
    const { outcome, detail } = await question(SECOND)
    expect([outcome, detail]).toEqual(['miss', 'semantic: not the same (0.95)'])
  })

  it('applies to semantic hits that were stored before', async () => {
    const options = { answer: credulous() }
    const { first, second } = changed([], [strict], options)
    first.litellm.judge = () => verdict(0.95)
    await first.question(FIRST)
    await first.question(SECOND)
    expect((await first.question(SECOND)).outcome).toBe('exact-hit')
    const refused = await second.question(SECOND)
    expect(refused.outcome).toBe('miss')
    expect(refused.detail).toContain('the stored answer is a semantic hit')
  })
})

describe('stale windows', () => {
  it('of stale_if_error_seconds replace the setting, both ways', async () => {
    const { ask, entries, litellm } = governed([
      { name: 'never', models: ['small'], stale_if_error_seconds: 0 },
      { name: 'long', models: ['large'], stale_if_error_seconds: 7_200 },
    ])
    for (const model of ['small', 'large', 'other']) await ask({ model })
    const outcomeOf = async (model: string) => (await ask({ model })).outcome
    litellm.answer = () => litellmError(503, 'down')
    expire(entries(), 60_000)
    expect(await outcomeOf('small')).toBe('miss')
    expect(await outcomeOf('large')).toBe('stale')
    expect(await outcomeOf('other')).toBe('stale')
    expire(entries(), 7_199_000)
    expect(await outcomeOf('large')).toBe('stale')
    expect(await outcomeOf('other')).toBe('miss')
    expire(entries(), 7_200_000)
    expect(await outcomeOf('large')).toBe('miss')
  })

  it('of stale_while_revalidate_seconds serve the old answer and refresh it once, by the policy', async () => {
    const { ask, entries, litellm } = governed([
      { name: 'swr', models: ['small'], ttl_seconds: 60, stale_while_revalidate_seconds: 300 },
    ])
    const { text } = await ask()
    await ask({ model: 'other' })
    expire(entries(), 299_000)
    const stale = await ask()
    expect([stale.outcome, stale.text]).toEqual(['stale', text])
    expect((await ask({ model: 'other' })).outcome).toBe('miss')
    expect(litellm.asked).toHaveLength(4)
    const fresh = await ask()
    expect([fresh.outcome, fresh.status['ttl']]).toEqual(['exact-hit', 60])
    expect(fresh.text).not.toBe(text)
  })

  it('keep expired entries from the cron, for the longest of all', async () => {
    const { ask, qdrant, settings } = governed([
      { name: 'a', models: ['large'], stale_while_revalidate_seconds: 7_200 },
      { name: 'b', models: ['small'], stale_if_error_seconds: 60 },
    ])
    await ask()
    for (const [ms, left] of [
      [7_260_000, 1],
      [7_260_001, 0],
    ] as const) {
      expire([...qdrant.points.values()], ms)
      await worker.scheduled(createScheduledController(), settings)
      expect(qdrant.points.size).toBe(left)
    }
  })
})

describe('a batch of embeddings', () => {
  const rule = { name: 'vectors', paths: ['/v1/embeddings'] }

  it('is asked for as a whole with cache: off, and nothing of it is stored', async () => {
    const { ask, qdrant, inputs } = embedder({ env: policies({ ...rule, cache: 'off' }) })
    for (const _ of [1, 2]) {
      const { answer } = await ask(['a', 'b'])
      expect(cacheStatus(answer)).toMatchObject([{ fwd: 'bypass', detail: 'policy vectors' }])
    }
    expect(qdrant.points.size).toBe(0)
    expect(inputs()).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
  })

  it('has the TTL and the stale window of its policy, for each input', async () => {
    const own = { ttl_seconds: 60, stale_if_error_seconds: 0 }
    const { ask, qdrant, litellm } = embedder({ env: policies({ ...rule, ...own }) })
    await ask(['a', 'b'])
    const entries = [...qdrant.points.values()]
    expect(entries.map((entry) => entry['expires_at'])).toEqual([NOW + 60_000, NOW + 60_000])
    expire(entries, 1_000)
    litellm.answer = () => litellmError(503, 'down')
    expect((await ask(['a', 'b'])).answer.status).toBe(503)
    expect((await ask(['a', 'b'], {}, { 'cache-control': 'max-stale=2' })).answer.status).toBe(200)
  })

  it('is not served while it would be refreshed: nothing refreshes a batch', async () => {
    const env = policies({ ...rule, stale_while_revalidate_seconds: 300 })
    const { ask, qdrant } = embedder({ env })
    await ask(['a', 'b'])
    expire([...qdrant.points.values()], 1_000)
    expect((await ask(['a', 'b'])).answer.headers.get('x-cache')).toBe('miss')
  })

  it('is served stale by its policy if LiteLLM fails, although the setting says no', async () => {
    const env = {
      CACHE_STALE_IF_ERROR_SECONDS: '0',
      ...policies({ ...rule, stale_if_error_seconds: 60 }),
    }
    const { ask, qdrant, litellm } = embedder({ env })
    await ask(['a', 'b'])
    expire([...qdrant.points.values()], 59_000)
    litellm.answer = () => litellmError(503, 'down')
    expect((await ask(['a', 'b'])).answer.headers.get('x-cache')).toBe('stale')
  })
})

describe('a policy for tenants', () => {
  it('follows a key into its new team, although its requests are known', async () => {
    const env = policies({ name: 'blue', tenants: ['team:blue'], ttl_seconds: 60 })
    const { issue, ask, owners, at, qdrant } = ownedKeys('team', { env })
    const key = issue({ team_id: 'red' })
    at(0)
    for (const _ of [1, 2]) await ask(key)
    owners.set(key, { team_id: 'blue' })
    at(600_000)
    await ask(key)
    const expiries = [...qdrant.points.values()].map((one) => [one['tenant'], one['expires_at']])
    expect(expiries).toEqual([
      ['team:red', NOW + 1_800_000],
      ['team:blue', NOW + 660_000],
    ])
  })

  it('that turns the cache off applies to repeated requests of a key that has moved', async () => {
    const env = policies({ name: 'blue', tenants: ['team:blue'], cache: 'off' })
    const { issue, outcome, owners, at } = ownedKeys('team', { env })
    const key = issue({ team_id: 'red' })
    at(0)
    expect([await outcome(key), await outcome(key)]).toEqual(['miss', 'exact-hit'])
    owners.set(key, { team_id: 'blue' })
    at(600_000)
    expect(await outcome(key)).toBe('bypass')
    owners.set(key, { team_id: 'red' })
    at(1_200_000)
    expect(await outcome(key)).toBe('exact-hit')
  })

  it('applies to all end users of a tenant, and not to other tenants', async () => {
    const keys = await Promise.all(
      ['acme', 'other'].map(async (tenant) => ({
        sha256: await sha256(`sk-${tenant}`),
        tenant,
        scope: 'user',
      })),
    )
    const env = {
      AUTH_MODE: 'keys',
      GATEWAY_KEYS: JSON.stringify(keys),
      ...policies({ name: 'acme', tenants: ['acme'], cache: 'off' }),
    }
    const { ask } = governed([], { env, withKey: false })
    const askAs = (tenant: string, user: string) =>
      ask({ user }, { authorization: `Bearer sk-${tenant}` })
    expect((await askAs('acme', 'ann')).detail).toBe('policy acme')
    expect((await askAs('acme', 'bob')).detail).toBe('policy acme')
    expect((await askAs('other', 'ann')).outcome).toBe('miss')
  })

  it('is the first one that matches', async () => {
    const { ask } = governed([
      { name: 'exception', models: ['small'], cache: 'on' },
      { name: 'nothing', cache: 'off' },
    ])
    expect((await ask()).outcome).toBe('miss')
    expect((await ask({ model: 'large' })).detail).toBe('policy nothing')
  })
})

describe('the example in docs/caching.md', () => {
  const [, section = ''] = caching.split('\n## Policies\n')
  const [, example = ''] = /^```json\n([\s\S]*?)^```/m.exec(section) ?? []
  const ADMIN = { authorization: 'Bearer admin' }

  it.each([
    ['tenant=team:legal', 'legal', { cache: { value: 'off', from: 'policy legal' } }],
    ['tenant=hr-eu', 'legal', {}],
    [
      'tenant=acme&path=/v1/embeddings',
      'embeddings',
      { ttl_seconds: { value: 604_800, from: 'policy embeddings' } },
    ],
    [
      'tenant=acme&path=/v1/responses&model=sonar-pro',
      'search',
      { semantic: { value: 'off', from: 'policy search' } },
    ],
    [
      'tenant=support&path=/v1/messages&model=gpt-5',
      'support',
      {
        semantic_min_probability: { value: 0.97, from: 'policy support' },
        ttl_seconds: { value: 1_800, from: 'CACHE_TTL_SECONDS' },
      },
    ],
    ['tenant=support&path=/v1/messages&model=claude', undefined, {}],
  ])('decides for %s as /admin/policies says: %s', async (query, name, effective) => {
    const { get } = gateway({ env: { POLICIES: example, ADMIN_KEY: 'admin' } })
    const answer = await get(`/admin/policies?${query}`, ADMIN)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const report = await answer.json<{ applies: { name: string } | null; effective: object }>()
    expect(report.applies?.name).toBe(name)
    expect(report.effective).toMatchObject(effective)
  })

  it('names the policy in the trace of each request that it applies to', async () => {
    const { post, settled, roots } = traced({ POLICIES: example })
    for (const model of ['sonar', 'small']) await post(CHAT, chat({ model }))
    await settled()
    expect(roots().map(({ attributes }) => attributes['cache.policy'])).toEqual([
      'search',
      undefined,
    ])
  })

  it('is obeyed', async () => {
    const { ask } = governed([], { env: { POLICIES: example } })
    expect((await ask({ model: 'sonar' })).detail).toBe('semantic: policy search')
    const { outcome, status } = await ask({ model: 'sonar' })
    expect([outcome, status['ttl']]).toEqual(['exact-hit', 60])
  })
})

describe('/admin/policies', () => {
  const env = { ADMIN_KEY: 'admin' }
  const ADMIN = { authorization: 'Bearer admin' }

  it.each([
    ['path=/chat/completions', 'path'],
    ['path=/v1/images/generations', 'path'],
    ['tenant=["acme","ann"]', 'tenant'],
    ['modle=gpt-5', 'modle'],
  ])('refuses ?%s and names the parameter', async (query, param) => {
    const answer = await gateway({ env }).get(`/admin/policies?${query}`, ADMIN)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_request', param } })
  })

  it('shows the settings without POLICIES', async () => {
    const answer = await gateway({ env }).get('/admin/policies', ADMIN)
    expect(await answer.json()).toMatchObject({
      policies: [],
      applies: null,
      depends_on: [],
      effective: { ttl_seconds: { value: 1_800, from: 'CACHE_TTL_SECONDS' } },
    })
  })

  it('is closed to callers', async () => {
    const { get } = gateway({ env })
    expect((await get('/admin/policies')).status).toBe(401)
    expect((await gateway().get('/admin/policies', ADMIN)).status).toBe(404)
  })

  it('is described in the OpenAPI document', async () => {
    const answer = await gateway({ env }).get('/admin/openapi.json', ADMIN)
    const { paths } = await answer.json<{ paths: Record<string, { get: { parameters: [] } }> }>()
    expect(paths['/admin/policies']?.get.parameters).toMatchObject([
      { in: 'query', name: 'model' },
      { in: 'query', name: 'path' },
      { in: 'query', name: 'tenant' },
    ])
  })
})
