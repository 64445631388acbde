import { InvalidJson, isSafeNumber, MAX_DEPTH } from './json.ts'
import { NameSet } from './name-set.ts'

/** Members to look for, by name; a map for a member whose own members are looked for. */
export type Watched = ReadonlyMap<string, Watched | undefined>

/** Where a member's value is in the text, in bytes. */
export interface FoundMember {
  readonly path: readonly string[]
  start: number
  end: number
}

/** What a text holds, without its value. */
export interface Scanned {
  /** Objects, arrays, strings and members: what a parsed value takes memory for. */
  readonly nodes: number
  /**
   * False when a parsed value would not say all that the text says: a number that a double changes, or
   * a lone surrogate (RFC 8785, 3.1).
   */
  readonly faithful: boolean
  readonly members: readonly FoundMember[]
  readonly root: 'object' | 'other'
  /** Of the byte order mark in front: 0 or 3. */
  readonly markLength: number
  /** Of an object: where its members begin and end, between the braces, and whether there are any. */
  readonly inside: { readonly start: number; readonly end: number; readonly isEmpty: boolean }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const MINUS = 0x2d
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** What comes next. */
const VALUE = 0
const FIRST_ITEM = 1
const FIRST_NAME = 2
const NAME = 3
const AFTER_NAME = 4
const AFTER_VALUE = 5
const IN_STRING = 6
const IN_ESCAPE = 7
const IN_HEX = 8
const IN_NUMBER = 9
const IN_LITERAL = 10

/** A member name that is looked for is never longer, in bytes. */
const LONGEST_WATCHED = 64
/** A number with more digits is not written by anyone who wants it unchanged. */
const LONGEST_NUMBER = 1_100
const LITERALS = new Map([
  [0x74, 'true'],
  [0x66, 'false'],
  [0x6e, 'null'],
])

/**
 * Reads JSON (RFC 8259) as bytes, in pieces, without making a value of it: what a text holds is known
 * before anything is spent on it, and a large one needs no more memory than its bytes. Strict: what it
 * lets through, every parser reads in the same way. `push` and `end` throw `InvalidJson`, also for what
 * is not UTF-8.
 */
export class JsonScanner {
  private state = VALUE
  private depth = 0
  private nodes = 0
  private faithful = true
  private readonly isObject = new Uint8Array(MAX_DEPTH + 1)
  private readonly names: NameSet[] = []
  /** Members that are looked for in each open object, as far as there are any. */
  private readonly watched: (Watched | undefined)[] = []
  /** The member of each open object whose value is being read, if it is looked for. */
  private readonly open: (FoundMember | undefined)[] = []
  private readonly members: FoundMember[] = []
  private root: Scanned['root'] = 'other'
  private inside = { start: 0, end: 0, isEmpty: true }

  /** Whether the string that is being read is a member's name. */
  private isName = false
  private readonly name = new Uint8Array(LONGEST_WATCHED)
  private nameLength = 0
  private hexLeft = 0
  private unit = 0
  /** An escaped high surrogate waits for its other half. */
  private high = 0
  private markLength = 0
  /** What the character that is being read still needs. */
  private utf8: Utf8Rest | undefined
  private literal = ''
  private literalAt = 0
  private number = ''
  private numberState = SIGN
  /** Bytes in the pieces before this one. */
  private before = 0

  constructor(watched: Watched = new Map()) {
    this.watched[1] = watched
  }

  push(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      const { state } = this
      if (state === IN_STRING) {
        at = this.isName ? this.readName(bytes, at) : this.readString(bytes, at)
        continue
      }
      if (state === IN_NUMBER) {
        at = this.readNumber(bytes, at)
        continue
      }
      const byte = bytes[at]!
      if (state > AFTER_VALUE) this.readWithin(byte, this.before + at)
      else if (byte > 0x20 || !isSpace(byte)) this.readStructure(byte, this.before + at)
      at += 1
    }
    this.before += bytes.length
  }

