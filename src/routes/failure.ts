import { readUpTo } from '../stream/buffered-body.ts'

/** No more than this is read of an error's body. */
const LONGEST_ERROR_BYTES = 65_536
/** The answer waits no longer for an error's body. */
const SLOWEST_ERROR_MS = 5_000

/**
 * Why a stale answer may replace this one: 408, 429 or 5xx. Not errors that the caller can fix, and
 * not a 429 for an exhausted budget, which LiteLLM marks as `budget_exceeded`. The response is
 * returned with all its bytes.
 */
export async function failureOf(
  response: Response,
): Promise<{ failure: string | undefined; response: Response }> {
  const { status } = response
  const transient = status === 408 || status === 429 || status >= 500
  if (!transient) return { failure: undefined, response }
  const failure = `status ${status}`
  if (status !== 429) return { failure, response }
  const taken = await readUpTo(
    response.body,
    LONGEST_ERROR_BYTES,
    undefined,
    SLOWEST_ERROR_MS,
  ).catch((error: unknown) => ({
    // If no stale answer replaces it, the caller must see that it broke off.
    stream: new ReadableStream<Uint8Array>({ start: (body) => body.error(error) }),
  }))
  if ('stream' in taken) return { failure, response: new Response(taken.stream, response) }
  const text = new TextDecoder().decode(taken.whole)
  return {
    failure: text.includes('budget_exceeded') ? undefined : failure,
    response: new Response(taken.whole, response),
  }
}
