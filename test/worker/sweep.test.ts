import { createScheduledController } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MockInstance } from 'vitest'
import worker from '../../src/index.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const START = 1_790_000_000_000

/** No stale window, so expired entries can be swept. */
const NO_WINDOW = { CACHE_STALE_IF_ERROR_SECONDS: '0', LOG_LEVEL: 'info' }

let log: MockInstance<typeof console.log>

beforeEach(() => {
  log = vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** The log lines of sweeps. */
const logged = () =>
  log.mock.calls
    .map(([line]) => ({ ...(JSON.parse(String(line)) as { event: string }), time: undefined }))
    .filter(({ event }) => event === 'sweep')

describe('the sweep', () => {
  it('deletes only entries that expired over a minute ago', async () => {
    vi.useFakeTimers({ now: START, toFake: ['Date'] })
    const { post, settled, qdrant, settings } = gateway({
      env: { CACHE_TTL_SECONDS: '10', ...NO_WINDOW },
    })
    await post(CHAT, chat())
    await settled()
    vi.setSystemTime(START + 30_000)
    await post(CHAT, chat({ temperature: 1 }))
    await settled()
    const sweep = () => worker.scheduled(createScheduledController(), settings)
    vi.setSystemTime(START + 70_000)
    await sweep()
    expect(qdrant.points.size).toBe(2)
    vi.setSystemTime(START + 70_001)
    await sweep()
    expect([...qdrant.points.values()]).toEqual([
      expect.objectContaining({ stored_at: START + 30_000 }),
    ])
  })

  it('keeps entries that stale-if-error may still serve', async () => {
    vi.useFakeTimers({ now: START, toFake: ['Date'] })
    const env = { CACHE_TTL_SECONDS: '10', CACHE_STALE_IF_ERROR_SECONDS: '100' }
    const { post, settled, qdrant, settings } = gateway({ env })
    await post(CHAT, chat())
    await settled()
    for (const [passed, left] of [
      [170_000, 1],
      [170_001, 0],
    ] as const) {
      vi.setSystemTime(START + passed)
      await worker.scheduled(createScheduledController(), settings)
      expect(qdrant.points.size).toBe(left)
    }
  })

  it('never deletes by a filter that could match everything', async () => {
    vi.useFakeTimers({ now: START, toFake: ['Date'] })
    const { post, settled, qdrant, settings } = gateway({
      env: { CACHE_TTL_SECONDS: '1', ...NO_WINDOW },
    })
    await post(CHAT, chat())
    await settled()
    vi.setSystemTime(START + 120_000)
    for (const _ of ['something to sweep', 'nothing to sweep']) {
      await worker.scheduled(createScheduledController(), settings)
    }
    expect(qdrant.deletes).toEqual([
      {
        filter: {
          must: [
            { has_id: [expect.any(String)] },
            { key: 'expires_at', range: { lt: START + 60_000 } },
          ],
        },
      },
    ])
  })

  it('spares an entry that is refreshed between the read and the delete', async () => {
    vi.useFakeTimers({ now: START, toFake: ['Date'] })
    const { post, settled, qdrant, settings } = gateway({
      env: { CACHE_TTL_SECONDS: '10', ...NO_WINDOW },
    })
    await post(CHAT, chat())
    await settled()
    vi.setSystemTime(START + 120_000)
    qdrant.beforeDelete = () => {
      for (const payload of qdrant.points.values()) payload['expires_at'] = START + 130_000
    }
    await worker.scheduled(createScheduledController(), settings)
    expect(qdrant.deletes).toHaveLength(1)
    expect(qdrant.points.size).toBe(1)
  })

  it('does nothing without a collection, and does not throw without Qdrant', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    await worker.scheduled(createScheduledController(), gateway({ env: NO_WINDOW }).settings)
    const without = gateway({ env: NO_WINDOW, hosts: { qdrant: undefined } })
    await worker.scheduled(createScheduledController(), without.settings)
    expect(logged()).toEqual([{ level: 'info', event: 'sweep', swept: 0, left: 0 }])
  })

  /** A Qdrant with more to sweep than one run may; page `hangsAt` never answers. */
  function endless({ hangsAt = Infinity }: { hangsAt?: number } = {}) {
    const seen = { pages: 0, counts: [] as unknown[] }
    const made = gateway({
      env: NO_WINDOW,
      hosts: {
        qdrant: {
          async fetch(request) {
            // Nothing was reported.
            if (request.url.includes('_reports/')) {
              return Response.json({ status: { error: 'Not found' } }, { status: 404 })
            }
            const body = await request.json<{ limit: number }>()
            const [, action] = /\/points\/(\w+)$/.exec(new URL(request.url).pathname) ?? []
            if (action === 'count') {
              seen.counts.push(body)
              return Response.json({ result: { count: 1_234 }, status: 'ok' })
            }
            if (action === 'delete') return Response.json({ result: {}, status: 'ok' })
            seen.pages += 1
            if (seen.pages === hangsAt) {
              queueMicrotask(() => vi.advanceTimersByTime(20_000))
              return new Promise<Response>(() => {})
            }
            const points = Array.from({ length: body.limit }, (_, id) => ({ id }))
            return Response.json({ result: { points }, status: 'ok' })
          },
        },
      },
    })
    return { ...made, seen }
  }

  it('stops after fifty pages and logs how many entries are left', async () => {
    vi.useFakeTimers({ now: START, toFake: ['Date'] })
    const { settings, seen } = endless()
    await worker.scheduled(createScheduledController(), settings)
    expect(seen.pages).toBe(50)
    const filter = { must: [{ key: 'expires_at', range: { lt: START - 60_000 } }] }
    expect(seen.counts).toEqual([{ filter, exact: true }])
    expect(logged()).toEqual([{ level: 'info', event: 'sweep', swept: 50_000, left: 1_234 }])
  })

  it('stops after twenty seconds and logs how many entries are left', async () => {
    vi.useFakeTimers({ now: START, toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    const { settings } = endless({ hangsAt: 3 })
    await worker.scheduled(createScheduledController(), settings)
    expect(logged()).toEqual([{ level: 'info', event: 'sweep', swept: 2_000, left: 1_234 }])
  })

  it('does not count entries after a complete run', async () => {
    vi.useFakeTimers({ now: START, toFake: ['Date'] })
    const { post, settled, qdrant, settings } = gateway({
      env: { CACHE_TTL_SECONDS: '10', ...NO_WINDOW },
    })
    await post(CHAT, chat())
    await settled()
    vi.setSystemTime(START + 120_000)
    await worker.scheduled(createScheduledController(), settings)
    expect(logged()).toEqual([{ level: 'info', event: 'sweep', swept: 1, left: 0 }])
    expect(qdrant.requests.filter((request) => request.endsWith('/count'))).toEqual([])
  })
})
