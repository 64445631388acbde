import * as z from 'zod'
import type { EntryCatalog, EntryFilter } from '../store/entry-catalog.ts'
import type { SemanticAnswer, SemanticAnswers } from '../store/semantic-answers.ts'
import { warn } from '../telemetry/log.ts'
import { entryFilter, filterSchema } from './entry-filter.ts'
import type { GivenFilter } from './entry-filter.ts'
import { entrySummary, entrySummarySchema } from './entry-summary.ts'
import type { EntrySummary } from './entry-summary.ts'

export const purgeInput = z.strictObject({
  filter: filterSchema,
  dry_run: z
    .boolean()
    .default(false)
    .meta({ description: 'Count and show a few, delete nothing.' }),
})

export const purgeAnswer = z
  .object({
    dry_run: z.boolean(),
    matched: z
      .number()
      .int()
      .meta({ description: 'Entries that matched; without `dry_run`, those that were deleted.' }),
    derived: z
      .number()
      .int()
      .meta({
        description:
          'Stored semantic hits that were deleted because they hold the answer of one of these ' +
          'entries, besides those that matched. A dry run does not count them.',
      }),
    examples: z.array(entrySummarySchema).meta({ description: 'A few of them, without content.' }),
    done: z.boolean().meta({ description: 'False if entries are left: send the request again.' }),
    semantic: z
      .object({
        purged: z.number().int(),
        incomplete: z
          .string()
          .nullable()
          .meta({ description: "Why answers may be left in LiteLLM's semantic cache." }),
      })
      .meta({ description: "The same answers in LiteLLM's semantic cache." }),
    near_tiers_until: z.number().meta({
      description: 'Epoch ms until which copies in other isolates and data centres may be served.',
    }),
  })
  .meta({ id: 'Purge' })

export type Purge = z.output<typeof purgeAnswer>

export interface PurgeOptions {
  readonly catalog: EntryCatalog
  /** Undefined if the semantic layer is off. */
  readonly semantic: SemanticAnswers | undefined
  /** Forgets near copies of these entries, as far as this isolate can. */
  readonly forgetNear: (keys: readonly string[]) => Promise<void>
  readonly edgeTtlSeconds: number
  readonly now: () => number
}

/** Entries that one request deletes at most. The next request goes on. */
const PAGE = 1_000
const MOST_PAGES = 20
/** After this long no further page is begun. */
const LONGEST_MS = 20_000
const EXAMPLES = 5

/**
 * Deletes the entries that match a filter, and the same answers elsewhere: in LiteLLM's semantic cache,
 * and stored as semantic hits.
 */
export async function purge(
  { filter, dryRun }: { readonly filter: GivenFilter; readonly dryRun: boolean },
  options: PurgeOptions,
): Promise<Purge> {
  const wanted = entryFilter(filter, options.now())
  return dryRun ? preview(wanted, options) : purgeEntries(wanted, options)
}

async function preview(filter: EntryFilter, { catalog, now }: PurgeOptions): Promise<Purge> {
  const [matched, { entries }] = await Promise.all([
    catalog.count(filter),
    catalog.page(filter, { limit: EXAMPLES, withContent: false }),
  ])
  return {
    dry_run: true,
    matched,
    derived: 0,
    examples: entries.map((entry) => entrySummary(entry, false, now())),
    done: true,
    semantic: { purged: 0, incomplete: null },
    near_tiers_until: now(),
  }
}

/** The same for a filter of the store. Rejects if Qdrant fails; what is deleted then stays deleted. */
export async function purgeEntries(filter: EntryFilter, options: PurgeOptions): Promise<Purge> {
  const { catalog, edgeTtlSeconds, forgetNear, now } = options
  const startedAt = now()
  const examples: EntrySummary[] = []
  const answers: SemanticAnswer[] = []
  let matched = 0
  let derived = 0
  let done = false
  for (let page = 0; page < MOST_PAGES && !done && now() - startedAt < LONGEST_MS; page += 1) {
    const { entries } = await catalog.page(filter, { limit: PAGE, withContent: false })
    const keys = entries.map(({ key }) => key)
    const hits = await purgeHitsOn(keys, startedAt + LONGEST_MS, options)
    derived += hits.deleted
    // The originals stay, so that the same request finds the rest.
    if (!hits.done) break
    await catalog.delete(keys, filter)
    await forgetNear(keys)
    answers.push(...entries.flatMap(({ payload }) => semanticAnswer(payload)))
    const shown = entries.slice(0, EXAMPLES - examples.length)
    examples.push(...shown.map((entry) => entrySummary(entry, false, now())))
    matched += keys.length
    done = keys.length < PAGE
  }
  return {
    dry_run: false,
    matched,
    derived,
    examples,
    done,
    semantic: await purgeSemantic(answers, options),
    near_tiers_until: now() + edgeTtlSeconds * 1000,
  }
}

/**
 * Deletes the stored semantic hits on these originals, until an instant (epoch ms). Hits that are among
 * these themselves are not counted.
 */
async function purgeHitsOn(
  originalKeys: readonly string[],
  until: number,
  { catalog, forgetNear, now }: PurgeOptions,
): Promise<{ readonly deleted: number; readonly done: boolean }> {
  const filter = { originalKeys }
  const counted = new Set(originalKeys)
  let deleted = 0
  while (originalKeys.length > 0) {
    const { entries } = await catalog.page(filter, { limit: PAGE, withContent: false })
    const keys = entries.map(({ key }) => key)
    await catalog.delete(keys, filter)
    await forgetNear(keys)
    deleted += keys.filter((key) => !counted.has(key)).length
    if (keys.length < PAGE) break
    if (now() >= until) return { deleted, done: false }
  }
  return { deleted, done: true }
}

function semanticAnswer({ scope, answer_id }: Readonly<Record<string, unknown>>): SemanticAnswer[] {
  return typeof scope === 'string' && typeof answer_id === 'string'
    ? [{ scope, answerId: answer_id }]
    : []
}

/** A failure is only told: the entries are gone, and without its original no answer is verified. */
async function purgeSemantic(
  answers: readonly SemanticAnswer[],
  { semantic }: PurgeOptions,
): Promise<Purge['semantic']> {
  if (semantic === undefined) return { purged: 0, incomplete: null }
  try {
    return { purged: await semantic.delete(answers), incomplete: null }
  } catch (error) {
    warn('semantic answers not purged', error)
    const incomplete =
      "Answers may be left in LiteLLM's collection. With SEMANTIC_VERIFY=on they are no longer served, " +
      'because their originals are gone.'
    return { purged: 0, incomplete }
  }
}
