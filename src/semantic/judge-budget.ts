import { monthOf } from '../ledger/month.ts'
import { Lru } from '../store/memory.ts'
import { warn } from '../telemetry/log.ts'

export interface JudgeBudgetOptions {
  /** What each tenant may spend on verdicts in a calendar month (UTC), in USD. */
  readonly limitUsd: number
  /** Reads what a tenant has spent in the month of this instant, in all isolates. */
  readonly spent: (tenant: string, now: number) => Promise<number>
  readonly now: () => number
}

interface Spending {
  /** Epoch ms. */
  readonly readAt: number
  readonly month: string
  usd: number
}

/** What other isolates spend is read again after this. */
const FRESH_MS = 30_000
/** If the ledger does not answer for this long, what was spent counts as unknown. */
const LONGEST_TRUSTED_MS = 300_000
/** A tenant whose spending could not be read is tried again after this. */
const RETRY_MS = 5_000
/** Estimated size of one tenant's spending, and the limit for all. */
const TENANT_BYTES = 256
const TENANTS_BYTES = 1024 * 1024

/**
 * Caps what verdicts cost each tenant in a month. The ledger knows what all isolates spent; it is read
 * behind the requests, never in their way. Until a tenant's spending is known, it gets no verdicts.
 */
export class JudgeBudget {
  private readonly tenants = new Lru<Spending>(TENANTS_BYTES, () => TENANT_BYTES)
  /** When the ledger was last asked for a tenant, epoch ms. */
  private readonly askedAt = new Lru<number>(TENANTS_BYTES, () => TENANT_BYTES)
  /** Verdicts that are under way, by tenant. */
  private readonly asked = new Map<string, number>()
  /** What the last verdict cost, in USD; undefined until the first one. */
  private priceUsd: number | undefined
  private wasUnpriced = false
  private readonly options: JudgeBudgetOptions

  constructor(options: JudgeBudgetOptions) {
    this.options = options
  }

  /** Why this tenant gets no verdict now; undefined if it does. */
  reason(tenant: string): string | undefined {
    const known = this.known(tenant)
    const now = this.options.now()
    if (known === undefined || now - known.readAt >= FRESH_MS) this.read(tenant, now)
    const isTrusted = known !== undefined && now - known.readAt < LONGEST_TRUSTED_MS
    if (!isTrusted) return 'semantic: judge budget unknown'
    const underWay = this.asked.get(tenant) ?? 0
    // Until a price is known, one verdict at a time. Then, those under way cost as much as the last.
    if (this.priceUsd === undefined && underWay > 0) return 'semantic: judge budget unknown'
    const usd = known.usd + underWay * (this.priceUsd ?? 0)
    return usd >= this.options.limitUsd ? 'semantic: judge budget spent' : undefined
  }

  /** Counts a verdict that is under way. */
  begin(tenant: string): void {
    this.asked.set(tenant, (this.asked.get(tenant) ?? 0) + 1)
  }

  /** Counts a verdict that has ended, whether it came or not. */
  end(tenant: string): void {
    const left = (this.asked.get(tenant) ?? 0) - 1
    if (left > 0) this.asked.set(tenant, left)
    else this.asked.delete(tenant)
  }

  /** Counts the price of a verdict; null if LiteLLM did not name one. */
  spend(tenant: string, usd: number | null): void {
    this.priceUsd = usd ?? this.priceUsd ?? 0
    if (usd === null && !this.wasUnpriced) {
      this.wasUnpriced = true
      const hint = 'give the judge model a price in LiteLLM (model_info: input_cost_per_token)'
      warn('SEMANTIC_JUDGE_BUDGET_USD has no effect: LiteLLM names no price for verdicts', hint)
    }
    const known = this.known(tenant)
    if (known !== undefined) known.usd += usd ?? 0
  }

  private known(tenant: string): Spending | undefined {
    const known = this.tenants.get(tenant)
    return known?.month === monthOf(this.options.now()) ? known : undefined
  }

  private read(tenant: string, now: number): void {
    if (now - (this.askedAt.get(tenant) ?? -Infinity) < RETRY_MS) return
    this.askedAt.set(tenant, now)
    this.options.spent(tenant, now).then(
      (usd) => {
        // The month may have ended meanwhile.
        if (monthOf(now) !== monthOf(this.options.now())) return
        // What this isolate spent may not have arrived in the ledger.
        const own = this.known(tenant)?.usd ?? 0
        this.tenants.set(tenant, { readAt: now, month: monthOf(now), usd: Math.max(usd, own) })
      },
      (error: unknown) => warn('what the judge cost is not known', error),
    )
  }
}
