import type { Handler } from 'hono'
import { ICON } from '../dashboard/layout.tsx'
import { STYLESHEET } from '../dashboard/stylesheet.ts'

/** The page names each version of the stylesheet by its digest, so that a copy never has to be checked. */
const FOREVER = 'public, max-age=31536000, immutable'

/** `GET /dashboard/style.css`: needs no login, because the login form uses it. */
export const stylesheet: Handler = (c) =>
  c.body(STYLESHEET, 200, {
    'content-type': 'text/css; charset=utf-8',
    'cache-control': c.req.query('v') === undefined ? 'no-cache' : FOREVER,
  })

/** `GET /dashboard/icon.svg`. */
export const icon: Handler = (c) =>
  c.body(ICON, 200, { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' })
