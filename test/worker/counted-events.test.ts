import { createScheduledController } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import worker from '../../src/index.ts'
import { credulous } from '../support/credulous-litellm.ts'
import { chat, gateway, QDRANT_ONLY } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'
import { ledger } from '../support/ledger.ts'

const CHAT = '/v1/chat/completions'
const question = (content: string) => chat({ messages: [{ role: 'user', content }] })

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** A gateway with a ledger of its own, and the events and gauges in it. */
function counted({ env = {}, ...options }: GatewayOptions = {}) {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { namespace, reader } = ledger()
  const made = gateway({ ...options, env: { LEDGER_OBJECTS: namespace, ...env } })
  const totals = async () => {
    await made.settled()
    const { events, gauges } = await reader.totals()
    const named = (all: readonly { name: string }[], member: string) =>
      Object.fromEntries(all.map((one) => [one.name, (one as Record<string, unknown>)[member]]))
    return { events: named(events, 'count'), gauges: named(gauges, 'value') }
  }
  return { ...made, totals }
}

describe('the ledger counts', () => {
  it('spans that MLflow did not take', async () => {
    const refuses = { fetch: async () => new Response('', { status: 503 }) }
    const env = { MLFLOW_URL: 'http://mlflow' }
    const { post, totals } = counted({ env, hosts: { mlflow: refuses } })
    await post(CHAT, chat())
    expect((await totals()).events).toEqual({ trace_spans_dropped: 4 })
  })

  it('how often lookups in Qdrant were stopped', async () => {
    const fails = { fetch: async () => new Response('{}', { status: 500 }) }
    const { post, totals } = counted({ env: QDRANT_ONLY, hosts: { qdrant: fails } })
    for (let seed = 0; seed < 7; seed += 1) await post(CHAT, chat({ seed }))
    expect((await totals()).events).toEqual({ qdrant_breaker_opened: 1 })
  })

  it('how often verdicts were paused', async () => {
    const { post, settled, totals, litellm } = counted({ answer: credulous() })
    litellm.judge = () => new Response('', { status: 500 })
    for (const city of ['Lyon', 'Nice', 'Lille', 'Brest', 'Metz', 'Caen', 'Dijon']) {
      await post(CHAT, question(`How far is ${city}?`))
      await settled()
    }
    expect((await totals()).events).toEqual({ judge_paused: 1 })
  })

  it('what a sweep deleted, what it left, and when it ended', async () => {
    vi.useFakeTimers({ now: Date.UTC(2090, 0, 1), toFake: ['Date'] })
    const env = { CACHE_TTL_SECONDS: '10', CACHE_STALE_IF_ERROR_SECONDS: '0' }
    const { post, settled, settings, totals } = counted({ env })
    await post(CHAT, chat())
    await settled()
    const endedAt = Date.UTC(2090, 0, 1, 1)
    vi.setSystemTime(endedAt)
    await worker.scheduled(createScheduledController(), settings)
    expect(await totals()).toEqual({
      events: { sweep_deleted: 1 },
      gauges: { sweep_left: 0, sweep_ended_at: endedAt },
    })
  })
})
