import { take } from '../stream/take.ts'

/** An error says what it means in its first bytes; more is not read of it. */
const LONGEST_ERROR_BYTES = 65_536

/**
 * Why this is an answer for which an older one may stand in: 408, 429 or 5xx. Not what the caller
 * can mend, and not a 429 that means an exhausted budget: LiteLLM says so by `budget_exceeded`. The
 * response comes back with all its bytes.
 */
export async function failureOf(
  response: Response,
): Promise<{ failure: string | undefined; response: Response }> {
  const { status } = response
  const transient = status === 408 || status === 429 || status >= 500
  if (!transient) return { failure: undefined, response }
  const failure = `status ${status}`
  if (status !== 429) return { failure, response }
  const taken = await take(response.body, LONGEST_ERROR_BYTES).catch((error: unknown) => ({
    // Where nothing stands in, the caller sees it break off, and not end.
    stream: new ReadableStream<Uint8Array>({ start: (body) => body.error(error) }),
  }))
  if ('stream' in taken) return { failure, response: new Response(taken.stream, response) }
  const text = new TextDecoder().decode(taken.whole)
  return {
    failure: text.includes('budget_exceeded') ? undefined : failure,
    response: new Response(taken.whole, response),
  }
}
