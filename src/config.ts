import * as z from 'zod'
import { cachedApis } from './apis/cached-apis.ts'
import { limitClasses } from './auth/caller.ts'
import { cacheScopes } from './auth/key-owner.ts'
import type { Policy } from './cache/policy.ts'
import { policyRules } from './cache/policy-rules.ts'
import type { PolicyMember } from './cache/policy-rules.ts'
import { logLevels } from './telemetry/log.ts'
import type { MlflowAddress } from './telemetry/mlflow.ts'
import type { TracePolicy } from './telemetry/trace.ts'

const whole = (fallback: number, min: number, max: number) =>
  z.coerce
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback)

const onOff = (fallback: 'on' | 'off') => z.enum(['on', 'off']).default(fallback)

const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'])
    .default(fallback ? 'true' : 'false')
    .transform((text) => text === 'true')

function isBare(text: string): boolean {
  const url = URL.parse(text)
  if (url === null) return true // which is reported already
  return [url.username, url.password, url.search, url.hash].every((part) => part === '')
}

/** An address that paths are appended to. `fetch` refuses one with a user name or password. */
const origin = z
  .url({ protocol: /^https?$/ })
  .refine(isBare, 'must have no user name, password, query or fragment')
  .transform((text) => text.replace(/\/+$/, ''))

/** `*`, or origins as browsers send them, separated by commas. */
const origins = z
  .string()
  .regex(
    /^(\*|https?:\/\/[^\s,/]+(\s*,\s*https?:\/\/[^\s,/]+)*)$/,
    'must be * or a list of origins',
  )
  .transform((text) => (text === '*' ? text : text.split(/\s*,\s*/)))

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' })
    return z.NEVER
  }
})

/** Reserved: `[` begins an end user's tenant, `team:` and `user:` those of LiteLLM's teams and users. */
export const TENANT_NAME = /^(?!\[|team:|user:)./s

const gatewayKey = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
  tenant: z
    .string()
    .regex(TENANT_NAME, 'must be a name that does not begin with [, team: or user:'),
  models: z.array(z.string().min(1)).min(1).default(['*']),
  scope: z.enum(['tenant', 'user']).default('tenant'),
  limit: z.enum(limitClasses).default('standard'),
})

const gatewayKeys = json.pipe(
  z
    .array(gatewayKey)
    .min(1)
    .refine(
      (keys) => new Set(keys.map(({ sha256 }) => sha256)).size === keys.length,
      'must not contain the same sha256 twice',
    ),
)

/** The longest value of a variable (https://developers.cloudflare.com/workers/platform/limits/). */
const LONGEST_VARIABLE_BYTES = 5_120

const isVariable = (text: string) => new TextEncoder().encode(text).length <= LONGEST_VARIABLE_BYTES

const policies = z
  .string()
  .refine(isVariable, `must be at most ${LONGEST_VARIABLE_BYTES} bytes`)
  .pipe(json)
  .pipe(policyRules(cachedApis.map(({ path }) => path)))

