import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Batch } from '../../src/ledger/batch.ts'
import { BatchLost } from '../../src/ledger/client.ts'
import { ledgerRecorder } from '../../src/ledger/recorder.ts'
import type { RequestRecord } from '../../src/ledger/record.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const NOW = Date.UTC(2026, 10, 30, 12)

beforeEach(() => void vi.useFakeTimers({ now: NOW }))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const REQUEST: RequestRecord = {
  at: NOW,
  requestId: 'r',
  tenant: 'acme',
  model: 'small',
  api: '/v1/chat/completions',
  outcome: 'miss',
  tier: '',
  status: 200,
  error: undefined,
  latencyMs: 12,
  saved: undefined,
}

function recorder() {
  const sent: Batch[] = []
  const ledger = { fails: undefined as ((batch: Batch) => Error) | undefined }
  const made = ledgerRecorder({
    async send(batch) {
      if (ledger.fails !== undefined) throw ledger.fails(batch)
      sent.push(batch)
    },
    delayMs: 10_000,
    timeoutMs: 5_000,
    now: () => Date.now(),
  })
  /** Sends what is queued, when it is due. */
  const due = async () => {
    const sending = made.flush()
    await vi.advanceTimersByTimeAsync(12_000)
    await sending
  }
  const requestsIn = (batch: Batch | undefined) =>
    batch?.requests.reduce((sum, { requests }) => sum + requests, 0)
  const eventsIn = (batch: Batch | undefined) =>
    Object.fromEntries(batch?.events.map(({ name, count }) => [name, count]) ?? [])
  return { ...made, sent, ledger, due, requestsIn, eventsIn }
}

describe('the recorder', () => {
  it('sends the requests of ten seconds as one sum', async () => {
    const { request, due, sent } = recorder()
    for (let requests = 0; requests < 1_000; requests += 1) request(REQUEST)
    await due()
    expect(sent).toHaveLength(1)
    expect(sent[0]?.requests).toMatchObject([{ tenant: 'acme', requests: 1_000 }])
  })

  it('adds counters up, and keeps the last value of a gauge', async () => {
    const { count, gauge, due, sent, eventsIn } = recorder()
    count('trace_spans_sent', 3)
    count('trace_spans_sent', 4)
    gauge('sweep_left', 7)
    gauge('sweep_left', 5)
    await due()
    expect(eventsIn(sent[0])).toEqual({ trace_spans_sent: 7 })
    expect(sent[0]?.gauges).toMatchObject([{ name: 'sweep_left', value: 5 }])
  })

  it('drops requests when it is overloaded, and counts them with the next batch', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { request, due, sent, requestsIn, eventsIn } = recorder()
    for (let model = 0; model < 5_500; model += 1) request({ ...REQUEST, model: `m-${model}` })
    request({ ...REQUEST, model: 'm-0' }) // which has its place
    await due()
    expect(requestsIn(sent[0])).toBe(5_001)
    expect(eventsIn(sent[0])).toEqual({ ledger_records_dropped: 500 })
  })

  it('counts a batch that the ledger did not take, and sends its counters again', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { request, count, gauge, due, sent, ledger, eventsIn } = recorder()
    ledger.fails = (batch) => new BatchLost([batch], new Error('overloaded'))
    request(REQUEST)
    request(REQUEST)
    count('trace_spans_sent', 3)
    gauge('sweep_left', 7)
    await due()
    ledger.fails = undefined
    await due()
    expect(sent).toHaveLength(1)
    expect(sent[0]?.requests).toEqual([]) // never sent twice
    expect(eventsIn(sent[0])).toEqual({
      trace_spans_sent: 3,
      ledger_batches_dropped: 1,
      ledger_records_dropped: 2,
    })
    expect(sent[0]?.gauges).toMatchObject([{ name: 'sweep_left', value: 7 }])
    expect(warned.mock.calls.join()).toContain('counts lost')
  })

  it('keeps no long model in memory while its record waits', async () => {
    const { request, due, sent } = recorder()
    const held = () => {
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    const before = held()
    for (let number = 0; number < 20; number += 1) {
      request({ ...REQUEST, model: JSON.parse(`"${number}${'x'.repeat(4_000_000)}"`) as string })
    }
    // Of 80 MB, the last text of all may still be known to the engine.
    expect(held() - before).toBeLessThan(20_000_000)
    await due()
    expect(sent[0]?.requests[0]?.model).toBe(`0${'x'.repeat(127)}`)
  })

  it('has nothing to send when nothing has happened', () => {
    expect(recorder().flush()).toBeUndefined()
  })
})
