import * as z from 'zod'
import type { Entry } from '../cache/entry.ts'
import type { RecentRequestsClient } from '../explain/client.ts'
import { shortText } from '../explain/recent-request.ts'
import type { RecentRequest } from '../explain/recent-request.ts'
import type { Report } from '../store/report.ts'
import type { ReportStore } from '../store/report-store.ts'
import type { Store } from '../store/store.ts'
import { cassetteEntry } from './cassette.ts'
import type { CassetteEntry } from './cassette.ts'

/** Entries in one request, which the size of its body limits as well. */
const MOST_ENTRIES = 500

export const importInput = z.strictObject({
  entries: z.array(cassetteEntry).min(1).max(MOST_ENTRIES),
  ttl_seconds: z
    .number()
    .int()
    .min(1)
    .optional()
    .meta({
      description:
        'How long the entries are fresh from now on, at most `CACHE_MAX_TTL_SECONDS` or the limit of ' +
        'their policy. Without it they keep their expiry, and those that have expired are skipped.',
    }),
})

const count = z.number().int()

export const importAnswer = z
  .object({
    imported: count.meta({ description: 'Stored, in place of what had the same key.' }),
    expired: count.meta({ description: 'Skipped because they have expired.' }),
    too_large: count.meta({ description: 'Skipped: larger than `CACHE_MAX_ENTRY_BYTES`.' }),
    reported: count.meta({ description: 'Skipped because their answers were reported as wrong.' }),
    unreachable: z.array(z.object({ tenant: z.string(), entries: count })).meta({
      description:
        'Of the imported, those of tenants that no caller of this gateway has. The tenant is in the ' +
        'key, so these entries answer nobody here.',
    }),
  })
  .meta({ id: 'Import' })

export type Import = z.output<typeof importAnswer>

export interface ImportOptions {
  readonly store: Pick<Store, 'setMany'>
  readonly reports: Pick<ReportStore, 'among'>
  /** Where requests are recorded; undefined if they are not. */
  readonly recent: Pick<RecentRequestsClient, 'recordAll'> | undefined
  readonly maxEntryBytes: number
  /** The longest time that this entry may be fresh. */
  readonly maxTtlSeconds: (entry: Entry) => number
  /** Whether any caller of this gateway can have this tenant. */
  readonly isReachable: (tenant: string) => boolean
  readonly now: () => number
}

/**
 * Stores exported entries under their keys. A new life changes when they expire, never when they were
 * made: `Age` and `max-age` stay true. An answer that was reported as wrong does not come back; rejects if
 * the reports cannot be read.
 */
export async function importEntries(
  { entries, ttl_seconds: ttl }: z.output<typeof importInput>,
  { store, reports, recent, maxEntryBytes, maxTtlSeconds, isReachable, now }: ImportOptions,
): Promise<Import> {
  const expiryOf = (entry: Entry) => {
    const keeps = ttl === undefined || expiresItself(entry)
    const wanted = keeps ? entry.expires_at : now() + ttl * 1000
    return Math.min(wanted, now() + maxTtlSeconds(entry) * 1000)
  }
  const renewed = entries.map((one): CassetteEntry => {
    return { ...one, entry: { ...one.entry, expires_at: expiryOf(one.entry) } }
  })
  const isLarge = ({ entry }: CassetteEntry) => byteLength(entry.body) > maxEntryBytes
  const fitting = renewed.filter((one) => !isLarge(one))
  const unexpired = fitting.filter(({ entry }) => entry.expires_at > now())
  const fresh = await withoutReported(unexpired, reports)
  const stored = new Map(fresh.map(({ key, entry }): [string, Entry] => [key, entry]))
  if (stored.size > 0) await store.setMany(stored)
  if (recent !== undefined) await recordRequests(fresh, recent)
  return {
    imported: stored.size,
    expired: fitting.length - unexpired.length,
    too_large: renewed.length - fitting.length,
    reported: unexpired.length - fresh.length,
    unreachable: tenantsOf(stored).filter(({ tenant }) => !isReachable(tenant)),
  }
}

/** Whether an answer says when a part of it expires, as audio does. In a text, the quotes are escaped. */
const expiresItself = ({ body }: Entry) => /"expires_at":\s*\d/.test(body)

/** The entries whose answers were not reported as wrong. */
async function withoutReported(
  entries: readonly CassetteEntry[],
  reports: ImportOptions['reports'],
): Promise<readonly CassetteEntry[]> {
  if (entries.length === 0) return entries
  const ids = entries.flatMap(({ entry }) => entry.pair_id ?? [])
  const keys = new Set(entries.flatMap(answerKeys))
  const reported = await reports.among({ ids, keys: [...keys] })
  return entries.filter((one) => !reported.some(({ id, report }) => isAbout(one, id, report)))
}

/** The keys under which the answer of an entry may have been reported. */
const answerKeys = ({ key, entry: { original_key: original } }: CassetteEntry) =>
  original === undefined ? [key] : [key, original]

/**
 * Whether a report is about this answer. A pair of questions never matches again; a key may have got
 * another answer since.
 */
function isAbout(one: CassetteEntry, id: string, { tenant, key, reported_at }: Report): boolean {
  const { pair_id: pair, tenant: owner, stored_at } = one.entry
  if (pair === id) return true
  return tenant === owner && answerKeys(one).includes(key) && stored_at <= reported_at
}

/** Records the requests of the entries, so that a miss can name the nearest of them. */
async function recordRequests(
  imported: readonly CassetteEntry[],
  recent: NonNullable<ImportOptions['recent']>,
): Promise<void> {
  const known = imported.filter(({ fingerprint }) => fingerprint !== undefined)
  const tenants = Map.groupBy(known, ({ entry }) => entry.tenant)
  const recording = Array.from(tenants, ([tenant, own]) =>
    recent.recordAll(tenant, own.flatMap(requestOf)),
  )
  await Promise.all(recording)
}

/** The request of an entry, if the cassette has its fingerprint. */
function requestOf({ key, entry, fingerprint }: CassetteEntry): RecentRequest[] {
  if (fingerprint === undefined) return []
  const [api = ''] = entry.path.split('?')
  return [
    {
      // An explanation goes on with how long ago that was.
      requestId: `${key} of a cassette, imported`,
      key,
      api: shortText(api),
      model: shortText(entry.model),
      kept: { expiresAt: entry.expires_at },
      fingerprint,
    },
  ]
}

/** How many entries each tenant has. */
function tenantsOf(stored: ReadonlyMap<string, Entry>): Import['unreachable'] {
  const groups = Map.groupBy(stored.values(), ({ tenant }) => tenant)
  return Array.from(groups, ([tenant, { length }]) => ({ tenant, entries: length }))
}

const encoder = new TextEncoder()

/** In UTF-8, as answers are measured before they are stored. */
const byteLength = (text: string) => encoder.encode(text).length
