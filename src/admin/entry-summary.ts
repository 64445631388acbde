import * as z from 'zod'
import { readEntry } from '../cache/entry.ts'
import { ageSeconds, ttlSeconds } from '../cache/freshness.ts'
import type { CatalogEntry } from '../store/entry-catalog.ts'

/** What operators see of an entry. Instants are epoch ms. */
export const entrySummarySchema = z
  .object({
    key: z.string(),
    tenant: z.string().nullable(),
    api: z.string().nullable(),
    model: z.string().nullable(),
    namespace: z.string().nullable(),
    tags: z.array(z.string()),
    source: z.string().nullable(),
    stored_at: z.number().nullable(),
    expires_at: z.number().nullable(),
    age_seconds: z.number().nullable(),
    ttl_seconds: z
      .number()
      .nullable()
      .meta({ description: 'Negative once the entry has expired.' }),
    mode: z.string().nullable(),
    usage: z.unknown(),
    cost_usd: z.number().nullable(),
    latency_ms: z.number().nullable(),
    readable: z
      .boolean()
      .meta({ description: 'False for a payload of another version: it is a miss.' }),
    content: z
      .object({ body: z.string(), question: z.string().nullable() })
      .optional()
      .meta({ description: 'Only if it was asked for.' }),
  })
  .meta({ id: 'Entry' })

export type EntrySummary = z.output<typeof entrySummarySchema>

/** What operators see of an entry; of an unreadable one as much as there is. `now` in epoch ms. */
export function entrySummary(
  { key, payload }: CatalogEntry,
  withContent: boolean,
  now: number,
): EntrySummary {
  // The body was left out unless it was asked for, so give the schema one.
  const entry = readEntry(withContent ? payload : { ...payload, body: '-' })
  const text = (name: string) => (typeof payload[name] === 'string' ? payload[name] : null)
  const number = (name: string) => (typeof payload[name] === 'number' ? payload[name] : null)
  const { tags, usage = null } = payload
  return {
    key,
    tenant: text('tenant'),
    api: text('path'),
    model: text('model'),
    namespace: text('namespace'),
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [],
    source: text('source'),
    stored_at: number('stored_at'),
    expires_at: number('expires_at'),
    age_seconds: entry === undefined ? null : ageSeconds(entry, now),
    ttl_seconds: entry === undefined ? null : ttlSeconds(entry, now),
    mode: text('mode'),
    usage,
    cost_usd: number('cost_usd'),
    latency_ms: number('latency_ms'),
    readable: entry !== undefined,
    ...(withContent && entry !== undefined
      ? { content: { body: entry.body, question: entry.question ?? null } }
      : {}),
  }
}
