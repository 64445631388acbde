import { secureHeaders } from 'hono/secure-headers'

const csp = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }

/** The headers of answers that load nothing and may not be framed. */
export const bareHeaders = secureHeaders({ contentSecurityPolicy: csp, xFrameOptions: 'DENY' })

/** Those of the dashboard, which loads its own stylesheet and icon, and posts to itself. */
export const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    ...csp,
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
  },
  xFrameOptions: 'DENY',
  // With `no-referrer`, browsers would send `Origin: null` with its forms.
  referrerPolicy: 'same-origin',
})
