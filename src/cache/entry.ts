import * as z from 'zod'

/** The version of the payload. A payload of another version is a miss and is replaced. */
export const ENTRY_VERSION = 1

const instant = z.number().int().nonnegative()
const tokens = z.number().int().nonnegative()

/**
 * The payload of a Qdrant point, as docs/caching.md ("Stored data") documents it. `body` is a string,
 * never nested JSON, in which the client would turn large integers into BigInt.
 */
export const payloadSchema = z.object({
  v: z.literal(ENTRY_VERSION),
  proof: z.string().length(64),
  tenant: z.string(),
  path: z.string(),
  model: z.string(),
  namespace: z.string(),
  tags: z.array(z.string()),
  stored_at: instant,
  expires_at: instant,
  status: z.literal(200),
  content_type: z.string(),
  mode: z.enum(['json', 'sse']),
  body: z.string().min(1),
  usage: z
    .object({ prompt_tokens: tokens, completion_tokens: tokens, total_tokens: tokens })
    .nullable(),
  cost_usd: z.number().nonnegative().nullable(),
  latency_ms: z.number().nonnegative(),
  source: z.enum(['llm', 'semantic']),
  similarity: z.number().min(-1).max(1.001).optional(),
  same: z.number().min(0).max(1).optional(),
  created: instant.nullable(),
  answer_id: z.string().min(1).optional(),
  question: z.string().optional(),
  scope: z.string().optional(),
  original_key: z.string().optional(),
  original_question: z.string().optional(),
  pair_id: z.string().optional(),
})

/** One complete answer, its tenant and its freshness (instants in epoch ms). */
export type Entry = z.output<typeof payloadSchema>

/** The two questions that a semantic hit matched, the original's key, and the id of the pair. */
export type Match = Required<
  Pick<Entry, 'question' | 'original_question' | 'original_key' | 'pair_id'>
>

/** What making an answer took: tokens, USD and ms. */
export type Spent = Pick<Entry, 'usage' | 'cost_usd' | 'latency_ms'>

/** What making the answer of this entry took. */
export function spentOn({ usage, cost_usd, latency_ms }: Entry): Spent {
  return { usage, cost_usd, latency_ms }
}

/** Validates a payload read from Qdrant. Undefined means a miss: the payload is not an entry. */
export function readEntry(payload: unknown): Entry | undefined {
  const parsed = payloadSchema.safeParse(payload)
  return parsed.success ? parsed.data : undefined
}
