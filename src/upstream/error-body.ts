import { readUpTo } from '../stream/buffered-body.ts'

/** Larger bodies are not changed. */
const LONGEST_ERROR_BYTES = 65_536

/**
 * Gives the body of LiteLLM's error the API's shape. `shape` returns undefined for a body that needs
 * no change. Rejects if the body breaks off.
 */
export async function withErrorBody(
  response: Response,
  shape: (text: string, status: number) => string | undefined,
): Promise<Response> {
  if (response.status < 400 || response.body === null) return response
  const taken = await readUpTo(response.body, LONGEST_ERROR_BYTES)
  if ('stream' in taken) return new Response(taken.stream, response)
  const shaped = shape(new TextDecoder().decode(taken.whole), response.status)
  if (shaped === undefined) return new Response(taken.whole, response)
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  headers.set('content-type', 'application/json')
  return new Response(shaped, { status: response.status, headers })
}
