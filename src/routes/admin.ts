import type { Context } from 'hono'
import * as entries from '../admin/entries.ts'
import { erase, eraseInput } from '../admin/erase.ts'
import type { EraseOptions } from '../admin/erase.ts'
import { exportInput, exportPage } from '../admin/export.ts'
import type { ExportOptions } from '../admin/export.ts'
import { importEntries, importInput } from '../admin/import.ts'
import type { ImportOptions } from '../admin/import.ts'
import { openApiDocument } from '../admin/openapi.ts'
import { operations } from '../admin/operations.ts'
import { policiesQuery, policiesReport } from '../admin/policies.ts'
import type { PolicySettings } from '../admin/policies.ts'
import { purge, purgeInput } from '../admin/purge.ts'
import type { PurgeOptions } from '../admin/purge.ts'
import type { Policies } from '../cache/policy.ts'
import type { AppEnv } from '../env.ts'
import { GatewayError } from '../errors.ts'
import { warn } from '../telemetry/log.ts'
import { answer, bodyOf, queryOf } from './admin-input.ts'

export interface AdminOptions {
  readonly purging: PurgeOptions
  readonly erasing: EraseOptions
  readonly exporting: ExportOptions
  readonly importing: ImportOptions
  readonly policies: Policies
  readonly policySettings: PolicySettings
  /** The version of the gateway. */
  readonly version: string
}

type AdminHandler = (c: Context<AppEnv>) => Promise<Response> | Response

/** The handlers of the admin API, by the operation that `app.ts` lists. */
export function admin({
  purging,
  erasing,
  exporting,
  importing,
  version,
  policies,
  policySettings,
}: AdminOptions) {
  return {
    openapi: (c) => answer(c, openApiDocument(operations, version)),

    purge: async (c) => {
      const { filter, dry_run: dryRun } = await bodyOf(c, purgeInput)
      return answer(c, await fromQdrant(() => purge({ filter, dryRun }, purging)))
    },

    erase: async (c) => {
      const wanted = await bodyOf(c, eraseInput)
      return answer(c, await fromQdrant(() => erase(wanted, erasing)))
    },

    export: async (c) => {
      const wanted = await bodyOf(c, exportInput)
      return answer(c, await fromQdrant(() => exportPage(wanted, exporting)))
    },

    import: async (c) => {
      const given = await bodyOf(c, importInput)
      return answer(c, await fromQdrant(() => importEntries(given, importing)))
    },

    entries: async (c) => {
      const query = queryOf(c, entries.entriesQuery)
      return answer(c, await fromQdrant(() => entries.listEntries(query, purging)))
    },

    count: async (c) => {
      const query = queryOf(c, entries.countQuery)
      return answer(c, await fromQdrant(() => entries.countEntries(query, purging)))
    },

    policies: (c) => answer(c, policiesReport(policies, queryOf(c, policiesQuery), policySettings)),
  } as const satisfies Record<string, AdminHandler>
}

/** Throws a `GatewayError` for what Qdrant refuses, or does not answer in time. */
export async function fromQdrant<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof GatewayError) throw error
    warn('admin request failed', error)
    const message = 'Qdrant did not answer in time, or refused. See /health?verbose and the log.'
    throw new GatewayError('store_unavailable', message)
  }
}