  end(): Scanned {
    if (this.state === IN_NUMBER) this.endNumber(this.before)
    if (this.depth > 0 || this.state !== AFTER_VALUE) throw notJson()
    const { nodes, faithful, members, root, inside, markLength } = this
    return { nodes, faithful, members, root, inside, markLength }
  }

  private readWithin(byte: number, at: number): void {
    if (this.state === IN_ESCAPE) this.readEscape(byte)
    else if (this.state === IN_HEX) this.readHex(byte)
    else this.readLiteral(byte, at)
  }

  private readStructure(byte: number, at: number): void {
    switch (this.state) {
      case VALUE:
        return this.startValue(byte, at)
      case FIRST_ITEM:
        return byte === BRACKET_CLOSE ? this.close(0, at) : this.startValue(byte, at)
      case FIRST_NAME:
        return byte === BRACE_CLOSE ? this.close(1, at) : this.startName(byte)
      case NAME:
        return this.startName(byte)
      case AFTER_NAME:
        if (byte !== COLON) throw notJson()
        this.state = VALUE
        return
      default:
        return this.afterValue(byte, at)
    }
  }

  private startValue(byte: number, at: number): void {
    if (this.depth === 0 && at === this.markLength && byte === BYTE_ORDER_MARK[at]) {
      this.markLength += 1
      return
    }
    if (this.markLength % BYTE_ORDER_MARK.length !== 0) throw notJson()
    const member = this.open[this.depth]
    if (member !== undefined) member.start = at
    if (byte === QUOTE) {
      this.nodes += 1
      this.isName = false
      this.state = IN_STRING
    } else if (byte === BRACE_OPEN || byte === BRACKET_OPEN) this.openContainer(byte, at)
    else if (byte === MINUS || (byte >= 0x30 && byte <= 0x39)) {
      this.number = String.fromCharCode(byte)
      this.numberState = byte === MINUS ? SIGN : byte === 0x30 ? ZERO : INTEGER
      this.state = IN_NUMBER
    } else {
      this.literal = LITERALS.get(byte) ?? ''
      if (this.literal === '') throw notJson()
      this.literalAt = 1
      this.state = IN_LITERAL
    }
  }

  private openContainer(byte: number, at: number): void {
    if (this.depth === MAX_DEPTH) throw new InvalidJson(`Nested deeper than ${MAX_DEPTH}.`)
    const found = this.open[this.depth]
    const within = found && this.watched[this.depth]?.get(found.path.at(-1) ?? '')
    this.nodes += 1
    this.depth += 1
    const { depth } = this
    const isObject = byte === BRACE_OPEN
    this.isObject[depth] = isObject ? 1 : 0
    if (depth > 1) this.watched[depth] = isObject ? within : undefined
    this.open[depth] = undefined
    if (isObject) {
      if (depth === 1) {
        this.root = 'object'
        this.inside.start = at + 1
      }
      const names = (this.names[depth] ??= new NameSet())
      names.clear()
    }
    this.state = isObject ? FIRST_NAME : FIRST_ITEM
  }

  private close(isObject: number, at: number): void {
    if (this.isObject[this.depth] !== isObject) throw notJson()
    if (this.depth === 1) this.inside.end = at
    this.depth -= 1
    this.endValue(at + 1)
  }

  private afterValue(byte: number, at: number): void {
    if (this.depth === 0) throw notJson()
    const isObject = this.isObject[this.depth] === 1
    if (byte === COMMA) this.state = isObject ? NAME : VALUE
    else if (byte === (isObject ? BRACE_CLOSE : BRACKET_CLOSE)) this.close(isObject ? 1 : 0, at)
    else throw notJson()
  }

  private endValue(end: number): void {
    this.state = AFTER_VALUE
    const member = this.open[this.depth]
    if (member === undefined) return
    member.end = end
    this.members.push(member)
    this.open[this.depth] = undefined
  }

  private startName(byte: number): void {
    if (byte !== QUOTE) throw notJson()
    this.nodes += 1
    this.isName = true
    this.nameLength = 0
    this.names[this.depth]!.begin()
    this.state = IN_STRING
  }

