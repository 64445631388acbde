import type { EraseOptions } from './admin/erase.ts'
import type { ExportOptions } from './admin/export.ts'
import type { ImportOptions } from './admin/import.ts'
import type { PurgeOptions } from './admin/purge.ts'
import type { ReportOptions } from './admin/report.ts'
import { isReachable } from './auth/reachable-tenant.ts'
import type { Authentication } from './auth/reachable-tenant.ts'
import type { Entry } from './cache/entry.ts'
import type { PolicySubject } from './cache/policy.ts'
import { tenantParts } from './cache/tenant.ts'
import type { Config } from './config.ts'
import type { Dependencies } from './dependencies.ts'
import { tenantDigits } from './semantic/namespace.ts'
import { entryCatalog } from './store/entry-catalog.ts'
import { semanticAnswers } from './store/semantic-answers.ts'
import { purgeSemantic } from './store/semantic-purge.ts'

/** How long one of an operator's requests to Qdrant may take. */
const TIMEOUT_MS = 10_000

/** What the admin API works on. */
export function adminParts({
  config,
  store,
  policies,
  recent,
  reports,
  now,
}: Pick<Dependencies, 'config' | 'store' | 'policies' | 'recent' | 'reports' | 'now'>) {
  const { QDRANT_URL: url, QDRANT_API_KEY: apiKey, QDRANT_COLLECTION, SEMANTIC_COLLECTION } = config
  const catalog = entryCatalog({
    url,
    apiKey,
    collection: QDRANT_COLLECTION,
    timeoutMs: TIMEOUT_MS,
  })
  const litellms = { url, apiKey, collection: SEMANTIC_COLLECTION, timeoutMs: TIMEOUT_MS }
  const isSemantic = config.SEMANTIC !== 'off'
  const purging: PurgeOptions = {
    catalog,
    semantic: isSemantic ? semanticAnswers(litellms) : undefined,
    forgetNear: store.forgetNear,
    edgeTtlSeconds: config.EDGE_TTL_SECONDS,
    now,
  }
  const erasing: EraseOptions = {
    ...purging,
    eraseSemantic: isSemantic
      ? async (tenant) => {
          const digits = await tenantDigits(tenant)
          return purgeSemantic({ ...litellms, isOver: (cacheKey) => cacheKey.startsWith(digits) })
        }
      : undefined,
    others: [
      { what: 'reports of wrong answers', erase: reports.erase, coversEndUsers: true },
      ...(recent === undefined ? [] : [{ what: 'recent requests', erase: recent.forget }]),
    ],
  }
  const maxEntryBytes = config.CACHE_MAX_ENTRY_BYTES
  const exporting: ExportOptions = { catalog, recent, maxEntryBytes, now }
  const importing: ImportOptions = {
    store,
    reports,
    recent,
    maxEntryBytes,
    maxTtlSeconds: (entry) => policies.for(subjectOf(entry)).maxTtlSeconds,
    isReachable: (tenant) => isReachable(tenant, authenticationOf(config)),
    now,
  }
  const reporting: ReportOptions = {
    reports,
    purging,
    findRequest: recent?.find ?? (async () => undefined),
    ttlDays: config.REPORTS_TTL_DAYS,
    now,
  }
  return { catalog, purging, erasing, reporting, exporting, importing }
}

/** What the policy of an entry depends on, as of the request that it was made for. */
function subjectOf({ model, path, tenant }: Entry): PolicySubject {
  const [api = ''] = path.split('?')
  return { model, path: api, tenant: tenantParts(tenant).owner }
}

/** How this gateway's callers get their tenants. */
function authenticationOf({ AUTH_MODE, GATEWAY_KEYS = [], CACHE_SCOPE }: Config): Authentication {
  switch (AUTH_MODE) {
    case 'none':
      return { mode: 'none' }
    case 'keys':
      return { mode: 'keys', keys: GATEWAY_KEYS }
    case 'litellm':
      return { mode: 'litellm', scope: CACHE_SCOPE }
  }
}
