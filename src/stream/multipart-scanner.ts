/** One part of a multipart body: its header lines, and the range of its content in the body. */
export interface MultipartPart {
  readonly headers: Uint8Array
  readonly start: number
  readonly end: number
}

/** A body that is no valid multipart body. The message says why. */
export class InvalidMultipart extends Error {
  override readonly name = 'InvalidMultipart'
}

/** OpenAI's largest form has 16 images and a dozen texts. LiteLLM's parser accepts 1,000 fields. */
const MOST_PARTS = 200
/** Of the header lines of one part, which are copied. */
const LONGEST_HEADERS_BYTES = 4_096

const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20
const TAB = 0x09
const DASH = 0x2d

/** Scanner states: where the next byte belongs to. */
const PREAMBLE = 0
const AFTER_BOUNDARY = 1
const PADDING = 2
const LINE_END = 3
const LAST_DASH = 4
const HEADERS = 5
const CONTENT = 6
const EPILOGUE = 7

/**
 * Finds the parts of a multipart body (RFC 2046, 5.1.1) in chunks of bytes, without copying their
 * content. Strict, because lines that end in a bare LF, or a line that continues after the boundary,
 * are read differently by different servers. What surrounds the parts is skipped. `push` and `end`
 * throw `InvalidMultipart`.
 */
export class MultipartScanner {
  private readonly parts: MultipartPart[] = []
  private state = PREAMBLE
  /** The line break and the boundary that end a part. */
  private readonly delimiter: Uint8Array
  /** How many bytes of the delimiter were found. The body may begin with a boundary. */
  private matched = 2
  /** How many bytes were scanned before this chunk. */
  private before = 0
  private headers: number[] = []
  private contentStart = 0

  constructor(boundary: string) {
    this.delimiter = new TextEncoder().encode(`\r\n--${boundary}`)
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length && this.state !== EPILOGUE) {
      const isContent = this.state === PREAMBLE || this.state === CONTENT
      at = isContent ? this.skipContent(chunk, at) : this.takeByte(chunk, at)
    }
    this.before += chunk.length
  }

  end(): readonly MultipartPart[] {
    if (this.state === PREAMBLE) throw new InvalidMultipart('The form has no boundary line.')
    if (this.state !== EPILOGUE)
      throw new InvalidMultipart('The form ends before its last boundary.')
    return this.parts
  }

  /**
   * Looks for the delimiter. Returns the position behind it, or the chunk's length. Takes linear time,
   * because only the delimiter's first byte is a CR: after a mismatch no byte is compared again.
   */
  private skipContent(chunk: Uint8Array, from: number): number {
    const { delimiter } = this
    let { matched } = this
    let at = from
    while (at < chunk.length) {
      if (matched === 0) {
        at = chunk.indexOf(CR, at)
        if (at < 0) at = chunk.length
        else matched = 1
        at += 1
        continue
      }
      const byte = chunk[at]!
      at += 1
      if (byte === delimiter[matched]) matched += 1
      else matched = byte === CR ? 1 : 0
      if (matched === delimiter.length) {
        this.matched = 0
        this.endPart(this.before + at - delimiter.length)
        return at
      }
    }
    this.matched = matched
    return chunk.length
  }

  private endPart(end: number): void {
    if (this.state === CONTENT) {
      const headers = Uint8Array.from(this.headers)
      // An empty part may share its line break with the end of its headers.
      this.parts.push({ headers, start: this.contentStart, end: Math.max(end, this.contentStart) })
    }
    this.state = AFTER_BOUNDARY
  }

  /** Reads one byte of a boundary line or of header lines. Returns the position of the next. */
  private takeByte(chunk: Uint8Array, at: number): number {
    const byte = chunk[at]!
    switch (this.state) {
      case HEADERS:
        this.takeHeader(byte, this.before + at + 1)
        break
      case LINE_END:
        if (byte !== LF) throw misplaced()
        this.beginHeaders()
        break
      case LAST_DASH:
        if (byte !== DASH) throw misplaced()
        this.state = EPILOGUE
        break
      default:
        if (byte === CR) this.state = LINE_END
        else if (byte === SPACE || byte === TAB) this.state = PADDING
        else if (byte === DASH && this.state === AFTER_BOUNDARY) this.state = LAST_DASH
        else throw misplaced()
    }
    return at + 1
  }

  private beginHeaders(): void {
    if (this.parts.length === MOST_PARTS) {
      throw new InvalidMultipart(`The form has more than ${MOST_PARTS} fields.`)
    }
    this.headers = []
    this.state = HEADERS
  }

  private takeHeader(byte: number, next: number): void {
    const { headers } = this
    headers.push(byte)
    if (byte === LF && isBlankLine(headers)) {
      this.contentStart = next
      this.state = CONTENT
      // The blank line's end may begin the delimiter.
      this.matched = 2
    } else if (headers.length > LONGEST_HEADERS_BYTES) {
      throw new InvalidMultipart(`The headers of a field exceed ${LONGEST_HEADERS_BYTES} bytes.`)
    }
  }
}

/** Whether header bytes end with an empty line, or are one. */
function isBlankLine(headers: readonly number[]): boolean {
  const { length } = headers
  if (headers[length - 2] !== CR) return false
  return length === 2 || (headers[length - 4] === CR && headers[length - 3] === LF)
}

function misplaced(): InvalidMultipart {
  return new InvalidMultipart('A boundary line of the form continues after its boundary.')
}
