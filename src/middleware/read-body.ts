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
  /** Of the decoded body. */
  readonly maxBytes: number
  readonly memory: Memory
  /** The members to look for. */
  readonly watched: Watched
  readonly now: () => number
}

/** A body that is JSON, as the bytes that arrived, decoded. */
export interface ArrivedBody {
  readonly parts: Uint8Array[]
  readonly bytes: number
  readonly scanned: Scanned
}

/** A request that is no larger is read even if memory is short. */
export const ALWAYS_READ_BYTES = 65_536
/** One that stops arriving for so long is given up: it holds memory that others need. */
const IDLE_MS = 60_000
/** When it is worth trying again: by then some other request will have been sent. */
const RETRY_AFTER_SECONDS = 2

/**
 * Reads a body whole, undoes its content coding and scans it. Throws a `GatewayError`: 413 if it is over
 * `maxBytes`, 503 if memory is short, 415 or 400 for its coding, 400 for what is not JSON. Whatever is
 * wrong, it is answered before the first byte was read or after the last one (at most twice the limit):
 * an answer in the middle of a body breaks some clients.
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

/** What has arrived of a body: parts that are scanned, or a refusal and nothing else. */
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

  /** Takes the next part; false if no more should be read. */
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

  /** The whole body; throws if it was refused. */
  end(): ArrivedBody {
    const scanned = this.refusal === undefined ? this.scan(() => this.scanner.end()) : undefined
    if (scanned === undefined) throw this.refusal
    return { parts: this.parts, bytes: this.bytes, scanned }
  }

  /** Gives up what has arrived; the first reason stands. */
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
    const message = `The body may be coded with one of: ${ACCEPTED_CODINGS}.`
    throw new GatewayError('unsupported_encoding', message, 'content-encoding')
  }
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('request_too_large', `The body is larger than ${maxBytes} bytes.`)
}

/** The error of a body that takes too long. */
export function tooSlow(): GatewayError {
  return new GatewayError('request_timeout', 'The body did not arrive in time.')
}

function badCoding(coding: ContentCoding): GatewayError {
  return new GatewayError('invalid_request', `The body is not valid ${coding}.`, 'content-encoding')
}

/** The error of a body that memory is too short for. */
export function overloaded(): GatewayError {
  const message = 'The gateway holds too many large requests at the moment; try again.'
  return new GatewayError('overloaded', message, null, RETRY_AFTER_SECONDS)
}
