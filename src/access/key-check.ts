import * as z from 'zod'
import type { Upstream } from '../upstream/litellm.ts'

/** What a key opens at LiteLLM: models, nothing (null), or that is not known (undefined). */
export type KeyCheck = (key: string) => Promise<readonly string[] | null | undefined>

/** A check that takes longer has failed. */
const TIMEOUT_MS = 5_000

/** With wildcards as such: without this, LiteLLM lists the names that it knows under them instead. */
const PATH = '/v1/models?return_wildcard_routes=true'

const listShape = z.object({ data: z.array(z.object({ id: z.string() })) })
const errorShape = z.object({ error: z.object({ type: z.string() }) })

/** The types of LiteLLM's errors with status 400 that speak of the key and not of the request. */
const DENIED = new Set(['auth_error', 'expired_key', 'no_db_connection', 'token_not_found_in_db'])

/** Asks LiteLLM for the models of a key, which proves the key as well. */
export function keyCheck(upstream: Upstream): KeyCheck {
  return async (key) => {
    try {
      const answer = await upstream.ask({
        method: 'GET',
        path: PATH,
        headers: new Headers(),
        apiKey: key,
        requestId: crypto.randomUUID(),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const text = await answer.text()
      if (answer.status === 200) return listShape.parse(JSON.parse(text)).data.map(({ id }) => id)
      if (answer.status === 401 || answer.status === 403) return null
      const { type } = errorShape.parse(JSON.parse(text)).error
      // The key is good and its money spent: LiteLLM says so itself, whatever is asked.
      if (type === 'budget_exceeded') return []
      return answer.status === 400 && DENIED.has(type) ? null : undefined
    } catch {
      return undefined
    }
  }
}
