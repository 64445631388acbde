import * as z from 'zod'
import { canonicalJson } from '../cache/canonical-json.ts'
import { readEntry } from '../cache/entry.ts'
import type { Entry } from '../cache/entry.ts'
import { keyOf } from '../cache/key.ts'
import { GatewayError } from '../errors.ts'
import type { FoundRequest } from '../explain/recent-request.ts'
import { REPORT_VERSION, reportLayers } from '../store/report.ts'
import type { Report } from '../store/report.ts'
import type { ReportStore } from '../store/report-store.ts'
import { warn } from '../telemetry/log.ts'
import { keySchema } from './entry-filter.ts'
import { purgeEntries } from './purge.ts'
import type { Purge, PurgeOptions } from './purge.ts'

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

/** A tenant's reports of each layer. They expire, and an operator can erase them. */
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
    throw new GatewayError(
      'entry_not_found',
      'There is no stored answer with this key. One that was just given may be there in a second.',
      'key',
    )
  }
  // The pair first, so that no entry is made of it after the purge.
  const notStored = found.report && (await failureOf(store(found, found.report, options)))
  // Semantic hits on it are looked for once more: a purge that failed may have left them.
  const filters = [{ keys: [key] }, { originalKeys: [key] }]
  const purges: Purge[] = []
  for (const filter of found.isPair ? [...filters, { pairIds: [found.id] }] : filters) {
    purges.push(await purgeEntries(filter, options.purging))
  }
  if (notStored !== undefined) {
    // Its pair would be matched again. Other answers are only deleted, which needs no report.
    if (found.isPair) throw notStored.cause
    warn('report not stored', notStored.cause)
  }
  if (purges.some(({ done }) => !done)) {
    throw new GatewayError('store_unavailable', 'Entries are left. Report it again.')
  }
  return {
    layer: found.layer,
    purged: purges.reduce((sum, { matched, derived }) => sum + matched + derived, 0),
    pair_refused: found.isPair,
    near_tiers_until: Math.max(...purges.map((one) => one.near_tiers_until)),
  }
}

/** Why work failed; undefined if it did not. */
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (cause: unknown) => ({ cause }),
  )

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
  const pair = servedPair ?? entry?.pair_id
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
      ...(entry !== undefined && entry.pair_id === pair && matchOf(entry)),
      ...(reason !== undefined && { reason }),
      reported_by: by,
      reported_at: now(),
      expires_at: now() + ttlDays * 86_400_000,
    },
  }
}

/** What a stored semantic hit says of itself; nothing for any other entry. */
function matchOf({ source, question: b, original_question: a, similarity, same }: Entry) {
  if (source !== 'semantic') return {}
  return {
    ...(a !== undefined && b !== undefined && { a, b }),
    ...(similarity !== undefined && { similarity }),
    ...(same !== undefined && { same }),
  }
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

async function store(
  { id, isPair }: Known,
  report: Report,
  { reports }: ReportOptions,
): Promise<void> {
  const isKnown = (await reports.stateOf(id)) === 'reported'
  // What an earlier report says of its questions is kept.
  if (isKnown && isPair && report.a === undefined) return
  const count = isKnown ? 0 : await reports.countOf(report.tenant, report.layer)
  if (count < MOST_REPORTS) return reports.put(id, report)
  // Other answers are only deleted, which needs no report.
  if (!isPair) return
  throw new GatewayError(
    'invalid_request',
    `This tenant has ${MOST_REPORTS} reported pairs, which is the most. An operator can erase them.`,
  )
}
