import type { Config } from './config.ts'

/** Settings that are valid one by one and can't work together. */
interface Contradiction {
  /** The setting to change. */
  readonly variable: keyof Config
  readonly rule: string
  readonly holds: (config: Config, isGiven: (variable: keyof Config) => boolean) => boolean
}

/** Each would stop the gateway from working, or make it do something else than its operator believes. */
const contradictions: readonly Contradiction[] = [
  {
    variable: 'AUTH_MODE',
    rule: 'none is for ENVIRONMENT=development only',
    holds: ({ AUTH_MODE, ENVIRONMENT }) => AUTH_MODE === 'none' && ENVIRONMENT !== 'development',
  },
  {
    variable: 'GATEWAY_KEYS',
    rule: 'is required with AUTH_MODE=keys',
    holds: ({ AUTH_MODE, GATEWAY_KEYS }) => AUTH_MODE === 'keys' && GATEWAY_KEYS === undefined,
  },
  {
    variable: 'LITELLM_API_KEY',
    rule: 'is required unless AUTH_MODE=litellm',
    holds: ({ AUTH_MODE, LITELLM_API_KEY }) =>
      AUTH_MODE !== 'litellm' && LITELLM_API_KEY === undefined,
  },
  {
    // The answers that keys share would be kept apart.
    variable: 'CACHE_SCOPE',
    rule: 'team and user need AUTH_MODE=litellm; GATEWAY_KEYS name their tenants themselves',
    holds: ({ AUTH_MODE, CACHE_SCOPE }) => AUTH_MODE !== 'litellm' && CACHE_SCOPE !== 'key',
  },
  {
    variable: 'RATE_LIMIT_CLASS',
    rule: 'high needs AUTH_MODE=litellm; GATEWAY_KEYS have limits of their own',
    holds: ({ AUTH_MODE, RATE_LIMIT_CLASS }) =>
      AUTH_MODE !== 'litellm' && RATE_LIMIT_CLASS !== 'standard',
  },
  {
    variable: 'CACHE_TTL_SECONDS',
    rule: 'must be at most CACHE_MAX_TTL_SECONDS',
    holds: ({ CACHE_TTL_SECONDS, CACHE_MAX_TTL_SECONDS }) =>
      CACHE_TTL_SECONDS > CACHE_MAX_TTL_SECONDS,
  },
  {
    // A default that is larger than what is let in does no harm.
    variable: 'CACHE_MAX_REQUEST_BYTES',
    rule: 'must be at most MAX_REQUEST_BYTES',
    holds: ({ CACHE_MAX_REQUEST_BYTES, MAX_REQUEST_BYTES }, isGiven) =>
      isGiven('CACHE_MAX_REQUEST_BYTES') && CACHE_MAX_REQUEST_BYTES > MAX_REQUEST_BYTES,
  },
  {
    variable: 'COALESCE_MAX_REQUEST_BYTES',
    rule: 'must be at most CACHE_MAX_REQUEST_BYTES: what is not cached makes a call of its own',
    holds: ({ COALESCE, COALESCE_MAX_REQUEST_BYTES, CACHE_MAX_REQUEST_BYTES }, isGiven) =>
      COALESCE === 'on' &&
      isGiven('COALESCE_MAX_REQUEST_BYTES') &&
      COALESCE_MAX_REQUEST_BYTES > CACHE_MAX_REQUEST_BYTES,
  },
  {
    // One caller holds at most half of it.
    variable: 'MAX_REQUEST_BYTES',
    rule: 'must be at most half of MEMORY_BUDGET_BYTES',
    holds: ({ MAX_REQUEST_BYTES, MEMORY_BUDGET_BYTES }, isGiven) =>
      isGiven('MAX_REQUEST_BYTES') && MAX_REQUEST_BYTES > MEMORY_BUDGET_BYTES / 2,
  },
  {
    // Work that goes on with nobody waiting lives where flights meet.
    variable: 'FINISH_ABANDONED',
    rule: 'needs COALESCE=on',
    holds: ({ COALESCE, FINISH_ABANDONED }) => COALESCE === 'off' && FINISH_ABANDONED,
  },
  {
    variable: 'CACHE_STALE_WHILE_REVALIDATE_SECONDS',
    rule: 'needs COALESCE=on',
    holds: ({ COALESCE, CACHE_STALE_WHILE_REVALIDATE_SECONDS: seconds }) =>
      COALESCE === 'off' && seconds > 0,
  },
  {
    // The exact cache has no vectors, and LiteLLM's collection has; SEMANTIC_PURGE would delete in both.
    variable: 'QDRANT_COLLECTION',
    rule: 'must not be SEMANTIC_COLLECTION',
    holds: ({ QDRANT_COLLECTION, SEMANTIC_COLLECTION }) =>
      QDRANT_COLLECTION === SEMANTIC_COLLECTION,
  },
  {
    variable: 'MLFLOW_USERNAME',
    rule: 'is required with MLFLOW_PASSWORD',
    holds: ({ MLFLOW_USERNAME, MLFLOW_PASSWORD }) =>
      MLFLOW_PASSWORD !== undefined && MLFLOW_USERNAME === undefined,
  },
]

/** The first setting that contradicts another one, and why. */
export function contradiction(
  config: Config,
  isGiven: (variable: keyof Config) => boolean,
): Contradiction | undefined {
  return contradictions.find(({ holds }) => holds(config, isGiven))
}
