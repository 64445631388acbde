import { JsonScanner } from '../cache/json-scanner.ts'
import type { Scanned } from '../cache/json-scanner.ts'
import { InvalidJson } from '../cache/json.ts'
import type { Watched } from '../cache/member-finder.ts'
import { ACCEPTED_CODINGS, GatewayError } from '../errors.ts'
import { blocksOf, discard } from '../stream/blocks.ts'
import { contentCoding, undoCoding } from '../stream/content-coding.ts'
import type { ContentCoding } from '../stream/content-coding.ts'
import type { Memory } from '../stream/memory-budget.ts'
import { IdleTimer } from '../stream/timeout.ts'

export interface ReadBodyOptions {
  /** The limit of the decoded body. */
  readonly maxBytes: number
  readonly memory: Memory
  /** The members to find. */
  readonly watched: Watched
  readonly now: () => number
}

/** A JSON body as the bytes that arrived, decoded. */
export interface ArrivedBody {
  readonly parts: Uint8Array[]
  readonly bytes: number
  readonly scanned: Scanned
}

/** A request up to this size is read even if memory is short. */
export const ALWAYS_READ_BYTES = 65_536
/** Up to this size the platform reads the body, unwatched like the first block of a larger one. */
const READ_AT_ONCE_BYTES = 16_384
/** An upload that stalls for this long is aborted, because it holds memory that others need. */
const IDLE_MS = 60_000
/** When a retry makes sense: by then, another request will have been sent. */
const RETRY_AFTER_SECONDS = 2

/**
 * Reads, decodes and scans a body. Throws a `GatewayError`: 413 if it is over `maxBytes`, 503 if
 * memory is short, 415 or 400 for its coding, 400 if it is not JSON. Errors are sent before the first
 * byte is read or after the last one (at most twice the limit): a response in the middle of an upload
 * breaks some clients.
 */
export async function readBody(request: Request, options: ReadBodyOptions): Promise<ArrivedBody> {
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
  const decoding = coding && undoCoding(source, coding, 2 * maxBytes)
  const idle = new IdleTimer(IDLE_MS, () => stalled.abort(tooSlow()), options.now)
  try {
    const decoded = decoding?.decoded ?? source
    for await (const part of blocksOf(decoded, declared, { signal: stalled.signal, idle })) {
      if (!body.push(part)) break
    }
  } catch (error) {
    body.drop()
    if (coding === undefined || stalled.signal.aborted || request.signal.aborted) throw error
    body.refuse(badCoding(coding))
  } finally {
    idle.stop()
  }
  await decoding?.drained
  return body.end()
}

/** The part of a body that has arrived: scanned parts, or only a refusal. */
class IncomingBody {
  private parts: Uint8Array[] = []
  private bytes = 0
  private refusal: unknown
  private readonly scanner: JsonScanner
  private readonly options: ReadBodyOptions

  constructor(options: ReadBodyOptions) {
    this.options = options
    this.scanner = new JsonScanner(options.watched)
  }

  /** Adds the next part; false if no more should be read. */
  push(part: Uint8Array): boolean {
    const { maxBytes, memory } = this.options
    this.bytes += part.length
    if (this.refusal !== undefined) {
      discard(part)
      return this.bytes <= 2 * maxBytes
    }
    this.parts.push(part)
    memory.take(part.length)
    if (this.bytes > maxBytes) this.refuse(tooLarge(maxBytes))
    else if (this.bytes > ALWAYS_READ_BYTES && memory.isShort) this.refuse(overloaded())
    else this.scan(() => this.scanner.push(part))
    return true
  }

  /** The complete body; throws if it was refused. */
  end(): ArrivedBody {
    const scanned = this.refusal === undefined ? this.scan(() => this.scanner.end()) : undefined
    if (scanned === undefined) throw this.refusal
    return { parts: this.parts, bytes: this.bytes, scanned }
  }

  /** Drops what has arrived. The first refusal counts. */
  refuse(refusal: unknown): void {
    this.refusal ??= refusal
    this.drop()
  }

  drop(): void {
    const held = this.parts.reduce((bytes, part) => bytes + part.length, 0)
    this.options.memory.release(held)
    for (const part of this.parts) discard(part)
    this.parts = []
  }

  private scan<Result>(work: () => Result): Result | undefined {
    try {
      return work()
    } catch (error) {
      const isInvalid = error instanceof InvalidJson
      this.refuse(isInvalid ? new GatewayError('invalid_json', error.message) : error)
      return undefined
    }
  }
}

function codingOf({ headers }: Request): ContentCoding | undefined {
  try {
    return contentCoding(headers.get('content-encoding'))
  } catch {
    const message = `The content-encoding must be one of: ${ACCEPTED_CODINGS}.`
    throw new GatewayError('unsupported_encoding', message, 'content-encoding')
  }
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('request_too_large', `The body is larger than ${maxBytes} bytes.`)
}

/** The error for a body that arrives too slowly. */
export function tooSlow(): GatewayError {
  return new GatewayError('request_timeout', 'The body did not arrive in time.')
}

function badCoding(coding: ContentCoding): GatewayError {
  return new GatewayError('invalid_request', `The body is not valid ${coding}.`, 'content-encoding')
}

/** The error for a body that does not fit in memory. */
export function overloaded(): GatewayError {
  const message = 'The gateway holds too many large requests at the moment; try again.'
  return new GatewayError('overloaded', message, null, RETRY_AFTER_SECONDS)
}
