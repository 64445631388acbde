import { ACCEPTED_CODINGS, GatewayError } from '../errors.ts'
import { blocksOf } from '../stream/blocks.ts'
import { contentCoding, undoCoding } from '../stream/content-coding.ts'
import type { ContentCoding } from '../stream/content-coding.ts'
import { IdleTimer } from '../stream/timeout.ts'
import type { Waits } from '../stream/timeout.ts'
import { SMALL_WINDOW_BYTES } from '../stream/zstd-frame.ts'
import { ALWAYS_READ_BYTES, IncomingBody, overloaded, tooLarge } from './incoming-body.ts'
import type { ArrivedBody, IncomingBodyOptions } from './incoming-body.ts'

export interface ReadBodyOptions<Scanned> extends IncomingBodyOptions<Scanned> {
  readonly now: () => number
}

/** Up to this size the platform reads the body, unwatched like the first block of a larger one. */
const READ_AT_ONCE_BYTES = 16_384
/** An upload that stalls for this long is aborted, because it holds memory that others need. */
const IDLE_MS = 60_000
/** An upload that takes longer is aborted: a key's check remains valid for so long. */
export const LONGEST_UPLOAD_MS = 300_000

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
  const watch = watchUpload(options.now)
  try {
    if (coding === undefined) await pushAll(body, blocksOf(source, declared, watch))
    else await readCoded(request, source, coding, body, watch, options)
  } catch (error) {
    body.drop()
    throw watch.signal.aborted ? watch.signal.reason : error
  } finally {
    watch.stop()
  }
  return body.end()
}

/** Reads a coded body to its end. If it can't be decoded, `body` is refused. */
async function readCoded(
  request: Request,
  source: ReadableStream<Uint8Array>,
  coding: ContentCoding,
  body: IncomingBody<unknown>,
  { signal, idle }: UploadWatch,
  { maxBytes, memory }: Pick<IncomingBodyOptions<unknown>, 'maxBytes' | 'memory'>,
): Promise<void> {
  let reservedBytes = 0
  const reserve = (bytes: number) => {
    memory.take(bytes)
    reservedBytes += bytes
    if (bytes <= SMALL_WINDOW_BYTES || !memory.isShort) return
    memory.release(bytes)
    reservedBytes -= bytes
    throw overloaded()
  }
  const limitBytes = 2 * maxBytes
  const { decoded, drained } = undoCoding(source, coding, { limitBytes, reserve, idle, signal })
  try {
    await pushAll(body, blocksOf(decoded, 0, { signal }))
  } catch (error) {
    if (signal.aborted || request.signal.aborted) throw error
    body.refuse(error instanceof GatewayError ? error : badCoding(coding))
  } finally {
    memory.release(reservedBytes)
  }
  await drained
}

async function pushAll(
  body: IncomingBody<unknown>,
  blocks: AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const block of blocks) {
    if (!body.push(block)) break
  }
}

/** The time limits of one upload. */
interface UploadWatch {
  /** Fires when one of them is exceeded. */
  readonly signal: AbortSignal
  readonly idle: Waits
  stop(): void
}

/** Sets no timer before the first wait: most bodies arrive in one block. */
function watchUpload(now: () => number): UploadWatch {
  const late = new AbortController()
  const abort = () => late.abort(tooSlow())
  const timer = new IdleTimer(IDLE_MS, abort, now)
  let whole: ReturnType<typeof setTimeout> | undefined
  const idle = {
    start() {
      whole ??= setTimeout(abort, LONGEST_UPLOAD_MS)
      timer.start()
    },
    pause: () => timer.pause(),
  }
  const stop = () => {
    timer.stop()
    clearTimeout(whole)
  }
  return { signal: late.signal, idle, stop }
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
