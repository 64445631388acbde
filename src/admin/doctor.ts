import * as z from 'zod'
import { states } from '../doctor/check.ts'

const name = z.string().min(1).max(256)
/** As long as keys of callers may be, and safe in a header. */
const key = z.string().regex(/^[\x21-\x7e]{1,8192}$/, 'must be a key')

/** What the doctor may use, besides what the gateway has. */
export const doctorInput = z.strictObject({
  model: name.optional().describe('The chat model that answers a few short questions.'),
  embedding_model: name.optional().describe("The model that LiteLLM's cache embeds with."),
  key: key.optional().describe('The key of a caller.'),
  other_key: key.optional().describe('The key of a caller of another tenant.'),
  free: z.boolean().default(false).describe('Skips every check that costs money.'),
})

/** What the doctor found. */
export const doctorAnswer = z
  .object({
    status: z.enum(['ok', 'warning', 'failed']),
    checks: z.array(
      z.object({
        what: z.string(),
        state: z.enum(states),
        detail: z.string(),
        cure: z.string().nullable().describe('What to do; null if nothing.'),
      }),
    ),
  })
  .meta({ id: 'Diagnosis' })
