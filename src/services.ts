import { anyone, knownKeys, presentedKey } from './access/caller.ts'
import type { Callers } from './access/caller.ts'
import { sha256 } from './cache/key.ts'
import type { Config } from './config.ts'
import { answersAt } from './routes/health.ts'
import type { Dependency } from './routes/health.ts'
import { breaker } from './store/breaker.ts'
import { coloTier } from './store/colo.ts'
import { memoryTier } from './store/memory.ts'
import { qdrantStore } from './store/qdrant.ts'
import { tiered } from './store/tiered.ts'
import type { TieredStore } from './store/tiered.ts'
import { mlflowExporter } from './telemetry/otlp.ts'
import type { Exporter } from './telemetry/otlp.ts'
import { litellm } from './upstream/litellm.ts'
import type { Upstream } from './upstream/litellm.ts'

/** The implementations that a gateway is made of. */
export interface Services {
  readonly callers: Callers
  readonly store: TieredStore
  /** Whether Qdrant is asked, or spared because it fails. */
  readonly breaker: () => 'open' | 'closed'
  readonly upstream: Upstream
  /** Undefined when tracing is off. */
  readonly exporter: Exporter | undefined
  readonly dependencies: readonly Dependency[]
  /** Whether a request may see the gateway from inside. */
  readonly mayLookInside: (headers: Headers) => Promise<boolean>
  /** Epoch ms. */
  readonly now: () => number
}

const now = () => Date.now()

/** Of an isolate's 128 MB; flights may take 32 MiB of them. */
const MEMORY_TIER_BYTES = 16 * 1024 * 1024

/** The one place that picks implementations. */
export function services(config: Config): Services {
  const qdrant = qdrantStore({
    url: config.QDRANT_URL,
    apiKey: config.QDRANT_API_KEY,
    collection: config.QDRANT_COLLECTION,
  })
  const guarded = breaker(qdrant, { now })
  return {
    callers: config.GATEWAY_KEYS === undefined ? anyone : knownKeys(config.GATEWAY_KEYS),
    store: tiered({
      near: nearTiers(config),
      far: guarded,
      copyTtlMs: config.EDGE_TTL_SECONDS * 1000,
      now,
    }),
    breaker: guarded.state,
    upstream: litellm({
      url: config.LITELLM_URL,
      firstByteTimeoutMs: config.LITELLM_FIRST_BYTE_TIMEOUT_MS,
      idleTimeoutMs: config.LITELLM_IDLE_TIMEOUT_MS,
    }),
    exporter:
      config.MLFLOW_URL === undefined
        ? undefined
        : mlflowExporter({
            url: config.MLFLOW_URL,
            experimentId: config.MLFLOW_EXPERIMENT_ID,
            username: config.MLFLOW_USERNAME,
            password: config.MLFLOW_PASSWORD,
          }),
    dependencies: dependencies(config),
    mayLookInside: admins(config),
    now,
  }
}

function nearTiers({ EDGE_TTL_SECONDS, QDRANT_COLLECTION }: Config) {
  if (EDGE_TTL_SECONDS === 0) return []
  const colo = coloTier({ cache: caches.default, collection: QDRANT_COLLECTION, now })
  return [memoryTier(MEMORY_TIER_BYTES), colo]
}

function dependencies({ LITELLM_URL, QDRANT_URL, QDRANT_API_KEY, MLFLOW_URL }: Config) {
  const qdrantHeaders = QDRANT_API_KEY === undefined ? undefined : { 'api-key': QDRANT_API_KEY }
  return [
    answersAt('litellm', `${LITELLM_URL}/health/liveliness`, true),
    answersAt('qdrant', `${QDRANT_URL}/collections`, false, qdrantHeaders),
    ...(MLFLOW_URL === undefined ? [] : [answersAt('mlflow', `${MLFLOW_URL}/health`, false)]),
  ]
}

/** With `ADMIN_KEY`, whoever shows it; without, everyone in development and nobody else. */
function admins({ ADMIN_KEY, ENVIRONMENT }: Config): Services['mayLookInside'] {
  if (ADMIN_KEY === undefined) return async () => ENVIRONMENT === 'development'
  return async (headers) => {
    const admin = knownKeys([{ sha256: await sha256(ADMIN_KEY), tenant: 'admin' }])
    return (await admin(presentedKey(headers))) !== undefined
  }
}
