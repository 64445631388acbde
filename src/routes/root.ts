import type { Context } from 'hono'

/** Not a link to a site: the docs come with the source, wherever an operator keeps it. */
const ROOT = {
  name: 'edge-llm-cache',
  docs: 'README.md in the repository that this gateway was deployed from',
}

/** `GET /`: what this is, for whoever opens the address. No version and no setting, so no key either. */
export const root = (c: Context) => c.json(ROOT)
