import { GatewayError } from '../errors.ts'
import { concatenate } from '../stream/sse.ts'

export interface Body {
  readonly text: string
  /** Its length in UTF-8. */
  readonly bytes: number
}

/**
 * A request's body as text. Throws 413 when it is over `maxBytes`: unread where the length is
 * declared; else after draining what is over (to twice the limit), since an answer in the middle of
 * a body breaks some clients. Throws 400 on invalid UTF-8.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Body> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > maxBytes) throw tooLarge(maxBytes)
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of request.body ?? []) {
    length += part.length
    if (length <= maxBytes) parts.push(part)
    else if (length > 2 * maxBytes) break
  }
  if (length > maxBytes) throw tooLarge(maxBytes)
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
    return { text: decoder.decode(concatenate(parts)), bytes: length }
  } catch {
    throw new GatewayError('invalid_json', 'The body is not valid UTF-8.')
  }
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('request_too_large', `The body is larger than ${maxBytes} bytes.`)
}
