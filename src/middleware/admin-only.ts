import { createMiddleware } from 'hono/factory'
import { isAdminRequest } from '../auth/admin.ts'
import type { AdminAccess } from '../auth/admin.ts'
import { GatewayError } from '../errors.ts'
import type { AppEnv } from '../env.ts'

/** Lets only the holder of the `ADMIN_KEY` pass; everyone else gets 401. */
export const adminOnly = (access: AdminAccess) =>
  createMiddleware<AppEnv>(async (c, next) => {
    if (!(await isAdminRequest(c.req.raw.headers, access))) {
      throw new GatewayError('invalid_api_key', 'The ADMIN_KEY is missing or wrong.')
    }
    await next()
  })
