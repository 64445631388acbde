import * as z from 'zod'
import { endUserTenant, tenantParts } from '../cache/tenant.ts'
import type { EntryCatalog } from '../store/entry-catalog.ts'
import { statusOf } from '../store/qdrant-client.ts'
import type { SemanticPurge } from '../store/semantic-purge.ts'
import { warn } from '../telemetry/log.ts'
import { purgeEntries } from './purge.ts'
import type { PurgeOptions } from './purge.ts'

export const eraseInput = z.strictObject({
  tenant: z.string().min(1).max(512).meta({ description: 'Whose data; with all its end users.' }),
  user: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: 'Only this end user of the tenant, if it keeps its end users apart.' }),
  dry_run: z.boolean().default(false).meta({ description: 'Count, delete nothing.' }),
})

const erasedSchema = z.object({
  what: z.string(),
  erased: z.number().int().nullable().meta({ description: 'How many; null if that is unknown.' }),
  failed: z.string().nullable().meta({ description: 'Why data may be left. Try again.' }),
})

export const eraseAnswer = z.object({
  dry_run: z.boolean(),
  tenants: z
    .array(z.string())
    .meta({ description: 'The caches: of the tenant, of its end users.' }),
  done: z.boolean().meta({ description: 'False if data is left: send the request again.' }),
  reached: z.array(erasedSchema),
  not_reached: z
    .array(z.object({ what: z.string(), how: z.string() }))
    .meta({ description: 'Where else this data may be, and how to erase it there.' }),
})

export type Erasure = z.output<typeof eraseAnswer>
type Reached = z.output<typeof erasedSchema>

/** Data of tenants that another part of the gateway keeps. */
export interface TenantData {
  /** What it is, such as `recent requests`. */
  readonly what: string
  /** Erases it for one tenant; resolves with how much, or undefined if that is unknown. */
  erase(tenant: string): Promise<number | undefined>
  /** Set if erasing it for a tenant erases it for its end users, too. */
  readonly coversEndUsers?: true
}

export interface EraseOptions extends PurgeOptions {
  /** Erases a tenant's answers in LiteLLM's semantic cache, and those of its end users. */
  readonly eraseSemantic: ((tenant: string) => Promise<SemanticPurge>) | undefined
  readonly others: readonly TenantData[]
}

/** Erases what the gateway stores of a tenant or of one end user, and says what it cannot reach. */
export async function erase(
  { tenant, user, dry_run }: z.output<typeof eraseInput>,
  options: EraseOptions,
): Promise<Erasure> {
  const { catalog, eraseSemantic, others } = options
  const whole = user === undefined ? tenant : endUserTenant(tenant, user)
  const { tenants, areAll } =
    user === undefined ? await withEndUsers(tenant, catalog) : { tenants: [whole], areAll: true }
  if (dry_run) {
    const entries = await catalog.count({ tenants })
    const reached = [{ what: ENTRIES, erased: entries, failed: null }]
    return { dry_run, tenants, done: true, reached, not_reached: notReached(options) }
  }
  const purged = await purgeEntries({ tenants }, { ...options, semantic: undefined })
  const erased = purged.matched + purged.derived
  const failed = areAll ? null : 'There may be more end users: not all tenants can be listed.'
  const reached: Reached[] = [{ what: ENTRIES, erased, failed }]
  if (eraseSemantic !== undefined) {
    reached.push(await erasedAnswers(() => eraseSemantic(whole)))
  }
  for (const { what, erase, coversEndUsers } of others) {
    reached.push(
      await attempt(what, async () => {
        const named = coversEndUsers ? [whole] : tenants
        const erased = await Promise.all(named.map((one) => erase(one)))
        return erased.includes(undefined) ? undefined : sum(erased as number[])
      }),
    )
  }
  const isFailed = reached.some(({ failed }) => failed !== null)
  return {
    dry_run,
    tenants,
    done: purged.done && !isFailed,
    reached,
    not_reached: notReached(options),
  }
}

const ENTRIES = 'entries of the exact cache'
const SEMANTIC = "answers in LiteLLM's semantic cache"

async function erasedAnswers(eraseSemantic: () => Promise<SemanticPurge>): Promise<Reached> {
  let isDone = true
  const reached = await attempt(SEMANTIC, async () => {
    const { deleted, done } = await eraseSemantic()
    isDone = done
    return deleted
  })
  const failed =
    'There may be more: of so many namespaces not all can be listed. Try again; if that does not ' +
    'help, set SEMANTIC_PURGE=on, or delete the collection and restart LiteLLM.'
  return isDone ? reached : { ...reached, failed }
}

async function attempt(what: string, work: () => Promise<number | undefined>): Promise<Reached> {
  try {
    return { what, erased: (await work()) ?? null, failed: null }
  } catch (error) {
    warn('not erased', error)
    const failed =
      statusOf(error) === 404
        ? 'There is no such collection. Check SEMANTIC_COLLECTION, or set SEMANTIC=off.'
        : 'It did not answer, or refused.'
    return { what, erased: null, failed }
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)

/** More tenants cannot be listed: Qdrant lists the values of an index at once. */
const MOST_TENANTS = 100_000

/** A tenant and the caches of its end users, and whether these are all. */
async function withEndUsers(tenant: string, catalog: EntryCatalog) {
  const all = await catalog.countBy('tenant', { all: true }, MOST_TENANTS)
  const isEndUser = (name: string) => name !== tenant && tenantParts(name).owner === tenant
  const tenants = [tenant, ...[...all.keys()].filter(isEndUser)]
  return { tenants, areAll: all.size < MOST_TENANTS }
}

function notReached({ edgeTtlSeconds, eraseSemantic }: EraseOptions): Erasure['not_reached'] {
  return [
    {
      what: 'copies in other isolates and data centres',
      how: `They end by themselves within ${edgeTtlSeconds} seconds (EDGE_TTL_SECONDS).`,
    },
    ...(eraseSemantic === undefined
      ? [
          {
            what: SEMANTIC,
            how:
              'The semantic layer is off. If LiteLLM still holds answers, delete its collection ' +
              '(SEMANTIC_COLLECTION) in Qdrant and restart LiteLLM, which creates it again.',
          },
        ]
      : []),
    {
      what:
        'semantic answers of other gateways, of earlier versions of this one, and of clients that ' +
        'call LiteLLM directly',
      how: 'Their keys do not name the tenant. Delete the collection and restart LiteLLM.',
    },
    {
      what: 'cassettes that were exported',
      how: 'Delete the files, and erase the tenant in every gateway that has imported them.',
    },
    {
      what: 'traces in MLflow',
      how: 'Search traces by their `tenant.id` or `user.id` in MLflow, and delete them there.',
    },
    {
      what: 'the ledger',
      how: 'It has counts by tenant, no content. Its rows end by themselves (docs/ledger.md).',
    },
    {
      what: "LiteLLM's spend logs, and the providers' own logs",
      how: "Delete them there: the gateway does not know them. See LiteLLM's and your provider's docs.",
    },
  ]
}
