import * as z from 'zod'
import { reportSchema } from '../store/report.ts'
import type { ReportStore, StoredReport } from '../store/report-store.ts'
import { flag } from './entries.ts'
import { keySchema } from './entry-filter.ts'

const tenant = z.string().min(1).max(512).optional().meta({ description: 'Only this tenant.' })

/** Two questions can have 100,000 characters each (`SEMANTIC_MAX_CHARS`). */
const LARGEST_PAGE = 100

export const reportsQuery = z.strictObject({
  tenant,
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(50),
  cursor: keySchema.optional().meta({ description: 'The `next` of the page before.' }),
  content: flag.meta({ description: '1 to show the questions.' }),
})

export const reportsAnswer = z.object({
  reports: z
    .array(
      reportSchema
        .omit({ v: true, a: true, b: true })
        .extend({
          id: z.string(),
          content: z.object({ a: z.string(), b: z.string() }).optional().meta({
            description: 'The original question and the new one, if asked for and known.',
          }),
        })
        .meta({ id: 'Report' }),
    )
    .meta({ description: 'In the order of their ids.' }),
  next: z.string().nullable().meta({ description: 'The cursor of the next page.' }),
})

/** One page of reports, and where the next one begins. */
export type ReportsPage = z.output<typeof reportsAnswer>

/** One page of reports. */
export async function listReports(
  { content: withContent, ...query }: z.output<typeof reportsQuery>,
  reports: Pick<ReportStore, 'page'>,
): Promise<ReportsPage> {
  const { tenant, limit, cursor } = query
  const page = await reports.page({ tenant, limit, cursor, withContent })
  return { reports: page.reports.map(shown), next: page.next ?? null }
}

function shown({ id, report }: StoredReport) {
  const { v: _version, a, b, ...rest } = report
  return { id, ...rest, ...(a !== undefined && b !== undefined && { content: { a, b } }) }
}

export const exportQuery = z.strictObject({ tenant })

/** A labelled pair, as `make semantic-eval` reads it. */
export const exportedPair = z.object({
  id: z.string(),
  category: z.literal('reported'),
  language: z.literal('und').meta({ description: 'Undetermined (ISO 639-2).' }),
  same: z.literal(false),
  a: z.string(),
  b: z.string(),
})

/**
 * The reported pairs of questions as JSON Lines, labelled as not the same, some lines at a time.
 * Reports without questions are left out.
 */
export async function* exportedPairs(
  { tenant }: z.output<typeof exportQuery>,
  reports: Pick<ReportStore, 'page'>,
): AsyncGenerator<string, void> {
  let cursor: string | undefined
  do {
    const page = await reports.page({ tenant, limit: LARGEST_PAGE, cursor, withContent: true })
    yield page.reports.flatMap(lineOf).join('')
    cursor = page.next
  } while (cursor !== undefined)
}

function lineOf({ id, report: { a, b } }: StoredReport): string[] {
  if (a === undefined || b === undefined) return []
  const pair: z.output<typeof exportedPair> = {
    id,
    category: 'reported',
    language: 'und',
    same: false,
    a,
    b,
  }
  return [`${JSON.stringify(pair)}\n`]
}
