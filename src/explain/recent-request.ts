import * as z from 'zod'
import { fingerprintSchema } from './mark.ts'

/** Longer names, ids and reasons are cut. */
const LONGEST_TEXT = 128

const text = z.string().max(LONGEST_TEXT)

/** The caller of a call that others may share left before its end. Whether it is stored is unknown. */
export const CALLER_LEFT = 'caller left'

/** What became of an answer: it is stored until an instant (epoch ms), or why it is not. */
const kept = z.union([
  z.strictObject({ expiresAt: z.int().nonnegative() }),
  z.strictObject({ why: text }),
])

/** A request that LiteLLM was asked. No text of it, and no answer. */
export const recentRequestSchema = z.strictObject({
  requestId: text,
  /** The id of its cache key. */
  key: text,
  api: text,
  model: text,
  kept,
  /** Why a semantic hit was not served, as in `Cache-Status`. */
  note: text.optional(),
  /** The id of the two questions, if a semantic hit was served. */
  pairId: text.optional(),
  fingerprint: fingerprintSchema,
})

export type RecentRequest = z.output<typeof recentRequestSchema>
export type Kept = z.output<typeof kept>

/** Which answer a request got. */
export type FoundRequest = Pick<RecentRequest, 'key' | 'pairId'>

/** A request to compare with recent ones. */
export const comparedSchema = recentRequestSchema.omit({
  requestId: true,
  kept: true,
  note: true,
  pairId: true,
})
export type ComparedRequest = z.output<typeof comparedSchema>

/** A text as a recent request has it: short, and well-formed. */
export function shortText(given: string): string {
  return given.slice(0, LONGEST_TEXT).toWellFormed()
}
