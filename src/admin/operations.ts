import * as z from 'zod'
import { doctorAnswer, doctorInput } from './doctor.ts'
import { countAnswer, countQuery, entriesAnswer, entriesQuery } from './entries.ts'
import { eraseAnswer, eraseInput } from './erase.ts'
import { lookupAnswer, lookupQuery } from './lookup.ts'
import { exportAnswer, exportInput } from './export.ts'
import { importAnswer, importInput } from './import.ts'
import type { Operations } from './openapi.ts'
import { policiesAnswer, policiesQuery } from './policies.ts'
import { purgeAnswer, purgeInput } from './purge.ts'
import { reportAnswer, reportInput } from './report.ts'
import { exportedPair, exportQuery, reportsAnswer, reportsQuery } from './reports.ts'

const STORE = ['store_unavailable']

/** Every operation of the admin API. A test compares it with the routes of `app.ts`. */
export const operations = {
  'get /admin/openapi.json': {
    summary: 'This document',
    answer: z.looseObject({ openapi: z.string(), paths: z.looseObject({}) }),
  },
  'get /admin/entries': {
    summary: 'Lists entries of the exact cache',
    query: entriesQuery,
    answer: entriesAnswer,
    errors: STORE,
  },
  'get /admin/entries/count': {
    summary: 'Counts entries by tenant, model, API, source, namespace or age',
    query: countQuery,
    answer: countAnswer,
    errors: STORE,
  },
  'post /admin/lookup': {
    summary: 'Finds the entries that would answer a request',
    description:
      'The body is that of the LLM request. Headers that count in the cache key, such as ' +
      '`x-cache-namespace` or `anthropic-version`, are sent as its caller sends them.',
    query: lookupQuery,
    body: z.looseObject({ model: z.string().optional() }),
    answer: lookupAnswer,
    errors: ['invalid_json', ...STORE],
  },
  'post /admin/purge': {
    summary: 'Deletes entries, and the same answers in the semantic cache',
    description: 'Bounded: if `done` is false, send the same request again.',
    body: purgeInput,
    answer: purgeAnswer,
    errors: ['invalid_json', ...STORE],
  },
  'post /admin/erase': {
    summary: 'Erases what is stored of a tenant or an end user, and says what is out of reach',
    description: 'Bounded: if `done` is false, send the same request again.',
    body: eraseInput,
    answer: eraseAnswer,
    errors: ['invalid_json', ...STORE],
  },
  'post /admin/export': {
    summary: 'Reads entries with their answers, for a cassette',
    description: 'One page, bounded in bytes. Follow `next` until it is null.',
    body: exportInput,
    answer: exportAnswer,
    errors: ['invalid_json', ...STORE],
  },
  'post /admin/import': {
    summary: 'Stores entries of a cassette',
    description: 'Nothing is stored if any of the entries is not valid.',
    body: importInput,
    answer: importAnswer,
    errors: ['invalid_json', ...STORE],
  },
  'post /admin/report': {
    summary: 'Deletes a wrong answer; a semantic hit is never matched again',
    description: 'By `x-cache-key`, or by `x-request-id` and tenant. Sending it twice is fine.',
    body: reportInput,
    answer: reportAnswer,
    errors: ['invalid_json', 'entry_not_found', ...STORE],
  },
  'get /admin/reports': {
    summary: 'Lists reports of wrong answers',
    query: reportsQuery,
    answer: reportsAnswer,
    errors: STORE,
  },
  'get /admin/reports/export': {
    summary: 'The reported pairs of questions, in the format of `make semantic-eval`',
    query: exportQuery,
    answer: exportedPair,
    answersLines: true,
    errors: STORE,
  },
  'get /admin/policies': {
    summary: 'The rules of POLICIES, and which one applies to a request',
    description:
      'Without a query, any request is meant, so the answer may depend on its model, path or tenant.',
    query: policiesQuery,
    answer: policiesAnswer,
  },
  'post /admin/doctor': {
    summary: 'Examines the gateway and everything behind it',
    description:
      'Short requests of a caller go through the gateway to the model, in a namespace of their ' +
      'own. They count in the ledger and in the rate limit of the key.',
    body: doctorInput,
    answer: doctorAnswer,
    errors: ['invalid_json'],
  },
} as const satisfies Operations
