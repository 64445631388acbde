import * as z from 'zod'
import type { RecentRequestsClient } from '../explain/client.ts'
import type { KeyedFingerprint } from '../explain/recent-requests.ts'
import type { EntryCatalog } from '../store/entry-catalog.ts'
import { cassetteEntry } from './cassette.ts'
import type { CassetteEntry } from './cassette.ts'
import { entryFilter, filterSchema, keySchema } from './entry-filter.ts'

export const exportInput = z.strictObject({
  filter: filterSchema,
  cursor: keySchema.optional().meta({ description: 'The `next` of the page before.' }),
})

export const exportAnswer = z
  .object({
    entries: z.array(cassetteEntry).meta({ description: 'In the order of their keys.' }),
    unreadable: z
      .number()
      .int()
      .meta({ description: 'Entries of another version, which are left out.' }),
    next: z.string().nullable().meta({ description: 'The cursor of the next page.' }),
  })
  .meta({ id: 'Export' })

export type ExportPage = z.output<typeof exportAnswer>

export interface ExportOptions {
  readonly catalog: EntryCatalog
  /** What is known of recent requests; undefined if they are not recorded. */
  readonly recent: Pick<RecentRequestsClient, 'fingerprints'> | undefined
  /** The largest body of an entry. */
  readonly maxEntryBytes: number
  readonly now: () => number
}

/** Characters of bodies after which a page ends. */
const FULL_PAGE = 4 * 1024 * 1024
/** The bodies that one read of Qdrant may return. */
const LARGEST_READ_BYTES = 8 * 1024 * 1024
const MOST_PER_READ = 8
/** Each read is one of the 50 subrequests that a Worker may make on the free plan. */
const MOST_READS = 16

/**
 * One page of the entries that match, with their answers. Bounded in bytes: entries are read a few at a
 * time until the page is full.
 */
export async function exportPage(
  { filter, cursor }: z.output<typeof exportInput>,
  { catalog, recent, maxEntryBytes, now }: ExportOptions,
): Promise<ExportPage> {
  const wanted = entryFilter(filter, now())
  const fitting = Math.floor(LARGEST_READ_BYTES / maxEntryBytes)
  const limit = Math.min(Math.max(fitting, 1), MOST_PER_READ)
  const entries: CassetteEntry[] = []
  let unreadable = 0
  let size = 0
  let next = cursor
  for (let reads = 0; reads < MOST_READS && size < FULL_PAGE; reads += 1) {
    const page = await catalog.page(wanted, { limit, cursor: next, withContent: true })
    for (const { key, payload } of page.entries) {
      const parsed = cassetteEntry.safeParse({ key, entry: payload })
      if (parsed.success) entries.push(parsed.data)
      else unreadable += 1
      size += parsed.data?.entry.body.length ?? 0
    }
    ;({ next } = page)
    if (next === undefined) break
  }
  return { entries: await withFingerprints(entries, recent), unreadable, next: next ?? null }
}

/** Each tenant is one more of those subrequests. */
const MOST_TENANTS = 16

/** The entries with the fingerprints of those requests that were recorded lately. */
async function withFingerprints(
  entries: readonly CassetteEntry[],
  recent: ExportOptions['recent'],
): Promise<CassetteEntry[]> {
  if (recent === undefined) return [...entries]
  const tenants = Map.groupBy(entries, ({ entry }) => entry.tenant)
  const found = await Promise.all(
    Array.from(tenants)
      .slice(0, MOST_TENANTS)
      .map(([tenant, own]) => fingerprintsOf(tenant, own, recent)),
  )
  const fingerprints = new Map(found.flat().map(({ key, fingerprint }) => [key, fingerprint]))
  return entries.map((one) => {
    const fingerprint = fingerprints.get(one.key)
    return fingerprint === undefined ? one : { ...one, fingerprint }
  })
}

/** None if they cannot be read: an entry answers without one as well. */
function fingerprintsOf(
  tenant: string,
  own: readonly CassetteEntry[],
  recent: NonNullable<ExportOptions['recent']>,
): Promise<readonly KeyedFingerprint[]> {
  const keys = own.map(({ key }) => key)
  return recent.fingerprints(tenant, keys).catch(() => [])
}
