import type { Context } from 'hono'
import { callerReportInput, report } from '../admin/report.ts'
import type { ReportOptions } from '../admin/report.ts'
import { tenantOf } from '../auth/caller.ts'
import type { AppEnv } from '../env.ts'
import { GatewayError } from '../errors.ts'
import { fromQdrant } from './admin.ts'
import { answer, bodyOf } from './admin-input.ts'

/**
 * `POST /v1/cache/report`: a caller reports a wrong answer of its own cache. Anybody else's answers
 * are as if they did not exist.
 */
export const cacheReport = (options: ReportOptions) => async (c: Context<AppEnv>) => {
  const { caller } = c.var
  const { user, ...wrong } = await bodyOf(c, callerReportInput)
  if (caller.tenant === undefined || options.now() >= caller.tenantUntil) {
    throw new GatewayError('auth_unavailable', 'It is not known now whose key this is.')
  }
  const tenant = tenantOf(caller, user)
  if (tenant === undefined) {
    throw new GatewayError('invalid_request', 'user: is needed with this key.', 'user')
  }
  return answer(c, await fromQdrant(() => report({ ...wrong, tenant, by: 'caller' }, options)))
}
