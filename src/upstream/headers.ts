/** Request headers that are forwarded to LiteLLM; all others are dropped. */
const FORWARDED = [
  'accept',
  'content-type',
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
] as const

/** Forwarded headers that can change the answer, so they count in the cache key. */
export const COUNTED_HEADERS = ['anthropic-version', 'anthropic-beta', 'openai-beta'] as const

/**
 * LiteLLM's response headers that are returned. Its internal URLs and the provider's headers are
 * dropped.
 */
const RETURNED = [
  'content-type',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'x-litellm-call-id',
  'x-litellm-model-id',
  'x-litellm-response-cost',
  'x-litellm-cache-key',
] as const

const RETURNED_PREFIX = 'x-ratelimit-'

/** LiteLLM's prefix for the provider's headers. Those that say when to retry are returned. */
const PROVIDER_PREFIX = 'llm_provider-'
const PROVIDER_RETURNED = new Set(['retry-after', 'retry-after-ms', 'x-should-retry'])

/** The caller's headers that go upstream. */
export function forwardedHeaders(from: Headers): Headers {
  return pick(from, (name) => (FORWARDED as readonly string[]).includes(name))
}

/** The forwarded headers that count in the cache key, by lower-case name. */
export function countedHeaders(from: Headers): Record<string, string> {
  const values = COUNTED_HEADERS.map((name) => [name, from.get(name)] as const)
  return Object.fromEntries(values.filter((pair) => pair[1] !== null)) as Record<string, string>
}

/** The response headers that the caller sees. */
export function returnedHeaders(from: Headers): Headers {
  const returned = pick(
    from,
    (name) => (RETURNED as readonly string[]).includes(name) || name.startsWith(RETURNED_PREFIX),
  )
  for (const [name, value] of from) {
    if (!name.startsWith(PROVIDER_PREFIX)) continue
    const own = name.slice(PROVIDER_PREFIX.length)
    const isShown = PROVIDER_RETURNED.has(own) || own.startsWith(RETURNED_PREFIX)
    if (isShown && !returned.has(own)) returned.set(own, value)
  }
  return returned
}

/** The cost of an answer in USD, as LiteLLM reports it; null if it does not. */
export function responseCost(headers: Headers): number | null {
  const value = Number.parseFloat(headers.get('x-litellm-response-cost') ?? '')
  return Number.isFinite(value) && value >= 0 ? value : null
}

function pick(from: Headers, wanted: (name: string) => boolean): Headers {
  return new Headers([...from].filter(([name]) => wanted(name)))
}
