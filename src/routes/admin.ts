import type { Context } from 'hono'
import { openApiDocument } from '../admin/openapi.ts'
import { operations } from '../admin/operations.ts'
import type { AppEnv } from '../env.ts'

export interface AdminOptions {
  /** The version of the gateway. */
  readonly version: string
}

/** The handlers of the admin API, by the operation that `app.ts` lists. */
export function admin({ version }: AdminOptions) {
  return {
    openapi: (c: Context<AppEnv>) => answer(c, openApiDocument(operations, version)),
  }
}

/** An answer for operators, which no cache on the way may keep. */
export function answer(c: Context, value: object): Response {
  c.header('cache-control', 'no-store')
  return c.json(value)
}
