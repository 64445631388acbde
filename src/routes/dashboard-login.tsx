import type { Context, Handler } from 'hono'
import { isAdminKey, isAdminRequest } from '../auth/admin.ts'
import type { AdminAccess } from '../auth/admin.ts'
import { presentedKey } from '../auth/caller.ts'
import { loginPage } from '../dashboard/login.tsx'
import type { Sessions } from '../dashboard/session.ts'
import { hrefOf, viewOf } from '../dashboard/view.ts'
import { styleVersion } from '../dashboard/stylesheet.ts'
import { GatewayError } from '../errors.ts'

export interface LoginOptions extends AdminAccess {
  readonly sessions: Sessions
}

/**
 * Whether the request may see the dashboard: by its session, or by the `ADMIN_KEY` in a header, for
 * scripts. Throws 401 for a wrong key, and 429 after too many.
 */
export async function isLoggedIn(c: Context, options: LoginOptions): Promise<boolean> {
  const { headers } = c.req.raw
  if (presentedKey(headers) === undefined) return options.sessions.isOpen(c)
  if (await isAdminRequest(headers, options)) return true
  throw new GatewayError('invalid_api_key', 'This is not the ADMIN_KEY.')
}

/** `POST /dashboard/login`: the form field `key`. Goes back to the view in the query string. */
export const login =
  (options: LoginOptions): Handler =>
  async (c) => {
    c.header('cache-control', 'no-store')
    // Browsers send only forms to other sites without asking; csrf() has refused those.
    if (!c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded')) {
      throw new GatewayError('unsupported_media_type', 'Send the form.', 'content-type')
    }
    const view = viewOf(c.req.query())
    const form = new TextDecoder().decode(await c.req.arrayBuffer())
    const key = new URLSearchParams(form).get('key') ?? ''
    const problem = await refusal(c, key, options)
    if (problem === undefined) {
      await options.sessions.start(c)
      return c.redirect(hrefOf('/dashboard', view), 303)
    }
    const { status, retryAfterSeconds, message } = problem
    if (retryAfterSeconds !== undefined) c.header('retry-after', String(retryAfterSeconds))
    if (status === 401) c.header('www-authenticate', 'Bearer') // RFC 9110, 15.5.2
    const page = loginPage({ view, problem: message, styleVersion: await styleVersion() })
    return c.html(page, status === 401 ? 401 : 429)
  }

/** Why this key logs nobody in; undefined if it is the `ADMIN_KEY`. */
async function refusal(
  c: Context,
  key: string,
  access: AdminAccess,
): Promise<GatewayError | undefined> {
  try {
    if (await isAdminKey(key, c.req.raw.headers, access)) return undefined
    return new GatewayError('invalid_api_key', 'This is not the ADMIN_KEY. Try again.')
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

/** `POST /dashboard/logout`: ends the session of this browser. */
export const logout =
  ({ sessions }: LoginOptions): Handler =>
  (c) => {
    c.header('cache-control', 'no-store')
    sessions.end(c)
    return c.redirect('/dashboard', 303)
  }
