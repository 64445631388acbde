import { describe, expect, it, vi } from 'vitest'
import type { EntrySummary } from '../../src/admin/entry-summary.ts'
import type { LookupAnswer } from '../../src/admin/lookup.ts'
import { sha256 } from '../../src/cache/key.ts'
import { embed } from '../support/embedding-model.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat, QDRANT_ONLY } from '../support/gateway.ts'
import { operator } from '../support/operator.ts'

/** APIs whose answers are never cached. */
const PASSED_ON = new Set(['images', 'imageEdits', 'speech', 'transcriptions'])

/** The text of app.ts. */
const app = Object.values(
  import.meta.glob('../../src/app.ts', { query: '?raw', import: 'default', eager: true }),
).join('')

const CHAT = '/v1/chat/completions'
const NOW = 1_790_000_000_000

fixedClock(NOW)

interface Page {
  readonly entries: readonly EntrySummary[]
  readonly next: string | null
}

/** An operator, and a caller whose tenant is known. */
async function inspected(options: Parameters<typeof operator>[0] = {}) {
  const made = operator({ ...options, env: { ...QDRANT_ONLY, ...options.env } })
  const tenant = await sha256(made.key)
  const ask = async (over: Record<string, unknown> = {}, headers = {}) => {
    const answer = await made.post(CHAT, chat(over), headers)
    await made.settled()
    return answer.headers.get('x-cache-key')!
  }
  return { ...made, tenant, ask }
}

