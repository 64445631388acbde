import { isSafeNumber } from './json.ts'

/** Longer numbers count as unsafe. */
const LONGEST_NUMBER = 1_100
const MINUS = 0x2d

/** Parser states (RFC 8259, 6). */
const SIGN = 0
const ZERO = 1
const INTEGER = 2
const POINT = 3
const FRACTION = 4
const EXPONENT = 5
const EXPONENT_SIGN = 6
const EXPONENT_DIGITS = 7
const ENDS = new Set([ZERO, INTEGER, FRACTION, EXPONENT_DIGITS])

/** Parses JSON numbers (RFC 8259, 6) byte by byte, across chunks. */
export class JsonNumber {
  private state = SIGN
  private text = ''

  /** Starts a number; false if no number starts with this byte. */
  begin(byte: number): boolean {
    if (byte !== MINUS && !isDigit(byte)) return false
    this.state = byte === MINUS ? SIGN : byte === 0x30 ? ZERO : INTEGER
    this.text = String.fromCharCode(byte)
    return true
  }

  /** Continues; returns the index of the first byte after the number. */
  read(bytes: Uint8Array, from: number): number {
    let at = from
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at]!
      const next = stateAfter(this.state, byte)
      if (next === undefined) break
      this.state = next
      if (this.text.length <= LONGEST_NUMBER) this.text += String.fromCharCode(byte)
    }
    return at
  }

  /** Whether the number is complete. */
  get isWhole(): boolean {
    return ENDS.has(this.state)
  }

  /** Whether a double has the same value. */
  get isSafe(): boolean {
    return this.text.length <= LONGEST_NUMBER && isSafeNumber(this.text)
  }
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39

/** The state after one more byte; undefined if it is not part of the number. */
function stateAfter(state: number, byte: number): number | undefined {
  switch (state) {
    case SIGN:
      if (!isDigit(byte)) return undefined
      return byte === 0x30 ? ZERO : INTEGER
    case ZERO:
    case INTEGER:
      if (isDigit(byte)) return state === INTEGER ? INTEGER : undefined
      if (byte === 0x2e) return POINT
      return byte === 0x65 || byte === 0x45 ? EXPONENT : undefined
    case POINT:
      return isDigit(byte) ? FRACTION : undefined
    case FRACTION:
      if (isDigit(byte)) return FRACTION
      return byte === 0x65 || byte === 0x45 ? EXPONENT : undefined
    case EXPONENT:
      if (byte === 0x2b || byte === MINUS) return EXPONENT_SIGN
      return isDigit(byte) ? EXPONENT_DIGITS : undefined
    default:
      return isDigit(byte) ? EXPONENT_DIGITS : undefined
  }
}
