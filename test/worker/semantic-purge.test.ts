import { createScheduledController } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import worker from '../../src/index.ts'
import { purgeSemantic } from '../../src/store/semantic-purge.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { gateway } from '../support/gateway.ts'

const NOW = 1_790_000_000_000
const COLLECTION = 'litellm_semantic_cache'
const endsAt = (seconds: number) => `${'a'.repeat(64)}-${seconds}:${'b'.repeat(64)}`
const OVER = endsAt(NOW / 1000 - 61)
const GRACE = endsAt(NOW / 1000 - 60)

fixedClock(NOW)

/** A gateway whose Qdrant holds LiteLLM entries with these cache keys. */
function purging(env: Record<string, string>, cacheKeys: readonly string[]) {
  const made = gateway({ env: { QDRANT_COLLECTION: 'llm_exact_cache', ...env } })
  const points = new Map(
    cacheKeys.map((litellm_cache_key, at) => [`point-${at}`, { litellm_cache_key }]),
  )
  made.qdrant.collections.set(env['SEMANTIC_COLLECTION'] ?? COLLECTION, {
    points,
    indexes: new Map(),
  })
  const left = () => [...points.values()].map((one) => one.litellm_cache_key)
  return { ...made, left, cron: () => worker.scheduled(createScheduledController(), made.settings) }
}

describe('the purge of the semantic cache', () => {
  const all = [OVER, OVER, GRACE, endsAt(NOW / 1000 + 5), 'of-somebody-else', 'ns:of-another']

  it('deletes only entries whose namespace ended over a minute ago', async () => {
    const { cron, left } = purging({ SEMANTIC_PURGE: 'on' }, all)
    await cron()
    expect(left()).toEqual(all.slice(2))
  })

  it('is off by default', async () => {
    const { cron, left } = purging({}, all)
    await cron()
    expect(left()).toEqual(all)
  })

  it('works on the collection that SEMANTIC_COLLECTION names', async () => {
    const { cron, left } = purging({ SEMANTIC_PURGE: 'on', SEMANTIC_COLLECTION: 'mine' }, all)
    await cron()
    expect(left()).toEqual(all.slice(2))
  })

  it('logs a failure and does not stop the sweep', async () => {
    const warned: string[] = []
    vi.spyOn(console, 'warn').mockImplementation((line: string) => void warned.push(line))
    const { cron, qdrant } = purging({ SEMANTIC_PURGE: 'on' }, all)
    qdrant.collections.delete(COLLECTION)
    await cron()
    expect(warned.join()).toContain('semantic purge failed')
    expect(qdrant.requests).toContain('POST /collections/llm_exact_cache/points/scroll')
  })

  it('deletes a bounded number per run and never by an empty filter', async () => {
    const many = Array.from({ length: 2_500 }, (_, at) => endsAt(at + 1))
    const { qdrant, left } = purging({}, [...many, endsAt(NOW / 1000 + 5)])
    const options = { url: 'http://qdrant', collection: COLLECTION, maxDeletes: 2 }
    const isOver = (key: string) => many.includes(key)
    expect(await purgeSemantic({ ...options, isOver })).toEqual({ deleted: 2_000, done: false })
    expect(await purgeSemantic({ ...options, isOver })).toEqual({ deleted: 500, done: true })
    expect(await purgeSemantic({ ...options, isOver })).toEqual({ deleted: 0, done: true })
    expect(left()).toHaveLength(1)
    for (const body of qdrant.deletes as { filter: { must: { match: { any: unknown[] } }[] } }[]) {
      expect(body.filter.must[0]!.match.any.length).toBeGreaterThan(0)
    }
  })

  it('finds an ended namespace among more live ones than one Qdrant facet response holds', async () => {
    // Two entries per live key, so that Qdrant's facet lists them first.
    const live = Array.from({ length: 1_500 }, (_, at) => endsAt(NOW / 1000 + at + 1))
    const { cron, left } = purging({ SEMANTIC_PURGE: 'on' }, [...live, ...live, OVER])
    await cron()
    expect(left()).toHaveLength(3_000)
  })
})
