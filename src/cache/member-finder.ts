/** Names of members to find; a nested map finds members inside a member. */
export type Watched = ReadonlyMap<string, Watched | undefined>

/** A found member, and the byte range of its value. */
export interface FoundMember {
  readonly path: readonly string[]
  start: number
  end: number
}

/** No name in `Watched` is longer, in bytes. */
const LONGEST_NAME = 64

/** Keeps a byte order mark: a member `"\ufeffmodel"` is not `model`. */
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

/** Finds the watched members during a scan. Nested members come before the one that contains them. */
export class MemberFinder {
  readonly found: FoundMember[] = []
  /** The names to find in each open object, by depth. */
  private readonly watched: (Watched | undefined)[]
  /** The watched member whose value is being read, by depth. */
  private readonly open: (FoundMember | undefined)[] = []
  private readonly name: number[] = []
  private nameLength = 0

  constructor(watched: Watched) {
    this.watched = [undefined, watched]
  }

  /** An object or array begins. The root has depth 1. */
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

  /** The next bytes of the name. */
  readName(bytes: ArrayLike<number>, start: number, end: number): void {
    for (let at = start; at < end && this.nameLength <= LONGEST_NAME; at += 1) {
      this.name[this.nameLength] = bytes[at]!
      this.nameLength += 1
    }
  }

  /** The name is complete; its value follows. */
  endName(depth: number): void {
    const watched = this.watched[depth]
    if (watched === undefined || watched.size === 0 || this.nameLength > LONGEST_NAME) return
    const name = this.nameText
    if (!watched.has(name)) return
    const parent = depth === 1 ? [] : (this.open[depth - 1]?.path ?? [])
    this.open[depth] = { path: [...parent, name], start: 0, end: 0 }
  }

  /** The name, truncated if it is long. */
  get nameText(): string {
    return decoder.decode(Uint8Array.from(this.name.slice(0, this.nameLength)))
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