/** Every setting, its default and limits. A test compares docs/configuration.md with this. */
export const settings = z.object({
  ENVIRONMENT: z.enum(['production', 'development']).default('production'),
  LITELLM_URL: origin,
  LITELLM_API_KEY: z.string().min(1).optional(),
  LITELLM_FIRST_BYTE_TIMEOUT_MS: whole(600_000, 1, 3_600_000),
  LITELLM_IDLE_TIMEOUT_MS: whole(60_000, 1, 3_600_000),
  QDRANT_URL: origin,
  QDRANT_API_KEY: z.string().min(1).optional(),
  QDRANT_COLLECTION: z
    .string()
    .regex(/^[\w-]{1,247}$/) // Qdrant's limit is 255, and `_reports` is added to it
    .default('llm_exact_cache'),
  QDRANT_TIMEOUT_MS: whole(250, 1, 10_000),
  CACHE_TTL_SECONDS: whole(1_800, 1, 86_400),
  CACHE_MAX_TTL_SECONDS: whole(86_400, 1, 31_536_000),
  CACHE_MAX_ENTRY_BYTES: whole(1_048_576, 1, 16_777_216),
  CACHE_MAX_REQUEST_BYTES: whole(4_194_304, 1, 67_108_864),
  CACHE_STALE_IF_ERROR_SECONDS: whole(3_600, 0, 604_800),
  CACHE_STALE_WHILE_REVALIDATE_SECONDS: whole(0, 0, 604_800),
  CACHE_SEMANTIC_HITS: flag(true),
  POLICIES: policies.optional(),
  EDGE_TTL_SECONDS: whole(30, 0, 3_600),
  REPORTS_TTL_DAYS: whole(365, 1, 3_650),
  SEMANTIC: z.enum(['on', 'shadow', 'off']).default('on'),
  SEMANTIC_MIN_QUESTION_SHARE: z.coerce.number().min(0).max(1).default(0.5),
  SEMANTIC_MAX_CHARS: whole(1_000, 1, 100_000),
  SEMANTIC_MAX_MESSAGES: whole(4, 1, 100),
  SEMANTIC_VERIFY: onOff('on'),
  SEMANTIC_JUDGE_MODEL: z.string().min(1).default('semantic-judge'),
  SEMANTIC_JUDGE_API_KEY: z.string().min(1).optional(),
  SEMANTIC_MIN_PROBABILITY: z.coerce.number().min(0).max(1).default(0.9),
  SEMANTIC_JUDGE_TIMEOUT_MS: whole(1_000, 1, 60_000),
  SEMANTIC_JUDGE_RATE: whole(60, 1, 1_000_000),
  SEMANTIC_JUDGE_BUDGET_USD: z.coerce.number().positive().optional(),
  SEMANTIC_PURGE: onOff('off'),
  SEMANTIC_COLLECTION: z
    .string()
    .regex(/^[\w-]{1,255}$/)
    .default('litellm_semantic_cache'),
  COALESCE: onOff('on'),
  COALESCE_SCOPE: z.enum(['colo', 'global']).default('colo'),
  COALESCE_SHARDS: whole(4, 1, 256),
  COALESCE_JURISDICTION: z.enum(['eu', 'fedramp']).optional(),
  COALESCE_MAX_REQUEST_BYTES: whole(65_536, 1, 4_194_304),
  FLIGHT_TIMEOUT_MS: whole(300, 1, 10_000),
  FINISH_ABANDONED: flag(false),
  MAX_REQUEST_BYTES: whole(33_554_432, 1, 67_108_864),
  MEMORY_BUDGET_BYTES: whole(67_108_864, 1_048_576, 134_217_728),
  AUTH_MODE: z.enum(['litellm', 'keys', 'none']).default('litellm'),
  CACHE_SCOPE: z.enum(cacheScopes).default('key'),
  RATE_LIMIT_CLASS: z.enum(limitClasses).default('standard'),
  GATEWAY_KEYS: gatewayKeys.optional(),
  RATE_LIMIT_PERIOD_SECONDS: z.enum(['10', '60']).default('60').transform(Number),
  CORS_ORIGINS: origins.optional(),
  ADMIN_KEY: z.string().min(1).optional(),
  MLFLOW_URL: origin.optional(),
  MLFLOW_EXPERIMENT_ID: z.string().regex(/^\d+$/).default('0'),
  MLFLOW_USERNAME: z.string().min(1).optional(),
  MLFLOW_PASSWORD: z.string().min(1).optional(),
  TRACE_CONTENT: flag(true),
  TRACE_SAMPLE_RATE: z.coerce.number().min(0).max(1).default(1),
  TRACE_FLUSH_MS: whole(1_000, 0, 10_000),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  LEDGER: onOff('on'),
  LEDGER_FLUSH_SECONDS: whole(10, 0, 15),
  LEDGER_SHARDS: whole(4, 1, 64),
  LEDGER_JURISDICTION: z.enum(['eu', 'fedramp']).optional(),
  EXPLAIN: onOff('on'),
})

export type Config = z.output<typeof settings>

/** The collection of reports of wrong answers. */
export const reportsCollection = ({ QDRANT_COLLECTION }: Config) => `${QDRANT_COLLECTION}_reports`

/** What applies to a request that no rule of POLICIES matches. */
export const policyOfSettings = (config: Config): Policy => ({
  name: undefined,
  caches: true,
  allowsSemantic: true,
  ttlSeconds: config.CACHE_TTL_SECONDS,
  maxTtlSeconds: config.CACHE_MAX_TTL_SECONDS,
  minProbability: config.SEMANTIC_MIN_PROBABILITY,
  windows: {
    ifErrorSeconds: config.CACHE_STALE_IF_ERROR_SECONDS,
    whileRevalidateSeconds: config.CACHE_STALE_WHILE_REVALIDATE_SECONDS,
  },
})

/** The setting that decides where a policy does not. Without POLICIES, everything is cached. */
export const settingOfPolicy = {
  ttl_seconds: 'CACHE_TTL_SECONDS',
  max_ttl_seconds: 'CACHE_MAX_TTL_SECONDS',
  semantic: 'SEMANTIC',
  semantic_min_probability: 'SEMANTIC_MIN_PROBABILITY',
  stale_if_error_seconds: 'CACHE_STALE_IF_ERROR_SECONDS',
  stale_while_revalidate_seconds: 'CACHE_STALE_WHILE_REVALIDATE_SECONDS',
} as const satisfies Record<Exclude<PolicyMember, 'cache'>, keyof Config>

/** How much is traced. */
export const tracePolicy = (config: Config): TracePolicy => ({
  sampleRate: config.TRACE_SAMPLE_RATE,
  includeContent: config.TRACE_CONTENT,
})

/** Where traces are sent; undefined if tracing is off. */
export const mlflowAddress = (config: Config): MlflowAddress | undefined =>
  config.MLFLOW_URL === undefined
    ? undefined
    : {
        url: config.MLFLOW_URL,
        experimentId: config.MLFLOW_EXPERIMENT_ID,
        username: config.MLFLOW_USERNAME,
        password: config.MLFLOW_PASSWORD,
      }

/** Limits of the requests that a semantic hit may answer; undefined if SEMANTIC=off. */
export const eligibilityLimits = (config: Config) =>
  config.SEMANTIC === 'off'
    ? undefined
    : {
        minQuestionShare: config.SEMANTIC_MIN_QUESTION_SHARE,
        maxChars: config.SEMANTIC_MAX_CHARS,
        maxMessages: config.SEMANTIC_MAX_MESSAGES,
      }
