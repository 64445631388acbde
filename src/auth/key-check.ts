import * as z from 'zod'
import type { Upstream } from '../upstream/litellm.ts'
import { withTimeout } from '../stream/timeout.ts'

/**
 * What LiteLLM says of a key: the models that it opens; `refused`; nothing that can be understood
 * (`unknown`); or nothing at all, for any key (`unreachable`).
 */
export type KeyCheckResult = readonly string[] | 'refused' | 'unknown' | 'unreachable'
export type KeyCheck = (key: string) => Promise<KeyCheckResult>

/** A check that takes longer has failed. */
const TIMEOUT_MS = 5_000

/** With wildcards as such: without this, LiteLLM lists the names that it knows under them instead. */
const PATH = '/v1/models?return_wildcard_routes=true'

const listShape = z.object({ data: z.array(z.object({ id: z.string() })) })
const errorShape = z.object({ error: z.object({ type: z.string(), message: z.string() }) })

/** The types of LiteLLM's errors with status 400 that speak of the key and not of the request. */
const DENIED = new Set(['auth_error', 'expired_key', 'no_db_connection', 'token_not_found_in_db'])

/** A key may be for some routes only. */
const NOT_THIS_ROUTE = /not allowed to call this route/i

/** Asks LiteLLM for the models of a key, which proves the key as well. */
export function keyCheck(upstream: Upstream): KeyCheck {
  return async (key) => {
    let answer: { status: number; text: string }
    try {
      answer = await getWithKey(upstream, PATH, key, TIMEOUT_MS)
    } catch {
      return 'unreachable'
    }
    try {
      return understand(answer.status, JSON.parse(answer.text))
    } catch {
      return answer.status >= 500 ? 'unreachable' : 'unknown'
    }
  }
}

/** What an answer means. Only LiteLLM's own word counts: a firewall's page says nothing of a key. */
function understand(status: number, answer: unknown): KeyCheckResult {
  if (status === 200) return listShape.parse(answer).data.map(({ id }) => id)
  if (status >= 500) return 'unreachable'
  const { type, message } = errorShape.parse(answer).error
  // A good key that has spent its money, or may not list models: LiteLLM decides on each request.
  if (type === 'budget_exceeded' || NOT_THIS_ROUTE.test(message)) return []
  // Too many checks say nothing of this key, and count against no address.
  if (status === 429) return 'unreachable'
  const isDenied = status === 401 || status === 403 || (status === 400 && DENIED.has(type))
  return isDenied ? 'refused' : 'unknown'
}

/** LiteLLM's answer to a question about a key, asked with that key. Throws if there is none in time. */
export function getWithKey(
  upstream: Upstream,
  path: string,
  key: string,
  timeoutMs: number,
): Promise<{ readonly status: number; readonly text: string }> {
  return withTimeout(timeoutMs, async (signal) => {
    const answer = await upstream.ask({
      method: 'GET',
      path,
      headers: new Headers(),
      apiKey: key,
      requestId: crypto.randomUUID(),
      signal,
    })
    return { status: answer.status, text: await answer.text() }
  })
}