  private endName(): void {
    const { depth } = this
    if (!this.names[depth]!.add()) {
      throw new InvalidJson(`The member ${JSON.stringify(this.nameText())} appears twice.`)
    }
    if (depth === 1) this.inside.isEmpty = false
    const watched = this.watched[depth]
    if (watched !== undefined && watched.size > 0 && this.nameLength <= LONGEST_WATCHED) {
      const name = this.nameText()
      const parent = depth === 1 ? [] : (this.open[depth - 1]?.path ?? [])
      if (watched.has(name)) this.open[depth] = { path: [...parent, name], start: 0, end: 0 }
    }
    this.state = AFTER_NAME
  }

  private nameText(): string {
    return new TextDecoder().decode(this.name.subarray(0, this.nameLength))
  }

  /** Reads on in a string that is a value; gives the place where it ends, or breaks off. */
  private readString(bytes: Uint8Array, from: number): number {
    if (this.high !== 0 && bytes[from] !== BACKSLASH) this.loneSurrogate()
    let at = from
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at]!
      if (byte >= 0x80 || this.utf8 !== undefined) this.utf8 = afterByte(this.utf8, byte)
      if (byte === QUOTE) {
        this.endValue(this.before + at + 1)
        return at + 1
      }
      if (byte === BACKSLASH) {
        this.state = IN_ESCAPE
        return at + 1
      }
      if (byte < 0x20) throw notJson()
    }
    return at
  }

  private readName(bytes: Uint8Array, from: number): number {
    if (this.high !== 0 && bytes[from] !== BACKSLASH) this.loneSurrogate()
    let at = from
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at]!
      if (byte >= 0x80 || this.utf8 !== undefined) this.utf8 = afterByte(this.utf8, byte)
      if (byte === QUOTE) {
        this.endName()
        return at + 1
      }
      if (byte === BACKSLASH) {
        this.state = IN_ESCAPE
        return at + 1
      }
      if (byte < 0x20) throw notJson()
      this.addToName(byte)
    }
    return at
  }

  private addToName(byte: number): void {
    this.names[this.depth]!.read(byte)
    if (this.nameLength < LONGEST_WATCHED) this.name[this.nameLength] = byte
    if (this.nameLength <= LONGEST_WATCHED) this.nameLength += 1
  }

  private readEscape(byte: number): void {
    if (byte === 0x75) {
      this.hexLeft = 4
      this.unit = 0
      this.state = IN_HEX
      return
    }
    const meant = ESCAPES.get(byte)
    if (meant === undefined) throw notJson()
    if (this.high !== 0) this.loneSurrogate()
    if (this.isName) this.addToName(meant)
    this.state = IN_STRING
  }

  private readHex(byte: number): void {
    const digit = Number.parseInt(String.fromCharCode(byte), 16)
    if (Number.isNaN(digit)) throw notJson()
    this.unit = this.unit * 16 + digit
    this.hexLeft -= 1
    if (this.hexLeft > 0) return
    this.state = IN_STRING
    const { unit, high } = this
    const isLow = unit >= 0xdc00 && unit <= 0xdfff
    if (high !== 0 && isLow) {
      this.high = 0
      return this.addCodePoint(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00))
    }
    if (high !== 0) this.loneSurrogate()
    if (unit >= 0xd800 && unit <= 0xdbff) {
      this.high = unit
      return
    }
    if (isLow) this.faithful = false
    this.addCodePoint(unit)
  }

  private loneSurrogate(): void {
    const { high } = this
    this.high = 0
    this.faithful = false
    this.addCodePoint(high)
  }

  /** The UTF-8 of an escaped character of a name; of half a surrogate pair what UTF-8 would be. */
  private addCodePoint(point: number): void {
    if (!this.isName) return
    if (point < 0x80) return this.addToName(point)
    const rest = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3
    this.addToName([0, 0xc0, 0xe0, 0xf0][rest]! | (point >> (6 * rest)))
    for (let shift = rest - 1; shift >= 0; shift -= 1) {
      this.addToName(0x80 | ((point >> (6 * shift)) & 0x3f))
    }
  }

  private readLiteral(byte: number, at: number): void {
    if (byte !== this.literal.charCodeAt(this.literalAt)) throw notJson()
    this.literalAt += 1
    if (this.literalAt === this.literal.length) this.endValue(at + 1)
  }

  private readNumber(bytes: Uint8Array, from: number): number {
    let at = from
    for (; at < bytes.length; at += 1) {
      const next = afterDigit(this.numberState, bytes[at]!)
      if (next === undefined) break
      this.numberState = next
    }
    for (let part = from; part < at && this.number.length <= LONGEST_NUMBER; part += 1) {
      this.number += String.fromCharCode(bytes[part]!)
    }
    if (at < bytes.length) this.endNumber(this.before + at)
    return at
  }

  private endNumber(end: number): void {
    const { number, numberState } = this
    if (!NUMBER_ENDS.has(numberState)) throw notJson()
    if (number.length > LONGEST_NUMBER || !isSafeNumber(number)) this.faithful = false
    this.endValue(end)
  }
}

