import { readUpTo } from '../stream/buffered-body.ts'

/** LiteLLM's errors may repeat the request. */
const LONGEST_ERROR_BYTES = 1_048_576
/** The status and the headers wait for the body, but not for long. */
const SLOWEST_ERROR_MS = 5_000

/**
 * Gives the body of LiteLLM's error the API's shape. `shape` returns undefined for a body that needs
 * no change. A body that breaks off, stalls or is too large is replaced by an error made from the
 * status: what the status forbids, such as a stale answer, must not depend on the body.
 */
export async function withErrorBody(
  response: Response,
  shape: (text: string, status: number) => string | undefined,
): Promise<Response> {
  const { status, body } = response
  if (status < 400 || body === null) return response
  const taken = await readUpTo(body, LONGEST_ERROR_BYTES, undefined, SLOWEST_ERROR_MS).catch(
    () => undefined,
  )
  if (taken !== undefined && 'whole' in taken) {
    const shaped = shape(new TextDecoder().decode(taken.whole), status)
    return shaped === undefined ? new Response(taken.whole, response) : withJson(response, shaped)
  }
  taken?.stream.cancel().catch(() => {})
  const message = `LiteLLM answered with the status ${status}; its error did not arrive whole.`
  const unread = JSON.stringify({ error: { message } })
  return withJson(response, shape(unread, status) ?? unread)
}

function withJson({ status, headers: given }: Response, json: string): Response {
  const headers = new Headers(given)
  headers.delete('content-length')
  headers.set('content-type', 'application/json')
  return new Response(json, { status, headers })
}
