import { JsonNumber } from './json-number.ts'
import { JsonText } from './json-text.ts'
import { InvalidJson, MAX_DEPTH } from './json.ts'
import { MemberFinder } from './member-finder.ts'
import type { FoundMember, Watched } from './member-finder.ts'
import { NameSet } from './name-set.ts'

/** What a scan found in a JSON text. */
export interface Scanned {
  /** The number of objects, arrays, strings and members, to estimate a parsed value's memory. */
  readonly nodes: number
  /**
   * False if parsing would change something: a number that no double holds, or a lone surrogate
   * (RFC 8785, 3.1).
   */
  readonly faithful: boolean
  readonly members: readonly FoundMember[]
  readonly root: 'object' | 'other'
  /** Length of the byte order mark: 0 or 3. */
  readonly markLength: number
  /** The range between an object's braces, and whether it has no members. */
  readonly inside: { readonly start: number; readonly end: number; readonly isEmpty: boolean }
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** Scanner states: what comes next. */
const VALUE = 0
const FIRST_ITEM = 1
const FIRST_NAME = 2
const NAME = 3
const AFTER_NAME = 4
const AFTER_VALUE = 5
const IN_STRING = 6
const IN_NAME = 7
const IN_NUMBER = 8
const IN_LITERAL = 9

const LITERALS = new Map(
  ['true', 'false', 'null'].map((literal) => [literal.charCodeAt(0), literal]),
)

/**
 * Scans JSON (RFC 8259) in chunks of bytes, without building a value: a body is checked before
 * memory is spent on it, and a large one needs no more than its bytes. Strict, so that every parser
 * reads the accepted text in the same way. `push` and `end` throw `InvalidJson`, also for invalid
 * UTF-8.
 */
export class JsonScanner {
  private state = VALUE
  private depth = 0
  private nodes = 0
  private faithful = true
  /** By depth: 1 for an object, 0 for an array. */
  private readonly isObject: number[] = []
  private readonly names: NameSet[] = []
  private readonly finder: MemberFinder
  private readonly text = new JsonText()
  private readonly number = new JsonNumber()
  private literal = ''
  private literalAt = 0
  private root: Scanned['root'] = 'other'
  private inside = { start: 0, end: 0, isEmpty: true }
  private markLength = 0
  /** Bytes in earlier chunks. */
  private before = 0

  constructor(watched: Watched = new Map()) {
    this.finder = new MemberFinder(watched)
  }

  push(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      switch (this.state) {
        case IN_STRING:
        case IN_NAME:
          at = this.text.read(bytes, at)
          if (!this.text.isOver) break
          if (this.state === IN_NAME) this.endName()
          else this.endValue(this.before + at)
          break
        case IN_NUMBER:
          at = this.number.read(bytes, at)
          if (at < bytes.length) this.endNumber(this.before + at)
          break
        case IN_LITERAL:
          this.readLiteral(bytes[at]!, this.before + at)
          at += 1
          break
        default:
          if (!isSpace(bytes[at]!)) this.readStructure(bytes[at]!, this.before + at)
          at += 1
      }
    }
    this.before += bytes.length
  }

  end(): Scanned {
    if (this.state === IN_NUMBER) this.endNumber(this.before)
    if (this.depth > 0 || this.state !== AFTER_VALUE) throw notJson()
    const { nodes, root, inside, markLength } = this
    const faithful = this.faithful && this.text.isWellFormed
    return { nodes, faithful, members: this.finder.found, root, inside, markLength }
  }

  /** The next bytes of a name. */
  private readonly readName = (bytes: ArrayLike<number>, start: number, end: number): void => {
    this.names[this.depth]!.read(bytes, start, end)
    this.finder.readName(bytes, start, end)
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
    this.finder.startValue(this.depth, at)
    if (byte === QUOTE) {
      this.nodes += 1
      this.text.begin()
      this.state = IN_STRING
    } else if (byte === BRACE_OPEN || byte === BRACKET_OPEN) this.openContainer(byte, at)
    else if (this.number.begin(byte)) this.state = IN_NUMBER
    else {
      this.literal = LITERALS.get(byte) ?? ''
      if (this.literal === '') throw notJson()
      this.literalAt = 1
      this.state = IN_LITERAL
    }
  }

  private openContainer(byte: number, at: number): void {
    if (this.depth === MAX_DEPTH) throw new InvalidJson(`Nested deeper than ${MAX_DEPTH}.`)
    this.nodes += 1
    this.depth += 1
    const { depth } = this
    const isObject = byte === BRACE_OPEN
    this.isObject[depth] = isObject ? 1 : 0
    this.finder.enter(depth, isObject)
    this.state = isObject ? FIRST_NAME : FIRST_ITEM
    if (!isObject) return
    ;(this.names[depth] ??= new NameSet()).clear()
    if (depth > 1) return
    this.root = 'object'
    this.inside.start = at + 1
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
    this.finder.endValue(this.depth, end)
  }

  private startName(byte: number): void {
    if (byte !== QUOTE) throw notJson()
    this.nodes += 1
    const names = this.names[this.depth]!
    names.begin()
    this.finder.beginName()
    this.text.begin(this.readName)
    this.state = IN_NAME
  }

  private endName(): void {
    const { depth, finder } = this
    if (!this.names[depth]!.add()) {
      throw new InvalidJson(`The member ${JSON.stringify(finder.nameText)} appears twice.`)
    }
    if (depth === 1) this.inside.isEmpty = false
    finder.endName(depth)
    this.state = AFTER_NAME
  }

  private readLiteral(byte: number, at: number): void {
    if (byte !== this.literal.charCodeAt(this.literalAt)) throw notJson()
    this.literalAt += 1
    if (this.literalAt === this.literal.length) this.endValue(at + 1)
  }

  private endNumber(end: number): void {
    if (!this.number.isWhole) throw notJson()
    if (this.faithful && !this.number.isSafe) this.faithful = false
    this.endValue(end)
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function notJson(): InvalidJson {
  return new InvalidJson('The text is not valid JSON.')
}
