import * as z from 'zod'
import type { Operations } from './openapi.ts'
import { policiesAnswer, policiesQuery } from './policies.ts'

/** Every operation of the admin API. A test compares it with the routes of `app.ts`. */
export const operations = {
  'get /admin/openapi.json': {
    summary: 'This document',
    answer: z.looseObject({ openapi: z.string(), paths: z.looseObject({}) }),
  },
  'get /admin/policies': {
    summary: 'The rules of POLICIES, and which one applies to a request',
    description:
      'Without a query, any request is meant, so the answer may depend on its model, path or tenant.',
    query: policiesQuery,
    answer: policiesAnswer,
  },
} as const satisfies Operations
