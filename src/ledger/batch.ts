import * as z from 'zod'
import { LATENCY_BUCKETS } from './histogram.ts'
import { ledgerEvents, ledgerGauges, ledgerOutcomes } from './record.ts'
import { MOST_FAILURES } from './report.ts'

const MINUTE_MS = 60_000
/** Longer names are cut. */
export const LONGEST_NAME = 128
/** Of each kind of cell. About 4 MB, of the 32 MiB that RPC allows. */
const MOST_CELLS = 10_000
/** The probability of a decision without a verdict. */
export const NO_PROBABILITY = -1

const name = z.string().max(LONGEST_NAME)
const instant = z.int().nonnegative()
const count = z.int().nonnegative()
const amount = z.number().nonnegative()
const minute = z.int().nonnegative().multipleOf(MINUTE_MS)

/** Sums over the requests of a minute that have all names in common. */
const requestCell = z.object({
  /** When the minute begins, epoch ms. */
  at: minute,
  tenant: name,
  model: name,
  api: name,
  outcome: z.enum(ledgerOutcomes),
  tier: z.enum(['memory', 'colo', 'qdrant', '']),
  status: z.enum(['1xx', '2xx', '3xx', '4xx', '5xx']),
  requests: count,
  savedInputTokens: amount,
  savedOutputTokens: amount,
  savedUsd: amount,
  savedMs: amount,
  unpricedHits: count,
  latencySumMs: amount,
  latency: z.array(count).length(LATENCY_BUCKETS),
})

/** Sums over the semantic hits of a minute that have all names in common. */
const decisionCell = z.object({
  at: minute,
  tenant: name,
  model: name,
  verdict: name,
  /** 1 in shadow mode. */
  shadow: z.literal([0, 1]),
  /** Tenths, rounded down: 9 is 0.9 … 1. */
  probability: z.int().min(NO_PROBABILITY).max(9),
  decisions: count,
  agreed: count,
  disagreed: count,
  judgeCalls: count,
  judgeUsd: amount,
  judgeUnpriced: count,
  judgeMs: amount,
})

const failure = z.object({
  at: instant,
  requestId: name,
  tenant: name,
  model: name,
  api: name,
  status: z.int(),
  error: name,
})

/** What one isolate sends to one shard: plain data, summed up. The `version` is that of its meaning. */
export const batchSchema = z.object({
  version: z.literal(1),
  requests: z.array(requestCell).max(MOST_CELLS),
  decisions: z.array(decisionCell).max(MOST_CELLS),
  /** Some of the requests that failed. All of them are counted above. */
  failures: z.array(failure).max(MOST_FAILURES),
  events: z.array(z.object({ at: minute, name: z.enum(ledgerEvents), count })).max(MOST_CELLS),
  gauges: z
    .array(z.object({ at: instant, name: z.enum(ledgerGauges), value: z.number() }))
    .max(MOST_CELLS),
})

export type Batch = z.output<typeof batchSchema>
export type RequestCell = z.output<typeof requestCell>
export type DecisionCell = z.output<typeof decisionCell>

/** A name as the ledger stores it: at most 128 characters, without control characters. */
export function storedName(text: string): string {
  const short = text.length > LONGEST_NAME ? text.slice(0, LONGEST_NAME) : text
  return short.replace(/\p{Cc}/gu, '�').toWellFormed()
}

/** How many requests and decisions a batch counts. */
export function recordsIn({ requests, decisions }: Batch): number {
  return (
    requests.reduce((sum, cell) => sum + cell.requests, 0) +
    decisions.reduce((sum, cell) => sum + cell.decisions, 0)
  )
}

/** When the minute of an instant began, epoch ms. */
export const minuteOf = (at: number) => at - (at % MINUTE_MS)

/**
 * Nothing real is larger. The sum of a batch must stay a number, or the ledger refuses all of it, and
 * SQLite's sums of whole numbers end at 2⁶³.
 */
const LARGEST_AMOUNT = 1e12

/** What is unknown, not a number or absurd counts nothing. */
export const countedAmount = (value: number | null | undefined) =>
  value !== null && value !== undefined && value > 0 && value <= LARGEST_AMOUNT ? value : 0
