import type { Spent } from '../cache/entry.ts'
import type { Savings } from './record.ts'

/**
 * What was saved by an answer that did not have to be made again; nothing is known of one without an
 * entry. `latencyMs` is how long it took this time; undefined if that is no shorter.
 */
export function savingsOf(spent: Spent | undefined, latencyMs: number | undefined): Savings {
  const isShorter = spent !== undefined && latencyMs !== undefined
  return {
    inputTokens: spent?.usage?.prompt_tokens,
    outputTokens: spent?.usage?.completion_tokens,
    usd: spent?.cost_usd ?? undefined,
    ms: isShorter ? Math.max(0, spent.latency_ms - latencyMs) : undefined,
  }
}
