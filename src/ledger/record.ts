/** How a request was answered, as the ledger counts it. */
export const ledgerOutcomes = [
  'exact-hit',
  'semantic-hit',
  'coalesced',
  'stale',
  'miss',
  'refresh',
  'bypass',
  'rejected',
] as const

/**
 * `x-cache` in one word, with two more: `coalesced` shared another request's call, and `rejected` was
 * refused by the gateway itself before any cache was asked (a wrong key, a malformed body, a limit).
 */
export type LedgerOutcome = (typeof ledgerOutcomes)[number]

/** Which tier of the exact cache answered; empty if none did. */
export type LedgerTier = 'memory' | 'colo' | 'qdrant' | ''

/** Whether the tier is `mixed`: an exact hit without one is a batch whose parts came from several. */
export const isMixed = ({ outcome, tier }: { outcome: LedgerOutcome; tier: LedgerTier }): boolean =>
  outcome === 'exact-hit' && tier === ''

/** What a hit saved, from its entry. */
export interface Savings {
  /** Undefined if the entry has no usage. */
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
  /** Undefined if LiteLLM did not say what the answer cost. */
  readonly usd: number | undefined
  /** How much earlier the answer was there than when it was made, never below 0. */
  readonly ms: number | undefined
}

/** One request, as the ledger counts it. No prompt, no answer, no key. */
export interface RequestRecord {
  /** When it arrived, epoch ms. */
  readonly at: number
  readonly requestId: string
  /** The tenant, without its end users; empty if the caller is unknown. */
  readonly tenant: string
  /** As the caller named it; empty if unknown. */
  readonly model: string
  /** The canonical path of its API, such as `/v1/chat/completions`. */
  readonly api: string
  readonly outcome: LedgerOutcome
  readonly tier: LedgerTier
  /** The HTTP status. */
  readonly status: number
  /** What went wrong, such as `upstream_timeout` or `status 429`; undefined if nothing did. */
  readonly error: string | undefined
  /** From its arrival to the status line of the response. */
  readonly latencyMs: number
  /** Undefined if nothing was saved. */
  readonly saved: Savings | undefined
}

/** What became of one hit in LiteLLM's semantic cache. */
export interface DecisionRecord {
  /** Epoch ms. */
  readonly at: number
  /** The tenant that pays for the verdict. */
  readonly tenant: string
  readonly model: string
  /** `hit`, or why it was not served, without numbers: `not the same`, `judge unavailable`, … */
  readonly verdict: string
  /** With SEMANTIC=shadow nothing is served, whatever the verdict. */
  readonly shadow: boolean
  /** The probability that one answer is right for both questions, 0 … 1; undefined without a verdict. */
  readonly same: number | undefined
  /** In shadow mode, whether the fresh answer had the same text; undefined if that is unknown. */
  readonly agrees: boolean | undefined
  /** What the judge cost; undefined if it was not asked, null if LiteLLM did not say. */
  readonly judgeUsd: number | null | undefined
  /** How long the judge took; undefined if it was not asked. */
  readonly judgeMs: number | undefined
}

/** Things that are only counted. */
export const ledgerEvents = [
  'trace_spans_sent',
  'trace_spans_dropped',
  'ledger_batches_dropped',
  'ledger_records_dropped',
  'qdrant_breaker_opened',
  'judge_paused',
  'sweep_deleted',
] as const
export type LedgerEvent = (typeof ledgerEvents)[number]

/** Values of which the last one counts. */
export const ledgerGauges = [
  /** Entries that expired and are not deleted yet. */
  'sweep_left',
  /** When the last sweep ended, epoch ms. */
  'sweep_ended_at',
] as const
export type LedgerGauge = (typeof ledgerGauges)[number]
