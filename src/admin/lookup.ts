import * as z from 'zod'
import { entrySummarySchema } from './entry-summary.ts'

export const lookupQuery = z.strictObject({
  path: z
    .string()
    .startsWith('/')
    .meta({ description: 'Where the request would be sent, with its query string if it has one.' }),
  tenant: z.string().min(1).meta({ description: 'Whose cache would be asked.' }),
  user: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: 'The end user, if the tenant keeps its end users apart.' }),
})

export const lookupAnswer = z.object({
  bypass: z.string().nullable().meta({ description: 'Why the request is not cached at all.' }),
  inputs: z
    .array(
      z.object({
        key: z.string(),
        state: z
          .enum(['fresh', 'expired', 'absent', 'unreadable', 'other request'])
          .meta({ description: '`other request`: the entry belongs to another request.' }),
        entry: entrySummarySchema.nullable(),
      }),
    )
    .meta({ description: 'One for the request; for a batch of embeddings, one for each input.' }),
})

export type LookupAnswer = z.output<typeof lookupAnswer>
