import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import { MemoryBudget } from '../../src/stream/memory-budget.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('the memory budget', () => {
  it('is short past its limit, whoever holds the memory', () => {
    const budget = new MemoryBudget(10)
    const [one, other] = [budget.accountOf({}), budget.accountOf({})]
    one.take(6)
    other.take(4)
    expect(budget.isShort).toBe(false)
    other.take(1)
    expect(one.isShort).toBe(true)
    one.release(6)
    expect(other.isShort).toBe(false)
  })

  it('regains memory once when its owner is garbage-collected', async () => {
    const budget = new MemoryBudget(10)
    const account = (() => budget.accountOf({ any: 'owner' }))()
    account.take(11)
    expect(budget.isShort).toBe(true)
    await vi.waitFor(() => {
      collectGarbage()
      expect(budget.isShort).toBe(false)
    })
    account.release(11)
    budget.take(11)
    expect(budget.isShort).toBe(true)
  })

  it("regains a request's memory at once when its caller leaves", () => {
    const budget = new MemoryBudget(10)
    const caller = new AbortController()
    const held = budget.holdingOf('a key', caller.signal)
    held.take(11)
    expect(budget.isShort).toBe(true)
    caller.abort()
    expect(budget.isShort).toBe(false)
    held.take(11)
    held.release(11)
    held.close()
    expect(budget.isShort).toBe(false)
    budget.take(11)
    expect(budget.isShort).toBe(true)
  })

  it('allows each caller at most half of its limit', () => {
    const budget = new MemoryBudget(10)
    const { signal } = new AbortController()
    const [one, other] = ['a', 'b'].map((caller) => budget.holdingOf(caller, signal))
    one!.take(6)
    expect([one!.isShort, other!.isShort, budget.isShort]).toEqual([true, false, false])
    expect(budget.holdingOf('a', signal).isShort).toBe(true)
    one!.close()
    expect(budget.holdingOf('a', signal).isShort).toBe(false)
  })
})
