import { MultipartParseError } from '@remix-run/multipart-parser'
import { InvalidJson } from '../cache/json.ts'
import { GatewayError } from '../errors.ts'
import { discard } from '../stream/blocks.ts'
import type { Memory } from '../stream/memory-budget.ts'
import { concatenate } from '../stream/sse.ts'

/** Checks a body as it arrives. Throws `InvalidJson` or `MultipartParseError`. */
export interface BodyScanner<Scanned> {
  push(part: Uint8Array): void
  end(): Scanned
}

export interface IncomingBodyOptions<Scanned> {
  /** The limit of the decoded body. */
  readonly maxBytes: number
  readonly memory: Memory
  /** Makes the body's scanner. */
  readonly scanner: () => BodyScanner<Scanned>
}

/** A body as the bytes that arrived, decoded. */
export interface ArrivedBody<Scanned = unknown> {
  readonly parts: Uint8Array[]
  readonly bytes: number
  /** What a scan finds, made once. Throws a `GatewayError` (400) if the body is malformed. */
  scan(): Scanned
  /** Joins the parts into one, and returns it. */
  join(): Uint8Array<ArrayBuffer>
}

/** A request up to this size is read even if memory is short. */
export const ALWAYS_READ_BYTES = 65_536
/** A body up to this size is scanned when its scan is needed: for a repeated request, never. */
const SCANNED_LATER_BYTES = 1_048_576
/** When a retry makes sense: by then, another request will have been sent. */
const RETRY_AFTER_SECONDS = 2

/** The part of a body that has arrived: its parts, or only a refusal. */
export class IncomingBody<Scanned> implements ArrivedBody<Scanned> {
  parts: Uint8Array[] = []
  bytes = 0
  private refusal: unknown
  private begun: BodyScanner<Scanned> | undefined
  private scanned: Scanned | undefined
  /** How many of the parts were scanned. */
  private scannedParts = 0
  private readonly options: IncomingBodyOptions<Scanned>

  constructor(options: IncomingBodyOptions<Scanned>) {
    this.options = options
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
    else if (this.bytes > SCANNED_LATER_BYTES) this.refuseIfInvalid(() => this.scanArrived())
    return true
  }

  /** The complete body; throws if it was refused. */
  end(): ArrivedBody<Scanned> {
    if (this.refusal !== undefined) throw this.refusal
    return this
  }

  scan(): Scanned {
    this.scanned ??= this.refuseIfInvalid(() => {
      this.scanArrived()
      return this.scanner.end()
    })
    if (this.scanned === undefined) throw this.refusal
    return this.scanned
  }

  join(): Uint8Array<ArrayBuffer> {
    const [only, ...others] = this.parts
    if (only !== undefined && others.length === 0) return only as Uint8Array<ArrayBuffer>
    const whole = concatenate(this.parts)
    this.parts.splice(0, Infinity, whole)
    return whole
  }

  /** Drops what has arrived. The first refusal counts. */
  refuse(refusal: unknown): void {
    this.refusal ??= refusal
    this.drop()
  }

  drop(): void {
    const held = this.parts.reduce((bytes, part) => bytes + part.length, 0)
    this.options.memory.release(held)
    for (const part of this.parts.splice(0)) discard(part)
  }

  private get scanner(): BodyScanner<Scanned> {
    return (this.begun ??= this.options.scanner())
  }

  private scanArrived(): void {
    for (; this.scannedParts < this.parts.length; this.scannedParts += 1) {
      this.scanner.push(this.parts[this.scannedParts]!)
    }
  }

  private refuseIfInvalid<Result>(work: () => Result): Result | undefined {
    try {
      return work()
    } catch (error) {
      this.refuse(refusalOf(error))
      return undefined
    }
  }
}

/** The error for a body that its scanner does not accept. */
function refusalOf(error: unknown): unknown {
  if (error instanceof InvalidJson) return new GatewayError('invalid_json', error.message)
  if (error instanceof MultipartParseError) {
    return new GatewayError('invalid_request', `The form is invalid: ${error.message}.`)
  }
  return error
}

/** The error for a body that is over the limit. */
export function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('request_too_large', `The body is larger than ${maxBytes} bytes.`)
}

/** The error for a body that does not fit in memory. */
export function overloaded(): GatewayError {
  const message = 'The gateway holds too many large requests at the moment; try again.'
  return new GatewayError('overloaded', message, null, RETRY_AFTER_SECONDS)
}
