import { ACCEPTED_CODINGS, GatewayError } from '../errors.ts'
import { blocksOf } from '../stream/blocks.ts'
import { contentCoding, undoCoding } from '../stream/content-coding.ts'
import type { ContentCoding } from '../stream/content-coding.ts'
import { IdleTimer } from '../stream/timeout.ts'
import { ALWAYS_READ_BYTES, IncomingBody, overloaded, tooLarge } from './incoming-body.ts'
import type { ArrivedBody, IncomingBodyOptions } from './incoming-body.ts'

export interface ReadBodyOptions<Scanned> extends IncomingBodyOptions<Scanned> {
  readonly now: () => number
}

/** Up to this size the platform reads the body, unwatched like the first block of a larger one. */
const READ_AT_ONCE_BYTES = 16_384
/** An upload that stalls for this long is aborted, because it holds memory that others need. */
const IDLE_MS = 60_000

/**
 * Reads and decodes a body, and scans a large one as it arrives. Throws a `GatewayError`: 413 if it is
 * over `maxBytes`, 503 if memory is short, 415 or 400 for its coding. Errors are sent before the first
 * byte is read or after the last one (at most twice the limit): a response in the middle of an upload
 * breaks some clients.
 */
export async function readBody<Scanned>(
  request: Request,
  options: ReadBodyOptions<Scanned>,
): Promise<ArrivedBody<Scanned>> {
  const { maxBytes, memory } = options
  const coding = codingOf(request)
  const declared = Number(request.headers.get('content-length')) || 0
  if (declared > maxBytes) throw tooLarge(maxBytes)
  if (declared > ALWAYS_READ_BYTES && memory.isShort) throw overloaded()

  const body = new IncomingBody(options)
  const source = request.body
  if (source === null) return body.end()
  if (coding === undefined && declared > 0 && declared <= READ_AT_ONCE_BYTES) {
    // The platform reads a small body faster than a loop does.
    body.push(new Uint8Array(await request.arrayBuffer()))
    return body.end()
  }
  const stalled = new AbortController()
  let windowBytes = 0
  const reserve = (bytes: number) => {
    windowBytes = bytes
    memory.take(bytes)
    if (bytes > ALWAYS_READ_BYTES && memory.isShort) throw overloaded()
  }
  const decoding = coding && undoCoding(source, coding, 2 * maxBytes, reserve)
  const idle = new IdleTimer(IDLE_MS, () => stalled.abort(tooSlow()), options.now)
  try {
    const decoded = decoding?.decoded ?? source
    for await (const part of blocksOf(decoded, declared, { signal: stalled.signal, idle })) {
      if (!body.push(part)) break
    }
  } catch (error) {
    body.drop()
    if (coding === undefined || stalled.signal.aborted || request.signal.aborted) throw error
    body.refuse(error instanceof GatewayError ? error : badCoding(coding))
  } finally {
    idle.stop()
    memory.release(windowBytes)
  }
  await decoding?.drained
  return body.end()
}

function codingOf({ headers }: Request): ContentCoding | undefined {
  try {
    return contentCoding(headers.get('content-encoding'))
  } catch {
    const message = `The content-encoding must be one of: ${ACCEPTED_CODINGS}.`
    throw new GatewayError('unsupported_encoding', message, 'content-encoding')
  }
}

/** The error for a body that arrives too slowly. */
export function tooSlow(): GatewayError {
  return new GatewayError('request_timeout', 'The body did not arrive in time.')
}

function badCoding(coding: ContentCoding): GatewayError {
  return new GatewayError('invalid_request', `The body is not valid ${coding}.`, 'content-encoding')
}
