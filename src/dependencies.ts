import { admins, authenticator } from './auth-dependencies.ts'
import type { Authenticator } from './auth/caller.ts'
import { addressLimiter } from './auth/rate-limit.ts'
import type { Limiter, Limits, AddressLimiter } from './auth/rate-limit.ts'
import { Policies } from './cache/policy.ts'
import type { CoalescerNamespace, CoalescingOptions } from './coalescing/client.ts'
import { Coalescer } from './coalescing/coalescer.ts'
import type { CoalescerOptions } from './coalescing/coalescer.ts'
import { mlflowAddress, policyOfSettings, reportsCollection } from './config.ts'
import type { Config } from './config.ts'
import { recentRequestsClient } from './explain/client.ts'
import type { RecentRequestsClient, RecentRequestsNamespace } from './explain/client.ts'
import { wait } from './doctor/wait.ts'
import type { Wait } from './doctor/wait.ts'
import type { Recorder } from './ledger/recorder.ts'
import { ledgerParts } from './ledger-dependencies.ts'
import type { LedgerNamespace } from './ledger/client.ts'
import type { LedgerReader } from './ledger/report.ts'
import { RequestMemo } from './middleware/request-memo.ts'
import { Misconfigured, parseConfig } from './parse-config.ts'
import { answersAt } from './routes/health.ts'
import type { Dependency } from './routes/health.ts'
import {
  judgeProbe,
  purgeExpired,
  verification,
  withSemanticCache,
} from './semantic-dependencies.ts'
import { cacheApiTier } from './store/cache-api.ts'
import { circuitBreaker } from './store/circuit-breaker.ts'
import { memoryTier } from './store/memory.ts'
import { qdrantStore } from './store/qdrant.ts'
import { qdrantReports } from './store/report-store.ts'
import type { ReportStore } from './store/report-store.ts'
import { tiered } from './store/tiered.ts'
import type { TieredStore } from './store/tiered.ts'
import { MemoryBudget } from './stream/memory-budget.ts'
import { mlflowExporter } from './telemetry/exporter.ts'
import type { Exporter } from './telemetry/exporter.ts'
import { askLiteLlm } from './upstream/call.ts'
import type { AskUpstream } from './upstream/call.ts'
import { litellm } from './upstream/litellm.ts'
import type { Upstream } from './upstream/litellm.ts'

/** The implementations that the gateway runs on. */
export interface Dependencies {
  readonly config: Config
  readonly authenticator: Authenticator
  readonly limits: Limits
  readonly addressLimiter: AddressLimiter
  /** What the operator decides for which requests. */
  readonly policies: Policies
  readonly store: TieredStore
  /** Answers that were reported as wrong. */
  readonly reports: ReportStore
  /** `open` while Qdrant fails and lookups are skipped. */
  readonly breaker: () => 'open' | 'closed'
  /** Counts the memory of bodies, recordings and flights. */
  readonly memory: MemoryBudget
  /** Remembers requests that were parsed. */
  readonly memo: RequestMemo
  readonly upstream: Upstream
  readonly ask: AskUpstream
  /** The coalescing pool; undefined if each request makes its own call. */
  readonly coalescing: CoalescingOptions | undefined
  /** Makes one member of the pool, for a Durable Object. */
  readonly coalescer: (
    environment: Pick<CoalescerOptions, 'apis' | 'waitUntil' | 'keepAwake'>,
  ) => Coalescer
  /** Undefined if tracing is off. */
  readonly exporter: Exporter | undefined
  /** Takes down what the ledger counts. */
  readonly recorder: Recorder
  /** What was counted; undefined if the ledger is off. */
  readonly ledgerReader: LedgerReader | undefined
  /** What was asked lately, to explain misses; undefined if it is not recorded. */
  readonly recent: RecentRequestsClient | undefined
  /** What `/health?verbose` probes. */
  readonly probes: readonly Dependency[]
  /** How semantic hits are verified, for `/health?verbose`. */
  readonly verification: string
  /** Deletes expired entries from LiteLLM's semantic cache; undefined with SEMANTIC_PURGE=off. */
  readonly purgeSemantic: (() => Promise<unknown>) | undefined
  /** Whether a key may see what is for operators. */
  readonly isAdmin: (key: string | undefined) => Promise<boolean>
  /** Epoch ms. */
  readonly now: () => number
  /** How the doctor waits between attempts. */
  readonly wait: Wait
}

