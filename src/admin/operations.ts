import * as z from 'zod'
import type { Operations } from './openapi.ts'

/** Every operation of the admin API. A test compares it with the routes of `app.ts`. */
export const operations = {
  'get /admin/openapi.json': {
    summary: 'This document',
    answer: z.looseObject({ openapi: z.string(), paths: z.looseObject({}) }),
  },
} as const satisfies Operations