describe('the list of entries', () => {
  it('shows what an entry is, without what was asked and answered', async () => {
    const { ask, operate, tenant } = await inspected()
    const key = await ask({}, { 'x-cache-tags': 'a', 'x-cache-namespace': 'n' })
    vi.setSystemTime(NOW + 10_000)
    const page = await operate<Page>('/admin/entries')
    expect(page).toMatchObject({
      next: null,
      entries: [
        {
          key,
          tenant,
          api: CHAT,
          model: 'small',
          namespace: 'n',
          tags: ['a'],
          source: 'llm',
          stored_at: NOW,
          expires_at: NOW + 1_800_000,
          age_seconds: 10,
          ttl_seconds: 1_790,
          mode: 'json',
          readable: true,
        },
      ],
    })
    expect(page.entries[0]).not.toHaveProperty('content')
    expect(JSON.stringify(page)).not.toMatch(/sky|answer/)
  })

  it('shows content only when asked to', async () => {
    const { ask, operate } = await inspected()
    const key = await ask()
    const { entries } = await operate<Page>(`/admin/entries?key=${key}&content=1`)
    expect(entries[0]!.content).toEqual({
      body: expect.stringContaining('choices'),
      question: 'Why is the sky blue?',
    })
  })

  it('pages through all entries, each once', async () => {
    const { ask, operate } = await inspected()
    const keys = await Promise.all([1, 2, 3, 4, 5].map((n) => ask({ seed: n })))
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`
      const page: Page = await operate<Page>(`/admin/entries?limit=2${after}`)
      seen.push(...page.entries.map(({ key }) => key))
      cursor = page.next
    }
    expect(seen).toEqual(keys.toSorted())
  })

  it('has only those that match all filters', async () => {
    const { ask, operate, tenant } = await inspected()
    await ask({}, { 'x-cache-tags': 'a' })
    await ask({ model: 'large' }, { 'x-cache-tags': 'a' })
    await ask({ model: 'large' }, { 'x-cache-namespace': 'n' })
    const listed = async (query: string) =>
      (await operate<Page>(`/admin/entries?${query}`)).entries.length
    expect(await listed(`tenant=${tenant}`)).toBe(3)
    expect(await listed(`tenant=${tenant}&model=large&tag=a`)).toBe(1)
    expect(await listed('namespace=')).toBe(2)
    expect(await listed('tenant=another')).toBe(0)
  })
})

describe('the count of entries', () => {
  interface Count {
    readonly total: number
    readonly expired: number
    readonly groups: readonly { name: string; entries: number }[]
  }

  it('counts by every member, within a filter', async () => {
    const { ask, operate, tenant } = await inspected()
    await ask({ model: 'large' })
    await ask({ seed: 1 })
    await ask({ seed: 2 }, { 'x-cache-ttl': '1' })
    vi.setSystemTime(NOW + 1_000)
    const count = (query: string) => operate<Count>(`/admin/entries/count?${query}`)
    expect(await count('')).toEqual({
      total: 3,
      expired: 1,
      groups: [
        { name: 'small', entries: 2 },
        { name: 'large', entries: 1 },
      ],
    })
    expect((await count('by=tenant')).groups).toEqual([{ name: tenant, entries: 3 }])
    expect((await count('by=api&model=large')).groups).toEqual([{ name: CHAT, entries: 1 }])
    expect((await count('by=source')).groups).toEqual([{ name: 'llm', entries: 3 }])
  })

  it('counts ages by upper ends in seconds, each entry once', async () => {
    const { ask, operate } = await inspected()
    for (const [n, age] of [60, 61, 300, 4_000].entries()) {
      vi.setSystemTime(NOW - age * 1000)
      await ask({ seed: n })
    }
    vi.setSystemTime(NOW)
    const { groups } = await operate<Count>('/admin/entries/count?by=age')
    expect(groups).toEqual([
      { name: '60', entries: 1 },
      { name: '300', entries: 2 },
      { name: '1800', entries: 0 },
      { name: '3600', entries: 0 },
      { name: '86400', entries: 1 },
      { name: 'older', entries: 0 },
    ])
  })
})

describe('a lookup', () => {
  const lookup = async (
    made: Awaited<ReturnType<typeof inspected>>,
    body: unknown,
    { path = CHAT, tenant = made.tenant, user = '', headers = {} } = {},
  ) => {
    const query = new URLSearchParams({ path, tenant, ...(user === '' ? {} : { user }) })
    return made.operate<LookupAnswer>(`/admin/lookup?${query}`, body, headers)
  }

  it('finds the entry that would answer the posted request, and asks nobody else', async () => {
    const made = await inspected()
    const key = await made.ask()
    const found = await lookup(made, chat())
    expect(found).toMatchObject({ bypass: null, inputs: [{ key, state: 'fresh', entry: { key } }] })
    expect(await lookup(made, chat({ stream: true, user: 'x' }))).toEqual(found)
    expect(made.litellm.asked).toHaveLength(1)
  })

  it('says the key of a request that has no entry', async () => {
    const made = await inspected()
    const { inputs } = await lookup(made, chat({ temperature: 0.2 }))
    expect(inputs).toEqual([{ key: expect.any(String), state: 'absent', entry: null }])
    expect(await made.ask({ temperature: 0.2 })).toBe(inputs[0]!.key)
  })

  it('counts tenant, namespace, headers, alias and api-version as a request does', async () => {
    const made = await inspected()
    await made.ask({}, { 'x-cache-namespace': 'n', 'openai-beta': 'b' })
    const headers = { 'x-cache-namespace': 'n', 'openai-beta': 'b' }
    const stateOf = async (over: Parameters<typeof lookup>[2] = {}) =>
      (await lookup(made, chat(), over)).inputs[0]!.state
    expect(await stateOf({ headers })).toBe('fresh')
    expect(await stateOf({ headers, path: '/chat/completions' })).toBe('fresh')
    expect(await stateOf({ headers, path: '/openai/deployments/small/chat/completions' })).toBe(
      'fresh',
    )
    expect(await stateOf()).toBe('absent')
    expect(await stateOf({ headers, tenant: 'another' })).toBe('absent')
    expect(await stateOf({ headers, user: 'ann' })).toBe('absent')
    expect(await stateOf({ headers, path: `${CHAT}?api-version=1` })).toBe('absent')
  })

  it("finds an end user's entry", async () => {
    const keys = [{ sha256: await sha256('gw-1'), tenant: 'acme', scope: 'user' }]
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify(keys) }
    const made = await inspected({ env, key: 'gw-1' })
    await made.ask({ user: 'ann' })
    const found = async (user: string) =>
      (await lookup(made, chat(), { tenant: 'acme', user })).inputs[0]!.state
    expect([await found('ann'), await found('bob'), await found('')]).toEqual([
      'fresh',
      'absent',
      'absent',
    ])
  })

  it('knows every path of app.ts whose answers are cached', async () => {
    const { call } = await inspected()
    const calls = [...app.matchAll(/\bllm\(\[(.*?)\], (\w+)/g)]
    const cached = calls.filter(([, , api = '']) => !PASSED_ON.has(api))
    const paths = cached.flatMap(([, list = '']) => [...list.matchAll(/'(\/.*?)'/g)])
    expect(paths.length).toBeGreaterThan(20)
    for (const [, path = ''] of paths) {
      const answer = await call(`/admin/lookup?tenant=a&path=${encodeURIComponent(path)}`, '[]')
      expect([path, await answer.json()]).toMatchObject([path, { error: { code: 'invalid_json' } }])
    }
  })

  it("finds the entry of a model that is escaped in Azure's path", async () => {
    const made = await inspected()
    const path = '/openai/deployments/openai%2Fsm%C3%A5ll/chat/completions?api-version=1'
    await made.post(path, chat())
    await made.settled()
    expect((await lookup(made, chat(), { path })).inputs[0]!.state).toBe('fresh')
  })

  it('tells expired, unreadable and foreign entries apart', async () => {
    const made = await inspected()
    const key = await made.ask()
    const payload = made.qdrant.points.get(key)!
    const state = async () => (await lookup(made, chat())).inputs[0]!.state
    made.qdrant.points.set(key, { ...payload, proof: 'f'.repeat(64) })
    expect(await state()).toBe('other request')
    made.qdrant.points.set(key, { ...payload, v: 99 })
    expect(await state()).toBe('unreadable')
    made.qdrant.points.set(key, payload)
    vi.setSystemTime(NOW + 1_800_000)
    expect(await state()).toBe('expired')
  })

  it('finds the entry of each input of a batch of embeddings', async () => {
    const made = await inspected({ answer: embed })
    const embeddings = (input: unknown) => ({ model: 'embed', input })
    await made.post('/v1/embeddings', embeddings(['a', 'b']))
    await made.settled()
    const path = '/v1/embeddings'
    const { inputs } = await lookup(made, embeddings(['a', 'c', 'b']), { path })
    expect(inputs.map(({ state }) => state)).toEqual(['fresh', 'absent', 'fresh'])
    const alone = await lookup(made, embeddings('a'), { path })
    expect(alone.inputs.map(({ key }) => key)).toEqual([inputs[0]!.key])
  })

  it('says why a request is not cached', async () => {
    const made = await inspected()
    const body =
      '{"model":"small","messages":[{"role":"user","content":"x"}],"seed":12345678901234567890}'
    expect(await lookup(made, body)).toEqual({
      bypass: 'number or text without a canonical form',
      inputs: [],
    })
    const never = JSON.stringify([{ name: 'never', models: ['small'], cache: 'off' }])
    const ruled = await inspected({ env: { POLICIES: never } })
    expect((await lookup(ruled, chat())).bypass).toBe('policy never')
    const acmes = JSON.stringify([{ name: 'acmes', tenants: ['acme'], cache: 'off' }])
    const ofTenant = await inspected({ env: { POLICIES: acmes } })
    for (const tenant of ['acme', '["acme","ann"]']) {
      expect((await lookup(ofTenant, chat(), { tenant })).bypass).toBe('policy acmes')
    }
    const stateful = { model: 'small', input: 'x', previous_response_id: 'r' }
    expect((await lookup(made, stateful, { path: '/v1/responses' })).bypass).toContain(
      'previous_response_id',
    )
  })

  it('names an unknown route, and what is wrong with the body', async () => {
    const { refusedBy } = await inspected()
    const path = (text: string) => `/admin/lookup?tenant=a&path=${encodeURIComponent(text)}`
    expect(await refusedBy(path('/v1/images/generations'), {})).toMatchObject({ param: 'path' })
    expect(await refusedBy(path(CHAT), { model: 'm' })).toMatchObject({ param: 'messages' })
  })
})
