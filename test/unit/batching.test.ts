import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Batching } from '../../src/telemetry/batching.ts'
import type { BatchingOptions } from '../../src/telemetry/batching.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

function batching(options: Partial<BatchingOptions<string>> = {}) {
  const sent: string[] = []
  const lost: string[] = []
  const items: string[] = []
  const batches = new Batching<string>({
    queue: {
      get size() {
        return items.length
      },
      take: () => items.splice(0).join('+'),
    },
    send: async (batch) => void sent.push(batch),
    onLost: (batch) => void lost.push(batch),
    batchSize: 3,
    delayMs: 1_000,
    timeoutMs: 5_000,
    now: () => Date.now(),
    ...options,
  })
  /** What one request does. */
  const leave = (item: string) => {
    items.push(item)
    return batches.flush()
  }
  return { batches, leave, sent, lost }
}

describe('a batch', () => {
  it('has what several requests left, and is sent by the first of them', async () => {
    const { leave, sent } = batching()
    const first = leave('a')
    expect(first).toBeInstanceOf(Promise)
    expect(leave('b')).toBeUndefined()
    await vi.advanceTimersByTimeAsync(999)
    expect(sent).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await first
    expect(sent).toEqual(['a+b'])
  })

  it('is sent at once when it is full', async () => {
    const { leave, sent } = batching()
    void leave('a')
    void leave('b')
    await leave('c')
    expect(sent).toEqual(['a+b+c'])
  })

  it('is sent by each request itself if nothing is to wait', async () => {
    const { leave, sent } = batching({ delayMs: 0 })
    await leave('a')
    await leave('b')
    expect(sent).toEqual(['a', 'b'])
  })

  it('is sent by a later request if the one that promised it was cut off', async () => {
    const { leave, sent } = batching()
    void leave('a')
    vi.clearAllTimers() // the first request is gone
    vi.setSystemTime(1_000_000 + 2_999)
    expect(leave('b')).toBeUndefined()
    vi.setSystemTime(1_000_000 + 3_000)
    const later = leave('c')
    await vi.advanceTimersByTimeAsync(1_000)
    await later
    expect(sent).toEqual(['a+b+c'])
  })
})

describe('sending', () => {
  it('counts a batch that could not be sent, and rests before the next', async () => {
    let fails = true
    const sent: string[] = []
    const { leave, lost } = batching({
      delayMs: 0,
      send: async (batch) => {
        if (fails) throw new Error('MLflow answered 500')
        sent.push(batch)
      },
    })
    await leave('a')
    expect(lost).toEqual(['a'])
    fails = false
    const second = leave('b')
    await vi.advanceTimersByTimeAsync(0)
    expect(leave('c')).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1_999)
    expect(sent).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await second
    expect(sent).toEqual(['b+c'])
  })

  it('has at most two batches on their way, and goes on when one is given up', async () => {
    const begun: string[] = []
    const { leave } = batching({
      delayMs: 0,
      send: (batch) => {
        begun.push(batch)
        return new Promise(() => {})
      },
    })
    for (const item of ['a', 'b', 'c', 'd']) {
      void leave(item)
      await vi.advanceTimersByTimeAsync(0)
    }
    await vi.advanceTimersByTimeAsync(4_999)
    expect(begun).toEqual(['a', 'b'])
    await vi.advanceTimersByTimeAsync(1)
    expect(begun).toEqual(['a', 'b', 'c+d'])
  })
})
