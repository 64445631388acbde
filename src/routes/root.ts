import type { Context } from 'hono'

/** Not a link: the docs come with the source, wherever an operator keeps it. */
const ROOT = {
  name: 'edge-llm-cache',
  docs: 'README.md in the repository that this gateway was deployed from',
}

/** `GET /`: says what this is. It shows no version or setting, so it needs no key. */
export const root = (c: Context) => c.json(ROOT)
