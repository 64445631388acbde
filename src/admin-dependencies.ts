import type { EraseOptions } from './admin/erase.ts'
import type { PurgeOptions } from './admin/purge.ts'
import type { ReportOptions } from './admin/report.ts'
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
  reports,
  now,
}: Pick<Dependencies, 'config' | 'store' | 'reports' | 'now'>) {
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
    others: [{ what: 'reports of wrong answers', erase: reports.erase, coversEndUsers: true }],
  }
  const reporting: ReportOptions = {
    reports,
    purging,
    findRequest: async () => undefined,
    ttlDays: config.REPORTS_TTL_DAYS,
    now,
  }
  return { catalog, purging, erasing, reporting }
}
