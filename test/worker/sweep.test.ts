import { createScheduledController } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import worker from '../../src/index.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const START = 1_790_000_000_000

afterEach(() => vi.useRealTimers())

describe('the sweep', () => {
  it('deletes what expired over a minute ago, and nothing else', async () => {
    vi.useFakeTimers({ now: START, toFake: ['Date'] })
    const { post, settled, qdrant, settings } = gateway({ env: { CACHE_TTL_SECONDS: '10' } })
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

  it('finds nothing to do where there is no collection, or no Qdrant', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    await worker.scheduled(createScheduledController(), gateway().settings)
    const without = gateway({ hosts: { qdrant: undefined } })
    await worker.scheduled(createScheduledController(), without.settings)
    vi.restoreAllMocks()
  })
})
