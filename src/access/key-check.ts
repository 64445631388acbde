import * as z from 'zod'
import type { Upstream } from '../upstream/litellm.ts'
import { within } from '../upstream/within.ts'

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
  const ask = async (apiKey: string, signal: AbortSignal) => {
    const answer = await upstream.ask({
      method: 'GET',
      path: PATH,
      headers: new Headers(),
      apiKey,
      requestId: crypto.randomUUID(),
      signal,
    })
    return { status: answer.status, text: await answer.text() }
  }
  return async (key) => {
    try {
      const { status, text } = await within(TIMEOUT_MS, (signal) => ask(key, signal))
      if (status === 200) return listShape.parse(JSON.parse(text)).data.map(({ id }) => id)
      if (status === 401 || status === 403) return null
      const { type } = errorShape.parse(JSON.parse(text)).error
      // The key is good and its money spent: LiteLLM says so itself, whatever is asked.
      if (type === 'budget_exceeded') return []
      return status === 400 && DENIED.has(type) ? null : undefined
    } catch {
      return undefined
    }
  }
}
