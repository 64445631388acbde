import { version } from '../package.json'
import { adminParts } from './admin-dependencies.ts'
import type { Api } from './apis/api.ts'
import { settingOfPolicy, tracePolicy } from './config.ts'
import type { Dependencies } from './dependencies.ts'
import { adminOnly } from './middleware/admin-only.ts'
import { accounting } from './middleware/accounting.ts'
import { authenticate } from './middleware/authenticate.ts'
import { cacheLookup } from './middleware/cache-lookup.ts'
import { embeddingBatch } from './middleware/embedding-batch.ts'
import { findEntries } from './middleware/find-entries.ts'
import { parseRequest } from './middleware/parse-request.ts'
import { recentRequests } from './middleware/recent-requests.ts'
import { requestLog } from './middleware/request-log.ts'
import { staleIfError } from './middleware/stale-if-error.ts'
import { tracing } from './middleware/tracing.ts'
import { diagnose } from './doctor-dependencies.ts'
import { admin } from './routes/admin.ts'
import { adminDoctor } from './routes/admin-doctor.ts'
import type { AdminDoctorOptions } from './routes/admin-doctor.ts'
import { adminReports } from './routes/admin-reports.ts'
import { cacheReport } from './routes/cache-report.ts'
import { dashboard } from './routes/dashboard.tsx'
import { health } from './routes/health.ts'
import { metrics } from './routes/metrics.ts'
import { model, models } from './routes/models.ts'
import { proxy } from './routes/proxy.ts'
import { semanticLimits, servesSemantic } from './semantic-dependencies.ts'

/**
 * The middleware and handlers that `app.ts` lists, each with what it needs. `send` answers a request
 * as the app does.
 */
export function steps(dependencies: Dependencies, send: AdminDoctorOptions['send']) {
  const {
    config,
    authenticator,
    limits,
    addressLimiter,
    store,
    policies,
    memory,
    memo,
    upstream,
    ask,
    coalescing,
    exporter,
    recorder,
    recent,
    now,
  } = dependencies
  const explaining = { recent, now }
  const lookup = {
    store,
    servesSemantic: servesSemantic(config),
    now,
  }
  const requestOptions = {
    // One caller may hold at most half of the budget.
    maxRequestBytes: Math.min(config.MAX_REQUEST_BYTES, config.MEMORY_BUDGET_BYTES / 2),
    cacheMaxRequestBytes: config.CACHE_MAX_REQUEST_BYTES,
    semantic: semanticLimits(config),
    policies,
    memory,
    memo,
    now,
  }
  const parts = adminParts(dependencies)
  const forward = proxy({
    ask,
    coalescing,
    store,
    memory,
    maxEntryBytes: config.CACHE_MAX_ENTRY_BYTES,
    storeSemanticHits: config.CACHE_SEMANTIC_HITS,
    now,
  })
  return {
    health: health({
      ...dependencies,
      edgeTtlSeconds: config.EDGE_TTL_SECONDS,
      timeoutMs: 2_000,
    }),
    dashboard: dashboardOf(dependencies),
    admin: {
      ...admin({
        ...parts,
        policies,
        policySettings: { semantic: config.SEMANTIC, settingOf: settingOfPolicy },
        version,
      }),
      ...adminReports(parts.reporting),
      lookup: findEntries({ ...requestOptions, ...parts }),
    },
    doctor: adminDoctor({ diagnose: (run) => diagnose(dependencies, run), send }),
    adminOnly: adminOnly(dependencies),
    cacheReport: cacheReport(parts.reporting),
    metrics: metrics({ ...dependencies, version }),
    models: models(upstream),
    model: model(upstream),
    authenticate: authenticate(authenticator, limits, addressLimiter, now),
    requestLog: requestLog({ level: config.LOG_LEVEL, now }),
    tracing: tracing({ exporter, policy: tracePolicy(config), now }),
    accounting: (api: Api) => accounting(api, { recorder, now }),
    parseRequest: (api: Api) => parseRequest(api, requestOptions),
    embeddingBatch: embeddingBatch({ ...lookup, memory, proxy: forward }),
    cacheLookup: cacheLookup({ ...lookup, coalescing, explaining }),
    recentRequests: recentRequests(explaining),
    staleIfError: staleIfError(lookup),
    proxy: forward,
  }
}

/** The dashboard's handlers; undefined without an ADMIN_KEY. */
function dashboardOf(dependencies: Dependencies) {
  const { ADMIN_KEY, MLFLOW_URL, SEMANTIC, SEMANTIC_MIN_PROBABILITY } = dependencies.config
  if (ADMIN_KEY === undefined) return undefined
  return dashboard({
    ...dependencies,
    adminKey: ADMIN_KEY,
    semantic: { mode: SEMANTIC, minProbability: SEMANTIC_MIN_PROBABILITY },
    traces: MLFLOW_URL !== undefined,
    timeoutMs: 2_000,
  })
}
