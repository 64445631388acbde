import { secureHeaders } from 'hono/secure-headers'

/** For what people look at with a browser: it loads nothing, is framed nowhere, and tells no referrer. */
export const ownPage = () =>
  secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    xFrameOptions: 'DENY',
  })
