import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { JudgeBudget } from '../../src/semantic/judge-budget.ts'

const UNKNOWN = 'semantic: judge budget unknown'
const SPENT = 'semantic: judge budget spent'
const NOVEMBER = Date.UTC(2026, 10, 30, 23, 59, 0)

beforeEach(() => void vi.useFakeTimers({ now: NOVEMBER }))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** A budget of 1 USD, and a ledger that says what was spent. */
function budget(spent: (tenant: string, now: number) => Promise<number>) {
  const asked = vi.fn(spent)
  const made = new JudgeBudget({ limitUsd: 1, spent: asked, now: () => Date.now() })
  /** The reason once the ledger has answered. */
  const reason = async (tenant = 'acme') => {
    made.reason(tenant)
    await vi.advanceTimersByTimeAsync(0)
    return made.reason(tenant)
  }
  return { made, asked, reason }
}

describe('the budget for verdicts', () => {
  it('allows none until the ledger has said what the tenant spent, and waits for nothing', async () => {
    const { made, reason, asked } = budget(async () => 0.5)
    expect(made.reason('acme')).toBe(UNKNOWN)
    expect(await reason()).toBeUndefined()
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('ends when all isolates together have spent it', async () => {
    const spent = { usd: 0.999 }
    const { reason } = budget(async () => spent.usd)
    expect(await reason()).toBeUndefined()
    spent.usd = 1
    vi.advanceTimersByTime(30_000)
    expect(await reason()).toBe(SPENT)
  })

  it('ends at once when this isolate spends the rest', async () => {
    const { made, reason } = budget(async () => 0.9)
    expect(await reason()).toBeUndefined()
    made.spend('acme', 0.1)
    expect(made.reason('acme')).toBe(SPENT)
    // What it spent may not have arrived in the ledger when that is read again.
    vi.advanceTimersByTime(30_000)
    expect(await reason()).toBe(SPENT)
  })

  it('counts verdicts under way at the last price, so that many at once do not exceed it', async () => {
    const { made, reason } = budget(async () => 0)
    expect(await reason()).toBeUndefined()
    made.begin('acme')
    expect(made.reason('acme'), 'until the first price is known').toBe(UNKNOWN)
    made.spend('acme', 0.3)
    made.end('acme')
    made.begin('acme')
    made.begin('acme')
    expect(made.reason('acme')).toBeUndefined()
    made.begin('acme')
    expect(made.reason('acme')).toBe(SPENT)
    expect(await reason('other')).toBeUndefined()
    made.end('acme') // without a verdict
    expect(made.reason('acme')).toBeUndefined()
  })

  it('forgets nothing of a new month when the old one is read late', async () => {
    const late = Promise.withResolvers<number>()
    const { made, reason } = budget((_, now) =>
      now < NOVEMBER + 60_000 ? late.promise : Promise.resolve(0),
    )
    made.reason('acme')
    vi.setSystemTime(NOVEMBER + 61_000)
    expect(await reason()).toBeUndefined()
    made.spend('acme', 1)
    late.resolve(0)
    await vi.advanceTimersByTimeAsync(0)
    expect(made.reason('acme')).toBe(SPENT)
  })

  it("is each tenant's own", async () => {
    const { reason } = budget(async (tenant) => (tenant === 'acme' ? 2 : 0))
    expect(await reason('acme')).toBe(SPENT)
    expect(await reason('other')).toBeUndefined()
  })

  it('begins again with the month, in UTC', async () => {
    const { reason } = budget(async (_, now) => (now < Date.UTC(2026, 11, 1) ? 1 : 0))
    expect(await reason()).toBe(SPENT)
    vi.setSystemTime(Date.UTC(2026, 11, 1))
    expect(await reason()).toBeUndefined()
  })

  it('allows none while the ledger is silent, and asks it again after five seconds', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    let fails = true
    const { reason, asked } = budget(async () => {
      if (fails) throw new Error('overloaded')
      return 0
    })
    expect(await reason()).toBe(UNKNOWN)
    expect(await reason()).toBe(UNKNOWN)
    expect(asked).toHaveBeenCalledTimes(1)
    expect(warned).toHaveBeenCalledTimes(1)
    fails = false
    vi.advanceTimersByTime(5_000)
    expect(await reason()).toBeUndefined()
  })

  it('ends while the ledger does not say for five minutes what others spend', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    vi.setSystemTime(Date.UTC(2026, 11, 5))
    let fails = false
    const { reason } = budget(async () => {
      if (fails) throw new Error('overloaded')
      return 0.5
    })
    expect(await reason()).toBeUndefined()
    fails = true
    vi.advanceTimersByTime(299_000)
    expect(await reason()).toBeUndefined()
    vi.advanceTimersByTime(1_000)
    expect(await reason()).toBe(UNKNOWN)
  })

  it('says once that it has no effect if LiteLLM names no price', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { made, reason } = budget(async () => 0)
    await reason()
    made.spend('acme', null)
    made.spend('acme', null)
    expect(made.reason('acme')).toBeUndefined()
    expect(warned.mock.calls.join()).toContain('has no effect')
    expect(warned).toHaveBeenCalledTimes(1)
  })
})
