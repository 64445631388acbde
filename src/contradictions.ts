import { reportsCollection } from './config.ts'
import type { Config } from './config.ts'

/** A combination of settings that are each valid but cannot work together. */
interface Contradiction {
  /** The setting to change. */
  readonly variable: keyof Config
  readonly rule: string
  readonly holds: (config: Config, isGiven: (variable: keyof Config) => boolean) => boolean
}

/** Each would break the gateway, or make it do something its operator does not expect. */
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
    // It would have no effect, and the keys would not share answers.
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
    // Only explicit values are checked: a larger default does no harm.
    variable: 'CACHE_MAX_REQUEST_BYTES',
    rule: 'must be at most MAX_REQUEST_BYTES',
    holds: ({ CACHE_MAX_REQUEST_BYTES, MAX_REQUEST_BYTES }, isGiven) =>
      isGiven('CACHE_MAX_REQUEST_BYTES') && CACHE_MAX_REQUEST_BYTES > MAX_REQUEST_BYTES,
  },
  {
    variable: 'COALESCE_MAX_REQUEST_BYTES',
    rule: 'must be at most CACHE_MAX_REQUEST_BYTES: requests that are not cached make their own call',
    holds: ({ COALESCE, COALESCE_MAX_REQUEST_BYTES, CACHE_MAX_REQUEST_BYTES }, isGiven) =>
      COALESCE === 'on' &&
      isGiven('COALESCE_MAX_REQUEST_BYTES') &&
      COALESCE_MAX_REQUEST_BYTES > CACHE_MAX_REQUEST_BYTES,
  },
  {
    // One caller may hold at most half of the budget.
    variable: 'MAX_REQUEST_BYTES',
    rule: 'must be at most half of MEMORY_BUDGET_BYTES',
    holds: ({ MAX_REQUEST_BYTES, MEMORY_BUDGET_BYTES }, isGiven) =>
      isGiven('MAX_REQUEST_BYTES') && MAX_REQUEST_BYTES > MEMORY_BUDGET_BYTES / 2,
  },
  {
    // Calls that no caller waits for run in the Durable Object.
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
    // The exact cache has no vectors, LiteLLM's collection has; SEMANTIC_PURGE would delete from
    // both.
    variable: 'QDRANT_COLLECTION',
    rule: 'must not be SEMANTIC_COLLECTION, nor that without _reports at its end',
    holds: (config) =>
      [config.QDRANT_COLLECTION, reportsCollection(config)].includes(config.SEMANTIC_COLLECTION),
  },
  {
    // The reported answer might outlive the report, and match again.
    variable: 'REPORTS_TTL_DAYS',
    rule: 'must be at least CACHE_MAX_TTL_SECONDS',
    holds: ({ REPORTS_TTL_DAYS, CACHE_MAX_TTL_SECONDS }) =>
      REPORTS_TTL_DAYS * 86_400 < CACHE_MAX_TTL_SECONDS,
  },
  {
    variable: 'MLFLOW_USERNAME',
    rule: 'is required with MLFLOW_PASSWORD',
    holds: ({ MLFLOW_USERNAME, MLFLOW_PASSWORD }) =>
      MLFLOW_PASSWORD !== undefined && MLFLOW_USERNAME === undefined,
  },
]

/** Finds the first setting that contradicts another one. */
export function contradiction(
  config: Config,
  isGiven: (variable: keyof Config) => boolean,
): Contradiction | undefined {
  return contradictions.find(({ holds }) => holds(config, isGiven))
}
