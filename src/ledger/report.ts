import type { LedgerEvent, LedgerGauge, LedgerOutcome, LedgerTier } from './record.ts'

/** What a report is about. */
export interface ReportQuery {
  /** Epoch ms, inclusive and exclusive. */
  readonly from: number
  readonly to: number
  /** The width of a step of the series: a minute, an hour, or a multiple of one. */
  readonly stepMs: number
  /** All tenants if undefined. */
  readonly tenant: string | undefined
}

/** Sums over a group of requests. */
export interface Sums {
  readonly requests: number
  /** Of these, answered by a cache without an error: exact, semantic, coalesced or stale. */
  readonly hits: number
  /** Of these, refused before any cache was asked: they do not count in the hit ratio. */
  readonly rejected: number
  /** Of these, with a status of 500 or above, or a stream that broke off. */
  readonly failed: number
  readonly savedInputTokens: number
  readonly savedOutputTokens: number
  readonly savedUsd: number
  readonly savedMs: number
  /** Hits whose entry has no price: they count nothing in `savedUsd`. */
  readonly unpricedHits: number
}

/** Requests with one outcome. */
export interface OutcomeSums extends Sums {
  readonly outcome: LedgerOutcome
  readonly tier: LedgerTier
  /** Requests in each bucket of `LATENCY_BOUNDS_MS`, not cumulative. */
  readonly latency: readonly number[]
  readonly latencySumMs: number
}

/** Requests of one model, tenant or API. */
export interface GroupSums extends Sums {
  readonly name: string
}

/** Requests with one outcome in one step of the series. */
export interface SeriesStep extends Sums {
  /** When it begins, epoch ms. */
  readonly at: number
  readonly outcome: LedgerOutcome
}

/** Semantic hits with one verdict. */
export interface VerdictSums {
  /** `hit`, or why it was not served. */
  readonly verdict: string
  readonly shadow: boolean
  readonly decisions: number
  /** In shadow mode: how often the fresh answer had the same text, or another. */
  readonly agreed: number
  readonly disagreed: number
}

/** A request that failed. */
export interface FailedRequest {
  /** Epoch ms. */
  readonly at: number
  readonly requestId: string
  readonly tenant: string
  readonly model: string
  readonly api: string
  readonly status: number
  readonly error: string
}

/** What happened in a time range. Sums are over all shards. */
export interface Report {
  /** What was counted: the range and the step that were asked for, in whole minutes or hours. */
  readonly query: ReportQuery
  /** Steps without requests are missing. In order of time. */
  readonly series: readonly SeriesStep[]
  readonly outcomes: readonly OutcomeSums[]
  /** The largest first, at most `MOST_GROUPS`; the rest is one group named `(other)`. */
  readonly models: readonly GroupSums[]
  readonly tenants: readonly GroupSums[]
  readonly apis: readonly GroupSums[]
  readonly verdicts: readonly VerdictSums[]
  /** Verdicts by probability, in ten steps of 0.1. */
  readonly probabilities: readonly number[]
  readonly judge: {
    /** How often it was asked. */
    readonly calls: number
    readonly usd: number
    /** Calls for which LiteLLM named no price. */
    readonly unpriced: number
    readonly ms: number
  }
  /** The newest first, at most `MOST_FAILURES`. */
  readonly failures: readonly FailedRequest[]
  /** Of the whole gateway, also in the report of a tenant. */
  readonly events: readonly { readonly name: LedgerEvent; readonly count: number }[]
  /** The latest of the whole gateway, whatever the range. */
  readonly gauges: readonly LatestGauge[]
}

export interface LatestGauge {
  readonly name: LedgerGauge
  readonly value: number
  /** When it was set, epoch ms. */
  readonly at: number
}

export const MOST_GROUPS = 20
export const MOST_FAILURES = 50
export const OTHER = '(other)'

/** Everything since the ledger began, for monotonic counters. Without tenants, whose number is unbounded. */
export interface Totals {
  readonly requests: readonly (OutcomeSums & {
    readonly api: string
    readonly model: string
    /** `2xx`, `4xx`, … */
    readonly status: string
  })[]
  readonly verdicts: readonly VerdictSums[]
  readonly probabilities: readonly number[]
  readonly judge: Report['judge']
  readonly events: Report['events']
  readonly gauges: Report['gauges']
}

/** Reads the ledger. Rejects if a shard does not answer in time. */
export interface LedgerReader {
  report(query: ReportQuery): Promise<Report>
  totals(): Promise<Totals>
}