const now = () => Date.now()

/** Of the isolate's 128 MB (https://developers.cloudflare.com/workers/platform/limits/). */
const MEMORY_TIER_BYTES = 16 * 1024 * 1024

/** The platform's bindings, besides the settings. */
export interface Bindings {
  readonly COALESCER?: CoalescerNamespace
  readonly LEDGER_OBJECTS?: LedgerNamespace
  readonly RECENT_REQUESTS?: RecentRequestsNamespace
  readonly RATE_LIMIT_STANDARD?: Limiter
  readonly RATE_LIMIT_HIGH?: Limiter
  readonly RATE_LIMIT_ADDRESS?: Limiter
}

/** One per set of bindings. In production that is one per isolate, shared by its Durable Objects. */
const made = new WeakMap<object, Dependencies | Misconfigured>()

/** The implementations for these bindings, built once, or the setting that is invalid. */
export function dependenciesFor(env: object): Dependencies | Misconfigured {
  const known = made.get(env) ?? build(env)
  made.set(env, known)
  return known
}

function build(env: object): Dependencies | Misconfigured {
  try {
    return dependencies(parseConfig(env), env)
  } catch (error) {
    if (error instanceof Misconfigured) return error
    throw error
  }
}

/** The only place that chooses implementations. Throws `Misconfigured` if a binding is missing. */
function dependencies(config: Config, bindings: Bindings): Dependencies {
  const qdrant = qdrantStore({
    url: config.QDRANT_URL,
    apiKey: config.QDRANT_API_KEY,
    collection: config.QDRANT_COLLECTION,
    lookupTimeoutMs: config.QDRANT_TIMEOUT_MS,
    now,
  })
  const { recorder, ledgerReader, judgeSpend } = ledgerParts(config, bindings.LEDGER_OBJECTS)
  const onOpen = () => recorder.count('qdrant_breaker_opened', 1)
  const guarded = circuitBreaker(qdrant, { onOpen, now })
  const copyTtlMs = config.EDGE_TTL_SECONDS * 1000
  const store = tiered({ near: nearTiers(config), origin: guarded, copyTtlMs, now })
  const upstream = litellm({
    url: config.LITELLM_URL,
    firstByteTimeoutMs: config.LITELLM_FIRST_BYTE_TIMEOUT_MS,
    idleTimeoutMs: config.LITELLM_IDLE_TIMEOUT_MS,
    now,
  })
  const memory = new MemoryBudget(config.MEMORY_BUDGET_BYTES)
  const reports = reportStore(config)
  const parts = { upstream, store, reports, memory, recorder, judgeSpend }
  const ask = withSemanticCache(askLiteLlm(upstream), config, parts)
  const traces = mlflowAddress(config)
  const limits: Limits = {
    byClass: { standard: bindings.RATE_LIMIT_STANDARD, high: bindings.RATE_LIMIT_HIGH },
    byAddress: bindings.RATE_LIMIT_ADDRESS,
    periodSeconds: config.RATE_LIMIT_PERIOD_SECONDS,
  }
  return {
    config,
    authenticator: authenticator(config, upstream),
    limits,
    addressLimiter: addressLimiter(limits, now),
    policies: new Policies(config.POLICIES ?? [], policyOfSettings(config)),
    store,
    reports,
    breaker: guarded.state,
    memory,
    memo: new RequestMemo(),
    upstream,
    ask,
    coalescing: coalescing(config, bindings),
    coalescer: (environment) =>
      new Coalescer({
        ask,
        store: store.setInFirstTier,
        storeMany: store.setMany,
        maxEntryBytes: config.CACHE_MAX_ENTRY_BYTES,
        storeSemanticHits: config.CACHE_SEMANTIC_HITS,
        finishAbandoned: config.FINISH_ABANDONED,
        memory,
        ...environment,
        now,
      }),
    exporter:
      traces === undefined
        ? undefined
        : mlflowExporter({
            ...traces,
            delayMs: config.TRACE_FLUSH_MS,
            count: (what, spans) => recorder.count(what, spans),
            flushCounts: () => recorder.flush(),
            now,
          }),
    recorder,
    ledgerReader,
    recent: recentRequests(config, bindings),
    probes: [...serverProbes(config), ...judgeProbe(config, upstream)],
    verification: verification(config),
    purgeSemantic: config.SEMANTIC_PURGE === 'on' ? () => purgeExpired(config) : undefined,
    isAdmin: admins(config),
    now,
    wait,
  }
}

