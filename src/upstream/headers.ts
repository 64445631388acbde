/** Request headers that are forwarded to LiteLLM; all others are dropped. */
const FORWARDED = [
  'accept',
  'content-type',
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
] as const

/** Forwarded headers that can change the answer, and so count in the key. */
const COUNTED = ['anthropic-version', 'anthropic-beta', 'openai-beta'] as const

/** LiteLLM's response headers that a caller may see. Its internal URLs and the provider's headers are dropped. */
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

/** How LiteLLM names the provider's own headers; of these, what tells a client when to retry is shown. */
const PROVIDER_PREFIX = 'llm_provider-'
const PROVIDER_RETURNED = new Set(['retry-after', 'retry-after-ms', 'x-should-retry'])

/** The caller's headers that go upstream. */
export function forwardedHeaders(from: Headers): Headers {
  return pick(from, (name) => (FORWARDED as readonly string[]).includes(name))
}

/** The forwarded headers that are part of the request, by lower-case name. */
export function countedHeaders(from: Headers): Record<string, string> {
  return Object.fromEntries(pick(from, (name) => (COUNTED as readonly string[]).includes(name)))
}

/** What the caller sees of LiteLLM's headers. */
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

/** What LiteLLM says that an answer cost, in USD; null where it doesn't say. */
export function responseCost(headers: Headers): number | null {
  const value = Number.parseFloat(headers.get('x-litellm-response-cost') ?? '')
  return Number.isFinite(value) && value >= 0 ? value : null
}

function pick(from: Headers, wanted: (name: string) => boolean): Headers {
  return new Headers([...from].filter(([name]) => wanted(name)))
}
