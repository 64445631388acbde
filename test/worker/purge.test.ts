import { describe, expect, it, vi } from 'vitest'
import type { Purge } from '../../src/admin/purge.ts'
import { credulous } from '../support/credulous-litellm.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat, QDRANT_ONLY } from '../support/gateway.ts'
import { operator } from '../support/operator.ts'

const CHAT = '/v1/chat/completions'
const NOW = 1_790_000_000_000
const LITELLMS = 'litellm_semantic_cache'

fixedClock(NOW)

/** An operator of a gateway with one entry, in all tiers. */
async function withEntry(env: Record<string, unknown> = {}) {
  const made = operator({ env })
  const ask = async (over: Record<string, unknown> = {}, headers = {}) => {
    const answer = await made.post(CHAT, chat(over), headers)
    await made.settled()
    return { outcome: answer.headers.get('x-cache'), key: answer.headers.get('x-cache-key')! }
  }
  const purge = (filter: object, more: object = {}) =>
    made.operate<Purge>('/admin/purge', { filter, ...more })
  const { key } = await ask()
  return { ...made, ask, purge, key }
}

describe('a purge', () => {
  it('by key makes the next request a miss at once, in this isolate and its data centre', async () => {
    const { ask, purge, key, litellm } = await withEntry()
    expect((await ask()).outcome).toBe('exact-hit')
    expect(await purge({ key })).toMatchObject({ dry_run: false, matched: 1, done: true })
    expect((await ask()).outcome).toBe('miss')
    expect(litellm.asked).toHaveLength(2)
  })

  it('says until when copies elsewhere may be served', async () => {
    const { purge, key } = await withEntry({ EDGE_TTL_SECONDS: '45' })
    expect((await purge({ key })).near_tiers_until).toBe(NOW + 45_000)
  })

  it('as a dry run counts and shows a few without content, and deletes nothing', async () => {
    const { ask, purge, qdrant } = await withEntry()
    for (let n = 0; n < 6; n += 1) await ask({ temperature: n / 10 }, { 'x-cache-tags': 'draft' })
    const planned = await purge({ tag: 'draft' }, { dry_run: true })
    expect(planned).toMatchObject({ dry_run: true, matched: 6, done: true })
    expect(planned.examples).toHaveLength(5)
    expect(planned.examples[0]).toMatchObject({ model: 'small', tags: ['draft'], readable: true })
    expect(JSON.stringify(planned)).not.toMatch(/sky|blue/)
    expect(qdrant.deletes).toEqual([])
    expect(qdrant.points.size).toBe(7)
  })

  it.each([
    ['tag', { tag: 'draft' }, { 'x-cache-tags': 'other, draft' }, {}],
    ['namespace', { namespace: 'n' }, { 'x-cache-namespace': 'n' }, {}],
    ['model', { model: 'large' }, {}, { model: 'large' }],
  ])('by %s spares all other entries', async (_, filter, headers, over) => {
    const { ask, purge } = await withEntry()
    await ask({ temperature: 1, ...over }, headers)
    expect((await purge(filter)).matched).toBe(1)
    expect((await ask()).outcome).toBe('exact-hit')
    expect((await ask({ temperature: 1, ...over }, headers)).outcome).toBe('miss')
  })

  it('by age deletes what is at least so old', async () => {
    const { ask, purge, qdrant } = await withEntry(QDRANT_ONLY)
    vi.setSystemTime(NOW + 60_000)
    await ask({ temperature: 1 })
    expect((await purge({ older_than_seconds: 61 })).matched).toBe(0)
    expect(qdrant.deletes).toEqual([])
    expect((await purge({ older_than_seconds: 60 })).matched).toBe(1)
    expect((await ask({ temperature: 1 })).outcome).toBe('exact-hit')
  })

  it('spares an entry that is replaced while it runs and no longer matches', async () => {
    const { purge, qdrant, key } = await withEntry()
    qdrant.beforeDelete = () => {
      const [id, payload] = [...qdrant.points][0]!
      qdrant.points.set(id, { ...payload, model: 'another' })
    }
    await purge({ model: 'small' })
    expect([...qdrant.points.keys()]).toEqual([key])
  })

  it('also deletes payloads that this version cannot read', async () => {
    const { purge, qdrant } = await withEntry()
    qdrant.points.set(crypto.randomUUID(), { v: 99, tenant: 'acme' })
    const purged = await purge({ tenant: 'acme' })
    expect(purged).toMatchObject({ matched: 1, examples: [{ readable: false, tenant: 'acme' }] })
  })

  it('of more entries than one request deletes says so, and goes on when it is repeated', async () => {
    const { purge, qdrant } = await withEntry()
    for (let n = 0; n < 20_500; n += 1) qdrant.points.set(crypto.randomUUID(), { tenant: 'acme' })
    expect(await purge({ tenant: 'acme' })).toMatchObject({ matched: 20_000, done: false })
    expect(await purge({ tenant: 'acme' })).toMatchObject({ matched: 500, done: true })
    expect(qdrant.points.size).toBe(1)
  })

  it('counts an entry once, also a semantic hit on another entry that matches', async () => {
    const { purge, qdrant, key } = await withEntry()
    const hits = ['acme', 'acme', 'globex'].map((tenant) => ({ tenant, original_key: key }))
    for (const hit of hits) qdrant.points.set(crypto.randomUUID(), hit)
    qdrant.points.get(key)!['tenant'] = 'acme'
    expect(await purge({ tenant: 'acme' })).toMatchObject({ matched: 3, derived: 1, done: true })
    expect(qdrant.points.size).toBe(0)
  })

  it('of everything needs "all", and leaves nothing', async () => {
    const { purge, qdrant } = await withEntry()
    expect((await purge({ all: true })).matched).toBe(1)
    expect(qdrant.points.size).toBe(0)
  })
})

