import { InvalidJson } from './json.ts'
import { afterByte } from './utf8.ts'
import type { Utf8Rest } from './utf8.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const UNICODE_ESCAPE = 0x75

/** The characters that escapes mean (RFC 8259, 7). */
const ESCAPES = new Map(
  Object.entries({
    '"': '"',
    '\\': '\\',
    '/': '/',
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
  }).map(([name, meant]) => [name.charCodeAt(0), meant.charCodeAt(0)]),
)

/** Parser states: what the next byte belongs to. */
const IN_TEXT = 0
const IN_ESCAPE = 1
const IN_HEX = 2

/** Gets a range of bytes. */
type Tell = (bytes: ArrayLike<number>, start: number, end: number) => void

/**
 * Parses JSON strings (RFC 8259, 7) byte by byte, across chunks. Throws `InvalidJson` for anything
 * else, and for invalid UTF-8.
 */
export class JsonText {
  /** Whether the closing quote was read. */
  isOver = true
  /** False once a lone surrogate was read. */
  isWellFormed = true
  private state = IN_TEXT
  private hexLeft = 0
  private unit = 0
  /** An escaped high surrogate that waits for its low half; 0 for none. */
  private high = 0
  /** The bytes that the current character still needs. */
  private utf8: Utf8Rest | undefined
  private tell: Tell | undefined

  /** Starts a string after its opening quote. `tell` gets the UTF-8 bytes of its text. */
  begin(tell?: Tell): void {
    this.isOver = false
    this.tell = tell
  }

  /** Continues; returns the index after the last byte read. */
  read(bytes: Uint8Array, from: number): number {
    let at = from
    while (at < bytes.length && !this.isOver) {
      if (this.state === IN_TEXT) at = this.readText(bytes, at)
      else {
        if (this.state === IN_ESCAPE) this.readEscape(bytes[at]!)
        else this.readHex(bytes[at]!)
        at += 1
      }
    }
    return at
  }

  private readText(bytes: Uint8Array, from: number): number {
    if (this.high !== 0 && bytes[from] !== BACKSLASH) this.loneSurrogate()
    const at = this.endOfText(bytes, from)
    this.tell?.(bytes, from, at)
    if (at === bytes.length) return at
    if (bytes[at] === QUOTE) this.isOver = true
    else this.state = IN_ESCAPE
    return at + 1
  }

  /** The index of the next quote or backslash. */
  private endOfText(bytes: Uint8Array, from: number): number {
    const start = this.utf8 === undefined ? endOfPlain(bytes, from) : from
    for (let at = start; at < bytes.length; at += 1) {
      const byte = bytes[at]!
      if (byte >= 0x80 || this.utf8 !== undefined) this.utf8 = afterByte(this.utf8, byte)
      if (byte === QUOTE || byte === BACKSLASH) return at
      if (byte < 0x20) throw notJson()
    }
    return bytes.length
  }

  private readEscape(byte: number): void {
    if (byte === UNICODE_ESCAPE) {
      this.hexLeft = 4
      this.unit = 0
      this.state = IN_HEX
      return
    }
    const meant = ESCAPES.get(byte)
    if (meant === undefined) throw notJson()
    if (this.high !== 0) this.loneSurrogate()
    this.tell?.([meant], 0, 1)
    this.state = IN_TEXT
  }

  private readHex(byte: number): void {
    const digit = Number.parseInt(String.fromCharCode(byte), 16)
    if (Number.isNaN(digit)) throw notJson()
    this.unit = this.unit * 16 + digit
    this.hexLeft -= 1
    if (this.hexLeft > 0) return
    this.state = IN_TEXT
    const { unit, high } = this
    const isLow = unit >= 0xdc00 && unit <= 0xdfff
    if (high !== 0 && isLow) {
      this.high = 0
      return this.tellCodePoint(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00))
    }
    if (high !== 0) this.loneSurrogate()
    if (unit >= 0xd800 && unit <= 0xdbff) {
      this.high = unit
      return
    }
    if (isLow) this.isWellFormed = false
    this.tellCodePoint(unit)
  }

  private loneSurrogate(): void {
    const { high } = this
    this.high = 0
    this.isWellFormed = false
    this.tellCodePoint(high)
  }

  /** Emits an escaped character as UTF-8; a lone surrogate as if it were a character. */
  private tellCodePoint(point: number): void {
    const { tell } = this
    if (tell === undefined) return
    if (point < 0x80) return tell([point], 0, 1)
    const rest = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3
    const bytes = [[0, 0xc0, 0xe0, 0xf0][rest]! | (point >> (6 * rest))]
    for (let shift = rest - 1; shift >= 0; shift -= 1) {
      bytes.push(0x80 | ((point >> (6 * shift)) & 0x3f))
    }
    tell(bytes, 0, bytes.length)
  }
}

/** Where printable ASCII ends that stands for itself: most of most strings, read in a tight loop. */
function endOfPlain(bytes: Uint8Array, from: number): number {
  let at = from
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at]!
    if (byte < 0x20 || byte >= 0x80 || byte === QUOTE || byte === BACKSLASH) break
  }
  return at
}

function notJson(): InvalidJson {
  return new InvalidJson('The text is not valid JSON.')
}