function coalescing(config: Config, { COALESCER }: Bindings): CoalescingOptions | undefined {
  if (config.COALESCE === 'off') return undefined
  if (COALESCER === undefined) {
    throw new Misconfigured('COALESCE', 'on needs the Durable Object binding COALESCER')
  }
  const { COALESCE_JURISDICTION } = config
  return {
    namespace:
      COALESCE_JURISDICTION === undefined
        ? COALESCER
        : COALESCER.jurisdiction(COALESCE_JURISDICTION),
    scope: config.COALESCE_SCOPE,
    shards: config.COALESCE_SHARDS,
    maxRequestBytes: config.COALESCE_MAX_REQUEST_BYTES,
    timeoutMs: config.FLIGHT_TIMEOUT_MS,
  }
}

function reportStore(config: Config): ReportStore {
  return qdrantReports({
    url: config.QDRANT_URL,
    apiKey: config.QDRANT_API_KEY,
    collection: reportsCollection(config),
    lookupTimeoutMs: config.QDRANT_TIMEOUT_MS,
    copyTtlMs: config.EDGE_TTL_SECONDS * 1000,
    now,
  })
}

/** How long the object of recent requests may take. No answer waits that long. */
const RECENT_REQUESTS_TIMEOUT_MS = 5_000

/** Without its binding, nothing is recorded, as without that of the ledger. */
function recentRequests(
  { EXPLAIN, LEDGER_JURISDICTION }: Config,
  { RECENT_REQUESTS }: Bindings,
): RecentRequestsClient | undefined {
  if (EXPLAIN === 'off' || RECENT_REQUESTS === undefined) return undefined
  return recentRequestsClient({
    namespace:
      LEDGER_JURISDICTION === undefined
        ? RECENT_REQUESTS
        : RECENT_REQUESTS.jurisdiction(LEDGER_JURISDICTION),
    timeoutMs: RECENT_REQUESTS_TIMEOUT_MS,
    now,
  })
}

function nearTiers({ EDGE_TTL_SECONDS, QDRANT_URL, QDRANT_COLLECTION }: Config) {
  if (EDGE_TTL_SECONDS === 0) return []
  const colo = cacheApiTier({
    cache: caches.default,
    qdrantUrl: QDRANT_URL,
    collection: QDRANT_COLLECTION,
    now,
  })
  return [memoryTier(MEMORY_TIER_BYTES), colo]
}

function serverProbes({ LITELLM_URL, QDRANT_URL, QDRANT_API_KEY, MLFLOW_URL }: Config) {
  const qdrantHeaders = QDRANT_API_KEY === undefined ? undefined : { 'api-key': QDRANT_API_KEY }
  return [
    answersAt('litellm', `${LITELLM_URL}/health/liveliness`, true),
    answersAt('qdrant', `${QDRANT_URL}/collections`, false, qdrantHeaders),
    ...(MLFLOW_URL === undefined ? [] : [answersAt('mlflow', `${MLFLOW_URL}/health`, false)]),
  ]
}
