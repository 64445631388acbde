/** LiteLLM's cache controls for one request (https://docs.litellm.ai/docs/proxy/caching). */
export interface LiteLlmCache {
  /** Keeps answers apart: LiteLLM's keys begin with it. */
  readonly namespace?: string
  readonly 'no-cache'?: boolean
  readonly 'no-store'?: boolean
}

/** Attributes for a trace. */
export type Facts = Readonly<Record<string, string | number | boolean>>

/** A stretch of work behind an answer, for the trace; instants in epoch ms. */
export interface SpanFacts {
  readonly name: string
  readonly startedAt: number
  readonly endedAt: number
  readonly attributes: Facts
}

/** A cache behind the gateway answered, and no model. */
export interface CachedUpstream {
  /** Of the two questions, where it was a semantic hit, -1 … 1. */
  readonly similarity: number | undefined
  /** The probability that one answer serves both questions; undefined where nobody verified it. */
  readonly same: number | undefined
  /** When the answer was made, epoch ms; undefined where only the answer itself can tell. */
  readonly storedAt: number | undefined
  /** In one line, for `Cache-Status`. */
  readonly detail: string
}

/** LiteLLM's answer, and what a cache there had to do with it. */
export interface UpstreamAnswer {
  readonly response: Response
  readonly cached?: CachedUpstream
  /** Why a cached answer was not served, or not looked for; in one line, for `Cache-Status`. */
  readonly note?: string | undefined
  /** Stored with the answer, to find it again as the original of a semantic hit. */
  readonly origin?: { readonly question: string; readonly scope: string }
  readonly facts?: Facts
  readonly spans?: readonly SpanFacts[]
  /** Compares the whole answer with one that was not served. */
  readonly compare?: (text: string, mode: 'json' | 'sse') => Promise<Facts>
}

/**
 * Asks LiteLLM once; ends when `signal` fires. Without `cache` LiteLLM's cache takes no part. Throws a
 * `GatewayError` where there is no answer, or one from the cache although that was not to be read.
 */
export type AskUpstream<Call> = (
  call: Call,
  signal: AbortSignal,
  cache?: LiteLlmCache,
) => Promise<UpstreamAnswer>
