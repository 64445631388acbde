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

  it('regains memory once when a request is garbage-collected', async () => {
    const budget = new MemoryBudget(10)
    const held = (() => budget.holdingOf('a key', new AbortController()))()
    held.take(11)
    expect(budget.isShort).toBe(true)
    await vi.waitFor(() => {
      collectGarbage()
      expect(budget.isShort).toBe(false)
    })
  })

  it("regains a request's memory at once when its caller leaves", () => {
    const budget = new MemoryBudget(10)
    const caller = new AbortController()
    const held = budget.holdingOf('a key', caller)
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

  it('counts a small request only once it is forwarded, and watches its signal from then on', () => {
    const budget = new MemoryBudget(10)
    const [small, large] = [new AbortController(), new AbortController()]
    const held = budget.holdingOf('a key', small, 8)
    held.take(8)
    const other = budget.holdingOf('another key', large, 8)
    other.take(9)
    other.take(1)
    expect(budget.isShort).toBe(false)
    held.count()
    expect(budget.isShort).toBe(true)
    small.abort()
    expect(budget.isShort).toBe(false)
    budget.take(1)
    expect(budget.isShort).toBe(true)
    large.abort()
    budget.take(9)
    expect(budget.isShort).toBe(false)
  })

  it('counts nothing for a caller who has left before the first byte counts', () => {
    const budget = new MemoryBudget(10)
    const gone = new AbortController()
    const held = budget.holdingOf('a key', gone, 8)
    held.take(8)
    gone.abort()
    held.count()
    held.take(8)
    budget.take(10)
    expect(budget.isShort).toBe(false)
    budget.release(10)
    const other = budget.holdingOf('a key', new AbortController())
    other.take(5)
    expect(other.isShort).toBe(false)
  })

  it('allows each caller at most half of its limit', () => {
    const budget = new MemoryBudget(10)
    const request = new AbortController()
    const [one, other] = ['a', 'b'].map((caller) => budget.holdingOf(caller, request))
    one!.take(6)
    expect([one!.isShort, other!.isShort, budget.isShort]).toEqual([true, false, false])
    expect(budget.holdingOf('a', request).isShort).toBe(true)
    one!.close()
    expect(budget.holdingOf('a', request).isShort).toBe(false)
  })
})
