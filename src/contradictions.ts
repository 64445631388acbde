import type { PolicyRule } from './cache/policy-rules.ts'
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

/** A rule of POLICIES that contradicts the settings. */
interface PolicyContradiction {
  /** The member to change. */
  readonly member: keyof PolicyRule
  readonly rule: string
  readonly holds: (policy: PolicyRule, config: Config) => boolean
}

/** The same for each rule of POLICIES, whose members replace settings. */
const policyContradictions: readonly PolicyContradiction[] = [
  {
    member: 'ttl_seconds',
    rule: 'must be at most max_ttl_seconds, or CACHE_MAX_TTL_SECONDS without it',
    holds: ({ ttl_seconds = 0, max_ttl_seconds }, { CACHE_MAX_TTL_SECONDS }) =>
      ttl_seconds > (max_ttl_seconds ?? CACHE_MAX_TTL_SECONDS),
  },
  {
    member: 'max_ttl_seconds',
    rule: 'must be at least CACHE_TTL_SECONDS, or set ttl_seconds too',
    holds: ({ ttl_seconds, max_ttl_seconds = Infinity }, { CACHE_TTL_SECONDS }) =>
      (ttl_seconds ?? CACHE_TTL_SECONDS) > max_ttl_seconds,
  },
  {
    member: 'stale_while_revalidate_seconds',
    rule: 'needs COALESCE=on',
    holds: ({ stale_while_revalidate_seconds: seconds = 0 }, { COALESCE }) =>
      COALESCE === 'off' && seconds > 0,
  },
  {
    // Hits would be served with less than the rule demands.
    member: 'semantic_min_probability',
    rule: 'needs SEMANTIC_VERIFY=on',
    holds: ({ semantic_min_probability }, { SEMANTIC_VERIFY }) =>
      SEMANTIC_VERIFY === 'off' && semantic_min_probability !== undefined,
  },
]

/** The contradictions of all rules, as contradictions of the setting POLICIES. */
function ofPolicies({ POLICIES = [] }: Config): Contradiction[] {
  return POLICIES.flatMap((policy, at) =>
    policyContradictions.map(({ member, rule, holds }) => ({
      variable: 'POLICIES',
      rule: `${at}.${member}: ${rule}`,
      holds: (config) => holds(policy, config),
    })),
  )
}

/** Finds the first setting that contradicts another one. */
export function contradiction(
  config: Config,
  isGiven: (variable: keyof Config) => boolean,
): Contradiction | undefined {
  return [...contradictions, ...ofPolicies(config)].find(({ holds }) => holds(config, isGiven))
}