describe('a purge of an answer in the semantic cache', () => {
  /** LiteLLM's point of an answer, as it stores it. */
  const point = (cacheKey: string, answerId: string) => ({
    litellm_cache_key: cacheKey,
    response: `{'timestamp': 1.5, 'response': '{"id":"${answerId}","choices":[]}'}`,
  })

  async function withSemanticEntry() {
    const made = operator({ answer: credulous(), env: QDRANT_ONLY })
    const answer = await made.post(CHAT, chat())
    const { id } = (await answer.json()) as { id: string }
    await made.settled()
    const key = answer.headers.get('x-cache-key')!
    const scope = String(made.qdrant.points.get(key)!['scope'])
    const points = new Map([
      ['same', point(`${scope}:0`, id)],
      ['another answer', point(`${scope}:0`, 'chatcmpl-other')],
      ['another namespace', point(`${'f'.repeat(64)}-9:0`, id)],
      ['longer id', point(`${scope}:0`, `${id}9`)],
    ])
    made.qdrant.collections.set(LITELLMS, { points, indexes: new Map() })
    const purge = () => made.operate<Purge>('/admin/purge', { filter: { key } })
    return { ...made, points, purge }
  }

  it('deletes exactly that answer there', async () => {
    const { purge, points } = await withSemanticEntry()
    expect((await purge()).semantic).toEqual({ purged: 1, incomplete: null })
    expect([...points.keys()]).toEqual(['another answer', 'another namespace', 'longer id'])
  })

  it('still deletes the entry if that collection fails, and says what is left', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    vi.spyOn(console, 'error').mockImplementation(() => {}) // the fake's
    const { purge, qdrant, points } = await withSemanticEntry()
    const failing = new Map([['broken', null as never]])
    qdrant.collections.set(LITELLMS, { points: failing, indexes: new Map() })
    const purged = await purge()
    expect(purged).toMatchObject({ matched: 1, semantic: { purged: 0 } })
    expect(purged.semantic.incomplete).toContain('originals are gone')
    expect(points.size).toBe(4)
  })

  it('says that answers may be left if LiteLLM has more namespaces than Qdrant can list', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { purge, points } = await withSemanticEntry()
    // Twice each, so that they are listed first.
    for (let n = 0; n < 128_000; n += 1) {
      points.set(`other ${n}`, point(`${String(n % 64_000).padStart(64, 'e')}-9:0`, 'other'))
    }
    expect((await purge()).semantic).toEqual({
      purged: 0,
      incomplete: expect.stringContaining('may be left'),
    })
  })

  it('does nothing there if LiteLLM has no such collection', async () => {
    const { purge, qdrant } = await withSemanticEntry()
    qdrant.collections.delete(LITELLMS)
    expect((await purge()).semantic).toEqual({ purged: 0, incomplete: null })
  })
})
