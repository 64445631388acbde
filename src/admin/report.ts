import * as z from 'zod'
import { canonicalJson } from '../cache/canonical-json.ts'
import { readEntry } from '../cache/entry.ts'
import type { Entry } from '../cache/entry.ts'
import { keyOf } from '../cache/key.ts'
import { GatewayError } from '../errors.ts'
import { pairId } from '../semantic/question-pair.ts'
import { REPORT_VERSION, reportLayers } from '../store/report.ts'
import type { Report } from '../store/report.ts'
import type { ReportStore } from '../store/report-store.ts'
import { keySchema } from './entry-filter.ts'
import { purgeEntries } from './purge.ts'
import type { PurgeOptions } from './purge.ts'

const members = {
  key: keySchema.optional().meta({ description: 'The `x-cache-key` of the wrong answer.' }),
  request_id: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .meta({ description: 'The `x-request-id` of the request, for about an hour.' }),
  reason: z.string().max(500).optional().meta({ description: 'What is wrong, for people.' }),
}

const hasOne = ({ key, request_id }: { key?: unknown; request_id?: unknown }) =>
  (key === undefined) !== (request_id === undefined)
const ONE = 'must have exactly one of key and request_id'

/** What an operator reports. */
export const reportInput = z
  .strictObject({
    ...members,
    tenant: z.string().min(1).max(512).optional().meta({ description: 'Whose answer it was.' }),
  })
  .refine(hasOne, ONE)
  .refine(({ request_id, tenant }) => request_id === undefined || tenant !== undefined, {
    path: ['tenant'],
    message: 'is needed with request_id',
  })

/** What a caller reports. */
export const callerReportInput = z
  .strictObject({ ...members, user: z.string().min(1).max(256).optional() })
  .refine(hasOne, ONE)

export const reportAnswer = z.object({
  layer: z.enum(reportLayers).meta({
    description: '`semantic` if the answer was made for another question, else `exact`.',
  }),
  purged: z.number().int().meta({
    description: 'Deleted entries: that of the answer, and semantic hits that hold it.',
  }),
  pair_refused: z.boolean().meta({
    description: 'Whether the two questions of a semantic hit are never matched again.',
  }),
  near_tiers_until: z.number().meta({
    description: 'Epoch ms until which other isolates and data centres may not know of it.',
  }),
})

/** What was done about a wrong answer. */
export type WrongAnswerReport = z.output<typeof reportAnswer>

/** A request of the last hour, as far as a report needs it. */
export interface FoundRequest {
  readonly key: string
  /** Of a semantic hit: the id of its pair of questions. */
  readonly pairId?: string | undefined
}

export interface ReportOptions {
  readonly reports: ReportStore
  readonly purging: PurgeOptions
  /** Finds a recent request of a tenant by its id. */
  readonly findRequest: (tenant: string, requestId: string) => Promise<FoundRequest | undefined>
  readonly ttlDays: number
  readonly now: () => number
}

/** A wrong answer, by its key or by its request. */
export interface WrongAnswer extends Pick<z.output<typeof reportInput>, keyof typeof members> {
  /** Whose it is. Answers of others are as if they did not exist. Undefined for an operator. */
  readonly tenant?: string | undefined
  readonly by: Report['reported_by']
}

/** Further reports of a tenant are refused. They expire, and an operator can erase them. */
export const MOST_REPORTS = 1_000

/**
 * Deletes a wrong answer wherever it is stored. For a semantic hit, its two questions are never
 * matched again. Doing it twice changes nothing. Throws `entry_not_found` if there is no such answer.
 */
export async function report(
  wrong: WrongAnswer,
  options: ReportOptions,
): Promise<WrongAnswerReport> {
  const request = await requestOf(wrong, options)
  const { key } = request
  const found =
    (await entryReport(request, wrong, options)) ?? (await earlier(request, wrong, options))
  if (found === undefined) {
    throw new GatewayError('entry_not_found', 'There is no stored answer with this key.', 'key')
  }
  // The pair first: an entry that is written meanwhile is deleted after it.
  if (found.report !== undefined) await store(found.id, found.report, options)
  const purged = await purgeEntries({ keys: [key] }, options.purging)
  // Semantic hits on it that are left over from a purge that failed.
  const rest = await purgeEntries({ originalKeys: [key] }, options.purging)
  return {
    layer: found.layer,
    purged: purged.matched + purged.derived + rest.matched,
    pair_refused: found.isPair,
    near_tiers_until: rest.near_tiers_until,
  }
}

