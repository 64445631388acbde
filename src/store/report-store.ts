import type { Schemas } from '@qdrant/js-client-rest'
import { tenantParts } from '../cache/tenant.ts'
import { untilAborted, withTimeout } from '../stream/timeout.ts'
import { payloadCollection } from './payload-collection.ts'
import { pointQueries } from './point-queries.ts'
import { connect, statusOf, unlessStatus } from './qdrant-client.ts'
import { qdrantPoints } from './qdrant-points.ts'
import type { QdrantAddress } from './qdrant-points.ts'
import { reportSchema } from './report.ts'
import type { Report } from './report.ts'
import { sweep } from './sweep.ts'
import type { Sweep } from './sweep.ts'

/** Whether something was reported; or that there are no reports at all. */
export type ReportState = 'reported' | 'not reported' | 'no reports'

/** A report and its id. */
export interface StoredReport {
  readonly id: string
  readonly report: Report
}

export interface ReportedAmong {
  readonly ids: readonly string[]
  readonly keys: readonly string[]
}

export interface ReportPageOptions {
  /** Whose reports; undefined for everyone's. */
  readonly tenant: string | undefined
  readonly limit: number
  /** The first id. */
  readonly cursor: string | undefined
  /** Whether they have the questions. */
  readonly withContent: boolean
}

/** Reports in the order of their ids. */
export interface ReportPage {
  readonly reports: readonly StoredReport[]
  /** The first id of the next page; undefined after the last. */
  readonly next: string | undefined
}

/** The reports of wrong answers. Each call rejects if Qdrant fails or is late. */
export interface ReportStore {
  /**
   * Whether there is a report with this id, of whatever version: one that cannot be read still says
   * that an answer was wrong. That there are no reports at all is remembered for `copyTtlMs`.
   */
  stateOf(id: string): Promise<ReportState>
  /** The reports about this cache key. */
  aboutKey(key: string): Promise<readonly StoredReport[]>
  /** The reports with one of these ids, and those about one of these cache keys. */
  among(wanted: ReportedAmong): Promise<readonly StoredReport[]>
  /** How many reports of this layer a tenant has. */
  countOf(tenant: string, layer: Report['layer']): Promise<number>
  put(id: string, report: Report): Promise<void>
  page(options: ReportPageOptions): Promise<ReportPage>
  /** Deletes all reports of a tenant, and of its end users; resolves with their number. */
  erase(tenant: string): Promise<number>
  /** Deletes the reports that expired before this instant (epoch ms). */
  sweep(expiredBefore: number): Promise<Sweep>
}

export interface ReportStoreOptions extends QdrantAddress {
  readonly collection: string
  /** How long a semantic hit waits for the state of its pair. */
  readonly lookupTimeoutMs: number
  /** How long any other request may take. */
  readonly timeoutMs?: number
  /** How long another isolate's first report may go unseen. */
  readonly copyTtlMs: number
  readonly now: () => number
}

/** What reports are swept, counted and found by. */
const INDEXES = {
  expires_at: { type: 'integer', lookup: false, range: true },
  tenant: 'keyword',
  layer: 'keyword',
  key: 'keyword',
} as const

/** One per layer, and one more for each pair that the same request was ever answered from. */
const MOST_ABOUT_ONE_KEY = 100

/** More tenants than any gateway has. Qdrant lists the values of an index at once. */
const MOST_TENANTS = 100_000

/** The members that hold what people wrote to a model. */
const CONTENT = ['a', 'b']

/** Keeps reports as points without vectors in a Qdrant collection, which the first report makes. */
export function qdrantReports(options: ReportStoreOptions): ReportStore {
  const { collection, lookupTimeoutMs, timeoutMs = 5_000, copyTtlMs, now } = options
  const qdrant = connect(options).api()
  const points = qdrantPoints(options, collection)
  const written = payloadCollection({ qdrant, points, collection, indexes: INDEXES })
  const reports = pointQueries({ qdrant, collection, timeoutMs })
  /** Until when this isolate takes it that there is no collection, epoch ms. */
  let absentUntil = 0

  const inTime = <Result>(ms: number, work: (signal: AbortSignal) => Promise<Result>) =>
    withTimeout(ms, (signal) => untilAborted(work(signal), signal))

  async function read(id: string, signal: AbortSignal): Promise<ReportState> {
    try {
      const { data } = await qdrant.getPoints(
        { collection_name: collection, ids: [id], with_payload: false, with_vector: false },
        { signal },
      )
      return data.result?.length === 0 ? 'not reported' : 'reported'
    } catch (error) {
      if (statusOf(error) !== 404) throw error
      absentUntil = now() + copyTtlMs
      return 'no reports'
    }
  }

  async function scroll(
    must: Schemas['Condition'][],
    { limit, cursor, withContent }: Omit<ReportPageOptions, 'tenant'>,
  ): Promise<ReportPage> {
    const exclude = withContent ? [] : CONTENT
    const { points: found, next } = await reports.page(must, { limit, cursor, exclude })
    const readable = found.flatMap(({ id, payload }) => {
      const parsed = reportSchema.safeParse(payload)
      return parsed.success ? [{ id, report: parsed.data }] : []
    })
    return { reports: readable, next }
  }

  return {
    async stateOf(id) {
      if (now() < absentUntil) return 'no reports'
      return inTime(lookupTimeoutMs, (signal) => read(id, signal))
    },

    async aboutKey(key) {
      const page = { limit: MOST_ABOUT_ONE_KEY, cursor: undefined, withContent: false }
      return (await scroll([{ key: 'key', match: { value: key } }], page)).reports
    },

    async among({ ids, keys }) {
      const should = [{ has_id: [...ids] }, { key: 'key', match: { any: [...keys] } }]
      const found: StoredReport[] = []
      let cursor: string | undefined
      do {
        const page = { limit: MOST_ABOUT_ONE_KEY, cursor, withContent: false }
        const { reports, next } = await scroll([{ should }], page)
        found.push(...reports)
        cursor = next
      } while (cursor !== undefined)
      return found
    },

    countOf: (tenant, layer) =>
      reports.count([...ofTenants([tenant]), { key: 'layer', match: { value: layer } }]),

    async put(id, report) {
      const list = { points: [{ id, vector: {}, payload: { ...report } }] }
      await inTime(timeoutMs, (signal) => written.upsert(list, signal))
      absentUntil = 0
    },

    page: ({ tenant, ...options }) =>
      scroll(tenant === undefined ? [] : ofTenants([tenant]), options),

    async erase(tenant) {
      const counts = await reports.countBy('tenant', [], MOST_TENANTS)
      const isOf = (name: string) => name === tenant || tenantParts(name).owner === tenant
      const all = [...counts].filter(([name]) => isOf(name))
      if (all.length === 0) return 0
      await reports.delete(ofTenants(all.map(([name]) => name)))
      return all.reduce((sum, [, count]) => sum + count, 0)
    },

    sweep: (expiredBefore) =>
      sweep(qdrant, { collection, expiredBefore }).catch(unlessStatus(404, { swept: 0, left: 0 })),
  }
}

const ofTenants = (tenants: readonly string[]): Schemas['Condition'][] => [
  { key: 'tenant', match: { any: [...tenants] } },
]