/** The ranges of the bytes that must follow (RFC 3629, 4). */
interface Utf8Rest {
  readonly low: number
  readonly high: number
  readonly next: Utf8Rest | undefined
}

const TAIL_1: Utf8Rest = { low: 0x80, high: 0xbf, next: undefined }
const TAIL_2: Utf8Rest = { ...TAIL_1, next: TAIL_1 }
const TAIL_3: Utf8Rest = { ...TAIL_1, next: TAIL_2 }
/** After these, not every byte may follow: longer forms, surrogates, and what is beyond Unicode. */
const AFTER: ReadonlyMap<number, Utf8Rest> = new Map([
  [0xe0, { ...TAIL_2, low: 0xa0 }],
  [0xed, { ...TAIL_2, high: 0x9f }],
  [0xf0, { ...TAIL_3, low: 0x90 }],
  [0xf4, { ...TAIL_3, high: 0x8f }],
])

/** What must follow after one more byte, undefined for nothing. Throws on invalid UTF-8. */
function afterByte(rest: Utf8Rest | undefined, byte: number): Utf8Rest | undefined {
  if (rest !== undefined) {
    if (byte < rest.low || byte > rest.high) throw notUtf8()
    return rest.next
  }
  if (byte < 0xc2 || byte > 0xf4) throw notUtf8()
  if (byte < 0xe0) return TAIL_1
  return AFTER.get(byte) ?? (byte < 0xf0 ? TAIL_2 : TAIL_3)
}

function notUtf8(): InvalidJson {
  return new InvalidJson('The text is not valid UTF-8.')
}

/** How far a number has been read (RFC 8259, 6). */
const SIGN = 0
const ZERO = 1
const INTEGER = 2
const POINT = 3
const FRACTION = 4
const EXPONENT = 5
const EXPONENT_SIGN = 6
const EXPONENT_DIGITS = 7
const NUMBER_ENDS = new Set([ZERO, INTEGER, FRACTION, EXPONENT_DIGITS])

/** The state after one more byte; undefined if it is not part of the number. */
function afterDigit(state: number, byte: number): number | undefined {
  const isDigit = byte >= 0x30 && byte <= 0x39
  switch (state) {
    case SIGN:
      if (!isDigit) return undefined
      return byte === 0x30 ? ZERO : INTEGER
    case ZERO:
    case INTEGER:
      if (isDigit) return state === INTEGER ? INTEGER : undefined
      if (byte === 0x2e) return POINT
      return byte === 0x65 || byte === 0x45 ? EXPONENT : undefined
    case POINT:
      return isDigit ? FRACTION : undefined
    case FRACTION:
      if (isDigit) return FRACTION
      return byte === 0x65 || byte === 0x45 ? EXPONENT : undefined
    case EXPONENT:
      if (byte === 0x2b || byte === MINUS) return EXPONENT_SIGN
      return isDigit ? EXPONENT_DIGITS : undefined
    default:
      return isDigit ? EXPONENT_DIGITS : undefined
  }
}

/** What an escape stands for (RFC 8259, 7). */
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

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function notJson(): InvalidJson {
  return new InvalidJson('The text is not valid JSON.')
}
