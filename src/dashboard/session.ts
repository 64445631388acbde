import type { Context } from 'hono'
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'
import { sha256 } from '../cache/key.ts'

/** How long a login lasts. */
const SESSION_SECONDS = 8 * 60 * 60

const NAME = 'dashboard'

/**
 * `__Host-`: only over HTTPS, for this host and all of its paths (RFC 6265bis, 4.1.3.2). `Lax`, because
 * a link to the dashboard in an alert or a chat must find its reader logged in; nothing but a POST
 * changes anything, and the browser sends no cookie with another site's POST.
 */
const ATTRIBUTES = {
  prefix: 'host',
  path: '/',
  secure: true,
  httpOnly: true,
  sameSite: 'Lax',
} as const

/** Sessions of operators in a signed cookie. The server stores none. */
export interface Sessions {
  /** Logs the browser in. */
  start(c: Context): Promise<void>
  /** Whether the browser is logged in. */
  isOpen(c: Context): Promise<boolean>
  /** Logs the browser out. */
  end(c: Context): void
}

/**
 * Sessions signed with HMAC-SHA-256 by a key that is derived from the `ADMIN_KEY`, so that a new
 * `ADMIN_KEY` ends all of them. The signed value is when the session ends, epoch ms.
 */
export function sessions(adminKey: string, now: () => number): Sessions {
  // No digest of the ADMIN_KEY itself, which other code compares.
  const secret = () => sha256(`edge-llm-cache: sessions of the dashboard\n${adminKey}`)
  return {
    async start(c) {
      const endsAt = String(now() + SESSION_SECONDS * 1000)
      const options = { ...ATTRIBUTES, maxAge: SESSION_SECONDS }
      await setSignedCookie(c, NAME, endsAt, await secret(), options)
    },
    async isOpen(c) {
      const endsAt = await getSignedCookie(c, await secret(), NAME, 'host')
      return typeof endsAt === 'string' && /^\d+$/.test(endsAt) && now() < Number(endsAt)
    },
    end(c) {
      deleteCookie(c, NAME, ATTRIBUTES)
    },
  }
}
