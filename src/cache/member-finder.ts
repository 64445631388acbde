/** Members to look for, by name; a map for a member whose own members are looked for. */
export type Watched = ReadonlyMap<string, Watched | undefined>

/** Where a member's value is in the text, in bytes. */
export interface FoundMember {
  readonly path: readonly string[]
  start: number
  end: number
}

/** A name that is looked for is never longer, in bytes. */
const LONGEST_NAME = 64

/**
 * Finds members by name while a text is scanned, in the objects that are told and nowhere else. Those
 * inside of a member are found before it.
 */
export class MemberFinder {
  readonly found: FoundMember[] = []
  /** What is looked for in each open object, by depth. */
  private readonly watched: (Watched | undefined)[]
  /** The member of each open object whose value is being read, if it is looked for. */
  private readonly open: (FoundMember | undefined)[] = []
  private readonly name = new Uint8Array(LONGEST_NAME)
  private nameLength = 0

  constructor(watched: Watched) {
    this.watched = [undefined, watched]
  }

  /** An object or an array begins, so many levels down; the root is at 1. */
  enter(depth: number, isObject: boolean): void {
    if (depth > 1) {
      const member = this.open[depth - 1]
      const within = member && this.watched[depth - 1]?.get(member.path.at(-1) ?? '')
      this.watched[depth] = isObject ? within : undefined
    }
    this.open[depth] = undefined
  }

  /** A name begins. */
  beginName(): void {
    this.nameLength = 0
  }

  /** The next byte of the name. */
  readName(byte: number): void {
    if (this.nameLength < LONGEST_NAME) this.name[this.nameLength] = byte
    if (this.nameLength <= LONGEST_NAME) this.nameLength += 1
  }

  /** The name is whole, and its value is to come. */
  endName(depth: number): void {
    const watched = this.watched[depth]
    if (watched === undefined || watched.size === 0 || this.nameLength > LONGEST_NAME) return
    const name = this.nameText
    if (!watched.has(name)) return
    const parent = depth === 1 ? [] : (this.open[depth - 1]?.path ?? [])
    this.open[depth] = { path: [...parent, name], start: 0, end: 0 }
  }

  /** The name, or the beginning of a long one. */
  get nameText(): string {
    return new TextDecoder().decode(this.name.subarray(0, this.nameLength))
  }

  /** A value begins at this byte. */
  startValue(depth: number, start: number): void {
    const member = this.open[depth]
    if (member !== undefined) member.start = start
  }

  /** A value has ended before this byte. */
  endValue(depth: number, end: number): void {
    const member = this.open[depth]
    if (member === undefined) return
    member.end = end
    this.found.push(member)
    this.open[depth] = undefined
  }
}
