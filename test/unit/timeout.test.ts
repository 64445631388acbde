import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { IdleTimer, untilAborted, withTimeout } from '../../src/stream/timeout.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('IdleTimer', () => {
  function timer() {
    const onIdle = vi.fn()
    return { onIdle, idle: new IdleTimer(1_000, onIdle, () => Date.now()) }
  }

  it('fires after a full wait, measured from the start of that wait', () => {
    const { onIdle, idle } = timer()
    idle.start()
    vi.advanceTimersByTime(900)
    idle.pause()
    idle.start()
    vi.advanceTimersByTime(999)
    expect(onIdle).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onIdle).toHaveBeenCalledTimes(1)
  })

  it('does not fire between waits or after it was stopped', () => {
    const { onIdle, idle } = timer()
    idle.start()
    idle.pause()
    vi.advanceTimersByTime(5_000)
    idle.start()
    idle.stop()
    vi.advanceTimersByTime(5_000)
    expect(onIdle).not.toHaveBeenCalled()
  })

  it('uses one timer, however many waits there are', () => {
    const { idle } = timer()
    for (let n = 0; n < 100; n += 1) {
      idle.start()
      idle.pause()
    }
    expect(vi.getTimerCount()).toBe(1)
    idle.stop()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('withTimeout', () => {
  it("aborts the work's signal when time is up and leaves no timer behind", async () => {
    const slow = withTimeout(1_000, (late) => untilAborted(new Promise(() => {}), late))
    const seen = expect(slow).rejects.toThrow('Too late.')
    await vi.advanceTimersByTimeAsync(1_000)
    await seen
    expect(await withTimeout(1_000, async () => 'done')).toBe('done')
    expect(vi.getTimerCount()).toBe(0)
  })
})
