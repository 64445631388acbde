const encoder = new TextEncoder()

/** The kinds of values on the wire (https://protobuf.dev/programming-guides/encoding/#structure). */
const VARINT = 0
const FIXED64 = 1
const LENGTH = 2

/** 2 ** 32. */
const WORD = 0x1_0000_0000

/** A length is written in so many bytes, because it is known only after what it counts. */
const LENGTH_BYTES = 4
const LARGEST_KEPT_BYTES = 1_048_576
/** Longer text is encoded by the platform: that takes a while to begin. */
const SHORT_TEXT = 64

/** Writes protobuf messages, field by field, into one buffer. */
export class ProtobufWriter {
  private bytes: Uint8Array<ArrayBuffer>
  private view: DataView
  /** How many bytes have been written. */
  length = 0

  /** `size` is how much it has room for at first. */
  constructor(size: number) {
    this.bytes = new Uint8Array(size)
    this.view = new DataView(this.bytes.buffer)
  }

  /** What has been written. The writer is empty afterwards. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.bytes.slice(0, this.length)
    this.length = 0
    // A peak does not hold memory for ever.
    if (this.bytes.length > LARGEST_KEPT_BYTES) this.use(new Uint8Array(LARGEST_KEPT_BYTES))
    return taken
  }

  /** Begins a field that is a message; pass what it returns to `end` after the message's own fields. */
  begin(field: number): number {
    this.tag(field, LENGTH)
    this.reserve(LENGTH_BYTES)
    this.length += LENGTH_BYTES
    return this.length
  }

  /** Every decoder accepts a length with leading zeros, which are groups of seven bits here. */
  end(start: number): void {
    const length = this.length - start
    const at = start - LENGTH_BYTES
    this.bytes[at] = (length & 0x7f) | 0x80
    this.bytes[at + 1] = ((length >>> 7) & 0x7f) | 0x80
    this.bytes[at + 2] = ((length >>> 14) & 0x7f) | 0x80
    this.bytes[at + 3] = (length >>> 21) & 0x7f
  }

  /** A field with text. Lone surrogates become U+FFFD. */
  text(field: number, text: string): void {
    const start = this.begin(field)
    if (text.length > SHORT_TEXT || !this.ascii(text)) {
      this.reserve(text.length * 3)
      this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written
    }
    this.end(start)
  }

  /** A field with bytes, which may be text in UTF-8. */
  raw(field: number, bytes: Uint8Array): void {
    const start = this.begin(field)
    this.append(bytes)
    this.end(start)
  }

  /** Fields that another writer has written. */
  append(fields: Uint8Array): void {
    this.reserve(fields.length)
    this.bytes.set(fields, this.length)
    this.length += fields.length
  }

  /** A field with bytes, given in lower-case hex. */
  hex(field: number, digits: string): void {
    const start = this.begin(field)
    this.reserve(digits.length / 2)
    for (let at = 0; at < digits.length; at += 2) {
      this.bytes[this.length++] = (nibble(digits, at) << 4) | nibble(digits, at + 1)
    }
    this.end(start)
  }

  /** A field with a whole number, at least 0 and at most 2 ** 53. */
  whole(field: number, value: number): void {
    this.tag(field, VARINT)
    this.reserve(10)
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
      this.bytes[this.length++] = (rest % 0x80) | 0x80
    }
    this.bytes[this.length++] = rest
  }

  /** A field of fixed length with a time in ns. A double has too few digits for epoch nanoseconds. */
  nanoseconds(field: number, milliseconds: number): void {
    this.tag(field, FIXED64)
    this.reserve(8)
    const whole = Math.round(milliseconds)
    const low = (whole % WORD) * 1e6
    this.view.setUint32(this.length, low % WORD, true)
    this.view.setUint32(
      this.length + 4,
      Math.floor(whole / WORD) * 1e6 + Math.floor(low / WORD),
      true,
    )
    this.length += 8
  }

  /** A field with a double. */
  double(field: number, value: number): void {
    this.tag(field, FIXED64)
    this.reserve(8)
    this.view.setFloat64(this.length, value, true)
    this.length += 8
  }

  /** Fields above 15 take two bytes; OTLP's need one. */
  private tag(field: number, kind: number): void {
    this.reserve(1)
    this.bytes[this.length++] = (field << 3) | kind
  }

  /** Writes text if it is ASCII; else writes nothing. */
  private ascii(text: string): boolean {
    this.reserve(text.length)
    const { bytes, length } = this
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (code > 0x7f) return false
      bytes[length + at] = code
    }
    this.length += text.length
    return true
  }

  /** Makes room for so many more bytes. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const bytes = new Uint8Array(2 * (this.length + more))
    bytes.set(this.bytes.subarray(0, this.length))
    this.use(bytes)
  }

  private use(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer)
  }
}

function nibble(digits: string, at: number): number {
  const code = digits.charCodeAt(at)
  return code < 0x3a ? code - 0x30 : code - 0x57
}
