import { judge, judgeKey } from './semantic-dependencies.ts'
import { mlflowAddress } from './config.ts'
import type { Dependencies } from './dependencies.ts'
import { canary } from './doctor/canary.ts'
import type { Canary } from './doctor/canary.ts'
import { examine, NotExamined, UNPAID } from './doctor/check.ts'
import type { Check, Diagnosis } from './doctor/check.ts'
import { coalescingChecks } from './doctor/coalescing.ts'
import { gatewayChecks } from './doctor/gateway.ts'
import { isolationChecks } from './doctor/isolation.ts'
import { judgeChecks } from './doctor/judge.ts'
import { litellmChecks } from './doctor/litellm.ts'
import { mlflowChecks } from './doctor/mlflow.ts'
import { qdrantChecks } from './doctor/qdrant.ts'
import { semanticChecks } from './doctor/semantic.ts'
import { settingsChecks } from './doctor/settings.ts'
import type { SettingsFacts } from './doctor/settings.ts'
import { sweepChecks } from './doctor/sweep.ts'
import type { DoctorRun } from './routes/admin-doctor.ts'
import { qdrantProbe } from './store/qdrant-probe.ts'
import { mlflow } from './telemetry/mlflow.ts'

/** The judge of the doctor may be slow, so that it can say how slow. */
const JUDGE_TIMEOUT_MS = 7_000

/** Examines this gateway and everything behind it. */
export function diagnose(dependencies: Dependencies, run: DoctorRun): Promise<Diagnosis> {
  const { config } = dependencies
  const secrets = [
    config.LITELLM_API_KEY,
    config.QDRANT_API_KEY,
    config.SEMANTIC_JUDGE_API_KEY,
    config.MLFLOW_PASSWORD,
    run.key,
    run.otherKey,
  ].filter((secret) => secret !== undefined)
  return examine(checks(dependencies, run), secrets)
}

function checks(dependencies: Dependencies, run: DoctorRun): readonly Check[] {
  const { config, upstream, ledgerReader, authenticator, coalescing, now, wait } = dependencies
  const { mayPay, waitUntil } = run
  const isOpen = config.AUTH_MODE === 'none'
  const takesLiteLlmKeys = config.AUTH_MODE === 'litellm'
  // Callers' keys are LiteLLM's in one mode only, and so is the gateway's own key a caller's.
  const callerKey = run.key ?? (takesLiteLlmKeys ? config.LITELLM_API_KEY : undefined)
  const ownKey = takesLiteLlmKeys
    ? (callerKey ?? config.SEMANTIC_JUDGE_API_KEY)
    : config.LITELLM_API_KEY
  const verifies = config.SEMANTIC !== 'off' && config.SEMANTIC_VERIFY === 'on'
  const semanticCollection = config.SEMANTIC === 'off' ? undefined : config.SEMANTIC_COLLECTION
  const probe = qdrantProbe({ url: config.QDRANT_URL, apiKey: config.QDRANT_API_KEY }, now)
  const traces = mlflowAddress(config)
  const coalesces = coalescing !== undefined

  let sent: Canary | undefined
  const sentCanary = (): Canary => {
    if (!mayPay) throw UNPAID
    if (run.model === undefined) {
      throw new NotExamined(
        'It needs a chat model, which answers a few short questions.',
        'Name a cheap one: edge doctor --model.',
      )
    }
    if (callerKey === undefined && !isOpen) {
      throw new NotExamined(
        "It needs a caller's key.",
        'Name a file with one: edge doctor --key-file.',
      )
    }
    const { send, origin, cf, model } = run
    sent ??= canary({ send, origin, cf, model, key: callerKey, coalesces, wait })
    return sent
  }

  return [
    ...settingsChecks(settingsFacts(dependencies, run)),
    ...qdrantChecks({
      probe,
      collection: config.QDRANT_COLLECTION,
      semanticCollection,
      lookupTimeoutMs: config.QDRANT_TIMEOUT_MS,
      now,
    }),
    ...litellmChecks({
      upstream,
      key: ownKey,
      probe,
      semanticCollection,
      embeddingModel: run.embeddingModel,
      mayPay,
    }),
    ...judgeChecks({
      judge: verifies ? judge(config, upstream, JUDGE_TIMEOUT_MS) : undefined,
      key: judgeKey(config) ?? callerKey,
      minProbability: config.SEMANTIC_MIN_PROBABILITY,
      waitsMs: config.SEMANTIC_JUDGE_TIMEOUT_MS,
      mayPay,
    }),
    ...gatewayChecks({ canary: sentCanary, breaker: dependencies.breaker }),
    ...coalescingChecks({ canary: sentCanary, coalesces }),
    ...semanticChecks({ canary: sentCanary, mode: config.SEMANTIC }),
    ...isolationChecks({
      canary: sentCanary,
      async tenantOf(key) {
        const caller = await authenticator(key, { waitUntil, admit() {}, async failed() {} })
        return caller?.tenant
      },
      isOpen,
      key: callerKey,
      otherKey: run.otherKey,
      semantic: config.SEMANTIC,
    }),
    ...mlflowChecks({ mlflow: traces && mlflow(traces), wait, now }),
    ...sweepChecks({ ledgerReader, isDevelopment: config.ENVIRONMENT === 'development', now }),
  ]
}

function settingsFacts(
  { config, limits, ledgerReader }: Dependencies,
  { origin }: DoctorRun,
): SettingsFacts {
  const limiters = { ...limits.byClass, address: limits.byAddress }
  const addresses = ['LITELLM_URL', 'QDRANT_URL', 'MLFLOW_URL'] as const
  return {
    environment: config.ENVIRONMENT,
    isOpen: config.AUTH_MODE === 'none',
    host: new URL(origin).hostname,
    unlimited: Object.entries(limiters)
      .filter(([, limiter]) => limiter === undefined)
      .map(([name]) => `RATE_LIMIT_${name.toUpperCase()}`),
    edgeTtlSeconds: config.EDGE_TTL_SECONDS,
    unencrypted: addresses.filter((name) => config[name]?.startsWith('http:')),
    hasQdrantKey: config.QDRANT_API_KEY !== undefined,
    semantic: config.SEMANTIC,
    verdicts: verdictsOf(config),
    tracesContent: config.MLFLOW_URL !== undefined && config.TRACE_CONTENT,
    hasLedger: ledgerReader !== undefined,
  }
}

function verdictsOf(config: Dependencies['config']): SettingsFacts['verdicts'] {
  if (config.SEMANTIC_VERIFY === 'off') return 'nobody'
  return judgeKey(config) === undefined ? 'callers' : 'gateway'
}
