import type { Context } from 'hono'
import { openApiDocument } from '../admin/openapi.ts'
import { operations } from '../admin/operations.ts'
import { policiesQuery, policiesReport } from '../admin/policies.ts'
import type { PolicySettings } from '../admin/policies.ts'
import type { Policies } from '../cache/policy.ts'
import type { AppEnv } from '../env.ts'
import { queryOf } from './admin-input.ts'

export interface AdminOptions {
  /** The version of the gateway. */
  readonly version: string
  readonly policies: Policies
  readonly policySettings: PolicySettings
}

/** The handlers of the admin API, by the operation that `app.ts` lists. */
export function admin({ version, policies, policySettings }: AdminOptions) {
  return {
    policies: (c: Context<AppEnv>) =>
      answer(c, policiesReport(policies, queryOf(c, policiesQuery), policySettings)),
    openapi: (c: Context<AppEnv>) => answer(c, openApiDocument(operations, version)),
  }
}

/** An answer for operators, which no cache on the way may keep. */
export function answer(c: Context, value: object): Response {
  c.header('cache-control', 'no-store')
  return c.json(value)
}
