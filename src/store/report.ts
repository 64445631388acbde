import * as z from 'zod'

/** The version of the payload. */
export const REPORT_VERSION = 1

const instant = z.number().int().nonnegative()

/** Where the reported answer came from: its own entry, or a semantic hit. */
export const reportLayers = ['exact', 'semantic'] as const

/** Who reported: an operator, or a caller with its own key. */
const reporters = ['admin', 'caller'] as const

/**
 * The payload of a report, as docs/caching.md ("Stored data") documents it. The questions `a` (the
 * original's) and `b` (the new one) are there for a semantic hit whose pair is known.
 */
export const reportSchema = z.object({
  v: z.literal(REPORT_VERSION),
  tenant: z.string(),
  layer: z.enum(reportLayers),
  key: z.string(),
  model: z.string().optional(),
  request_id: z.string().optional(),
  a: z.string().optional(),
  b: z.string().optional(),
  similarity: z.number().optional(),
  same: z.number().optional(),
  reason: z.string().optional(),
  reported_by: z.enum(reporters),
  reported_at: instant,
  expires_at: instant,
})

/** An answer that was reported as wrong (instants in epoch ms). */
export type Report = z.output<typeof reportSchema>