/** What is known of a wrong answer. */
interface Known {
  readonly id: string
  readonly layer: Report['layer']
  /** Whether the id is that of a pair of questions. */
  readonly isPair: boolean
  /** Undefined if it was reported before, and there is nothing new. */
  readonly report?: Report
}

async function requestOf(
  { key, request_id: requestId = '', tenant = '' }: WrongAnswer,
  { findRequest }: ReportOptions,
): Promise<FoundRequest> {
  if (key !== undefined) return { key }
  const request = await findRequest(tenant, requestId)
  if (request !== undefined) return request
  throw new GatewayError(
    'invalid_request',
    'request_id: is unknown, or older than an hour. Use the key.',
    'request_id',
  )
}

/** A new report: about the entry, or about a semantic hit that was never stored. */
async function entryReport(
  { key, pairId: servedPair }: FoundRequest,
  { tenant, by, reason, request_id }: WrongAnswer,
  { purging: { catalog }, ttlDays, now }: ReportOptions,
): Promise<Known | undefined> {
  const page = await catalog.page({ keys: [key] }, { limit: 1, withContent: true })
  const stored = readEntry(page.entries[0]?.payload)
  const isOwn = tenant === undefined || stored?.tenant === tenant
  const entry = isOwn ? stored : undefined
  const owner = entry?.tenant ?? tenant
  if (owner === undefined || (entry === undefined && servedPair === undefined)) return undefined
  const match = entry && (await matchOf(entry))
  const pair = servedPair ?? match?.id
  const isOfPair = match !== undefined && match.id === pair
  const layer = pair === undefined && entry?.source !== 'semantic' ? 'exact' : 'semantic'
  return {
    id: pair ?? (await entryId(owner, key)),
    layer,
    isPair: pair !== undefined,
    report: {
      v: REPORT_VERSION,
      tenant: owner,
      layer,
      key,
      ...(entry && { model: entry.model }),
      ...(request_id !== undefined && { request_id }),
      // An answer that was stored since is not the one that was reported.
      ...(isOfPair && match.said),
      ...(reason !== undefined && { reason }),
      reported_by: by,
      reported_at: now(),
      expires_at: now() + ttlDays * 86_400_000,
    },
  }
}

/** The pair of questions of a stored semantic hit; undefined if its original was unknown. */
async function matchOf({ tenant, question: b, original_question: a, similarity, same }: Entry) {
  if (a === undefined || b === undefined) return undefined
  const said = {
    a,
    b,
    ...(similarity !== undefined && { similarity }),
    ...(same !== undefined && { same }),
  }
  return { id: await pairId(tenant, { a, b }), said }
}

/** The report that was made before, whose entry is gone. */
async function earlier(
  { key }: FoundRequest,
  { tenant }: WrongAnswer,
  { reports }: ReportOptions,
): Promise<Known | undefined> {
  const about = await reports.aboutKey(key)
  const own = about.filter(({ report }) => report.tenant === (tenant ?? report.tenant))
  const found = own.find(({ report }) => report.layer === 'semantic') ?? own[0]
  if (found === undefined) return undefined
  const { id, report } = found
  return { id, layer: report.layer, isPair: id !== (await entryId(report.tenant, key)) }
}

/** The id of a report that is not about a pair. */
async function entryId(tenant: string, key: string): Promise<string> {
  return (await keyOf(canonicalJson(['entry', tenant, key]))).id
}

async function store(id: string, report: Report, { reports }: ReportOptions): Promise<void> {
  const isFull = (await reports.countOf(report.tenant)) >= MOST_REPORTS
  if (isFull && (await reports.stateOf(id)) !== 'reported') {
    throw new GatewayError(
      'invalid_request',
      `This tenant has ${MOST_REPORTS} reports, which is the most. An operator can erase them.`,
    )
  }
  await reports.put(id, report)
}
