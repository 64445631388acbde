import * as z from 'zod'
import type { Upstream } from '../upstream/litellm.ts'
import { withTimeout } from '../stream/timeout.ts'

/**
 * LiteLLM's answer about a key: the models it may use, `refused`, `unknown` (an answer that makes no
 * sense), or `unreachable` (no answer for any key).
 */
export type KeyCheckResult = readonly string[] | 'refused' | 'limited' | 'unknown' | 'unreachable'
/** Asks LiteLLM about a key. */
export type KeyCheck = (key: string) => Promise<KeyCheckResult>

/** How long a check may take. */
const TIMEOUT_MS = 5_000

/** The parameter keeps wildcards unexpanded: otherwise LiteLLM lists the models behind them. */
const PATH = '/v1/models?return_wildcard_routes=true'

const listShape = z.object({ data: z.array(z.object({ id: z.string() })) })
const errorShape = z.object({ error: z.object({ type: z.string(), message: z.string() }) })

/** LiteLLM's error types with status 400 that concern the key, not the request. */
const DENIED = new Set(['auth_error', 'expired_key', 'no_db_connection', 'token_not_found_in_db'])

/** LiteLLM's error for a key that is limited to other routes. */
const NOT_THIS_ROUTE = /not allowed to call this route/i

/** Checks a key by listing its models at LiteLLM. */
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

/** Interprets an answer. Only LiteLLM's own format counts: a firewall's page says nothing about a key. */
function understand(status: number, answer: unknown): KeyCheckResult {
  if (status === 200) return listShape.parse(answer).data.map(({ id }) => id)
  if (status >= 500) return 'unreachable'
  const { type, message } = errorShape.parse(answer).error
  // The key is valid, but over budget or not allowed to list models. LiteLLM decides on each request.
  if (type === 'budget_exceeded' || NOT_THIS_ROUTE.test(message)) return []
  // A rate-limited check says nothing about this key, so it counts against no address.
  if (status === 429) return 'limited'
  const isDenied = status === 401 || status === 403 || (status === 400 && DENIED.has(type))
  return isDenied ? 'refused' : 'unknown'
}

/** Sends a GET request to LiteLLM with the key itself. Throws if there is no answer in time. */
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
