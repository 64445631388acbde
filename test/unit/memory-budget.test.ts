import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import { MemoryBudget } from '../../src/stream/memory-budget.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('a memory budget', () => {
  it('is short over its limit, whoever holds it', () => {
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

  it('has back what an owner held that is gone without a word, once', async () => {
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
})
