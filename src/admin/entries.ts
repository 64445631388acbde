import * as z from 'zod'
import type { CountedMember, EntryCatalog, EntryFilter } from '../store/entry-catalog.ts'
import { entryFilter, filterMembers, keySchema } from './entry-filter.ts'
import type { GivenFilter } from './entry-filter.ts'
import { entrySummary, entrySummarySchema } from './entry-summary.ts'

/** `1` or `0` in a query. */
export const flag = z
  .enum(['0', '1'])
  .default('0')
  .transform((text) => text === '1')

/** Pages are smaller with content: an answer may be a megabyte. */
const LARGEST_PAGE = 1_000
const LARGEST_PAGE_WITH_CONTENT = 10

export const entriesQuery = z
  .strictObject({
    ...filterMembers,
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(LARGEST_PAGE)
      .optional()
      .meta({
        description: `Entries in the page: 50 by default, ${LARGEST_PAGE_WITH_CONTENT} with content.`,
      }),
    cursor: keySchema.optional().meta({ description: 'The `next` of the page before.' }),
    content: flag.meta({
      description: `1 to show questions and answers, at most ${LARGEST_PAGE_WITH_CONTENT} a page.`,
    }),
  })
  .refine(({ content, limit = 1 }) => !content || limit <= LARGEST_PAGE_WITH_CONTENT, {
    path: ['limit'],
    message: `must be at most ${LARGEST_PAGE_WITH_CONTENT} with content`,
  })

export const entriesAnswer = z.object({
  entries: z.array(entrySummarySchema),
  next: z.string().nullable().meta({ description: 'The cursor of the next page.' }),
})

/** One page of the entries that match, in the order of their keys. */
export async function listEntries(
  { limit: given, cursor, content, ...filter }: z.output<typeof entriesQuery>,
  { catalog, now }: CatalogOptions,
): Promise<z.output<typeof entriesAnswer>> {
  const limit = given ?? (content ? LARGEST_PAGE_WITH_CONTENT : 50)
  const options = { limit, cursor, withContent: content }
  const page = await catalog.page(orAll(filter, now()), options)
  return {
    entries: page.entries.map((entry) => entrySummary(entry, content, now())),
    next: page.next ?? null,
  }
}

/** What entries are counted by, and the member of the payload that says it. */
const COUNTED = {
  tenant: 'tenant',
  model: 'model',
  api: 'path',
  source: 'source',
  namespace: 'namespace',
} as const satisfies Record<string, CountedMember>

/** The upper ends of the groups of ages, in seconds. */
const AGES = [60, 300, 1_800, 3_600, 86_400]
/** The group of everything beyond. */
const OLDER = 'older'
const MOST_GROUPS = 1_000

export const countQuery = z.strictObject({
  ...filterMembers,
  by: z
    .enum([...(Object.keys(COUNTED) as (keyof typeof COUNTED)[]), 'age'])
    .default('model')
    .meta({ description: 'What to count by.' }),
})

export const countAnswer = z.object({
  total: z.number().int(),
  expired: z.number().int().meta({ description: 'Of these, how many have expired.' }),
  groups: z.array(z.object({ name: z.string(), entries: z.number().int() })).meta({
    description: `The most frequent first, at most ${MOST_GROUPS}. Ages are upper ends in seconds, or "${OLDER}".`,
  }),
})

/** Counts the entries that match, by one of their members or by age. */
export async function countEntries(
  { by, ...given }: z.output<typeof countQuery>,
  { catalog, now }: CatalogOptions,
): Promise<z.output<typeof countAnswer>> {
  const filter = orAll(given, now())
  const [total, expired, groups] = await Promise.all([
    catalog.count(filter),
    catalog.count({ ...filter, all: undefined, expiresBefore: now() + 1 }),
    by === 'age' ? countByAge(filter, catalog, now()) : countBy(COUNTED[by], filter, catalog),
  ])
  return { total, expired, groups }
}

type Groups = z.output<typeof countAnswer>['groups']

async function countBy(
  member: CountedMember,
  filter: EntryFilter,
  catalog: EntryCatalog,
): Promise<Groups> {
  const counts = await catalog.countBy(member, filter, MOST_GROUPS)
  return Array.from(counts, ([name, entries]) => ({ name, entries }))
}

async function countByAge(
  filter: EntryFilter,
  catalog: EntryCatalog,
  now: number,
): Promise<Groups> {
  const { storedBefore = Infinity, storedSince = 0, ...others } = filter
  const ends = [0, ...AGES, Infinity]
  const groups = ends.slice(1).map(async (end, at) => {
    const from = Math.max(end === Infinity ? 0 : now - end * 1000, storedSince)
    const until = Math.min(
      at === 0 ? Number.MAX_SAFE_INTEGER : now - ends[at]! * 1000,
      storedBefore,
    )
    const range = { ...others, all: undefined, storedSince: from, storedBefore: until }
    return {
      name: end === Infinity ? OLDER : String(end),
      entries: from < until ? await catalog.count(range) : 0,
    }
  })
  return Promise.all(groups)
}

export interface CatalogOptions {
  readonly catalog: EntryCatalog
  readonly now: () => number
}

/** Reading may be unlimited, unlike deleting. */
function orAll(given: GivenFilter, now: number): EntryFilter {
  const isEmpty = Object.values(given).every((value) => value === undefined)
  return isEmpty ? { all: true } : entryFilter(given, now)
}
