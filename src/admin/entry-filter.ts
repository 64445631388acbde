import * as z from 'zod'
import type { EntryFilter } from '../store/entry-catalog.ts'

/** A key, as `x-cache-key` shows it. */
export const keySchema = z
  .string()
  .regex(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    'must be a cache key, as x-cache-key has it',
  )

const name = z.string().min(1).max(512)

/** A number, or its digits in a query. Coercion would take `null` and "" for 0, the age of every entry. */
const seconds = z.preprocess(
  (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
  z.int().min(0).max(31_536_000),
)

/** The members of a filter. A query and a JSON body have the same. */
export const filterMembers = {
  key: keySchema.optional().meta({ description: 'The entry with this key.' }),
  tenant: name.optional().meta({
    description: 'Whose cache: a name, `team:<id>`, `user:<id>`, or the SHA-256 of a key.',
  }),
  model: name.optional().meta({ description: 'The model as requests name it.' }),
  tag: name.optional().meta({ description: 'A label given with `x-cache-tags`.' }),
  namespace: z
    .string()
    .max(512)
    .optional()
    .meta({ description: 'A namespace given with `x-cache-namespace`; "" for none.' }),
  api: name.optional().meta({ description: 'The canonical path, such as `/v1/chat/completions`.' }),
  source: z
    .enum(['llm', 'semantic'])
    .optional()
    .meta({ description: '`semantic` for stored semantic hits.' }),
  older_than_seconds: seconds.optional().meta({ description: 'Made at least so long ago.' }),
  newer_than_seconds: seconds.optional().meta({ description: 'Made at most so long ago.' }),
}

const EMPTY =
  'must have at least one of ' +
  [...Object.keys(filterMembers), 'all'].join(', ') +
  '; use "all": true for every entry'

/** A filter of a request that changes entries. It cannot be empty; `all` stands alone. */
export const filterSchema = z
  .strictObject({
    ...filterMembers,
    all: z.literal(true).optional().meta({ description: 'Every entry of every tenant.' }),
  })
  .refine((filter) => Object.values(filter).some((value) => value !== undefined), EMPTY)
  .refine(
    ({ all, ...others }) =>
      all === undefined || Object.values(others).every((value) => value === undefined),
    '"all" must stand alone',
  )
  .meta({ id: 'Filter', description: 'Entries that match every member that is given.' })

/** A filter as it was asked for. */
export type GivenFilter = Partial<z.output<typeof filterSchema>>

/** The filter for the store. Ages become instants, counted from `now` (epoch ms). */
export function entryFilter(given: GivenFilter, now: number): EntryFilter {
  const { key, tenant, model, tag, namespace, api, source, all } = given
  const { older_than_seconds: older, newer_than_seconds: newer } = given
  const list = (value: string | undefined) => (value === undefined ? undefined : [value])
  return {
    keys: list(key),
    tenants: list(tenant),
    models: list(model),
    tags: list(tag),
    namespaces: list(namespace),
    paths: list(api),
    sources: list(source),
    storedBefore: older === undefined ? undefined : now - older * 1000 + 1,
    storedSince: newer === undefined ? undefined : now - newer * 1000,
    all,
  }
}
