import { InvalidJson } from './json.ts'

/** Larger sets use a hash table. */
const FEW = 16
/** Keeps the table small enough for an isolate. No sensible request comes close. */
const MOST_MEMBERS = 1_000_000

/**
 * The member names of one object, to detect duplicates. Stores a 53-bit hash of each, so that a
 * million members take 16 MB instead of 100. Equal names are always found; different names are
 * mistaken for equal with a chance of 1 in 2^53.
 */
export class NameSet {
  private one = 0
  private other = 0
  private readonly few: number[] = []
  private table: Float64Array<ArrayBuffer> | undefined
  private size = 0
  private readonly seeds = seedsOfIsolate()

  /** Empties the set. */
  clear(): void {
    this.few.length = 0
    this.table = undefined
    this.size = 0
  }

  /** A name begins. */
  begin(): void {
    this.one = this.seeds[0]!
    this.other = this.seeds[1]!
  }

  /** The next bytes of the name. */
  read(bytes: ArrayLike<number>, start: number, end: number): void {
    let { one, other } = this
    for (let at = start; at < end; at += 1) {
      one = Math.imul(one ^ bytes[at]!, 0x5bd1e995)
      other = Math.imul(other ^ bytes[at]!, 0x27d4eb2f)
      one ^= one >>> 15
      other ^= other >>> 13
    }
    this.one = one
    this.other = other
  }

  /** Adds the complete name; false if it is a duplicate. Throws `InvalidJson` if there are too many. */
  add(): boolean {
    // Never zero, which marks an empty slot.
    const hash = (this.one >>> 0) * 0x200000 + (this.other >>> 11) + 1
    if (this.table === undefined) {
      if (this.few.includes(hash)) return false
      this.few.push(hash)
      if (this.few.length > FEW) this.grow(this.few, 4 * FEW)
      return true
    }
    if (this.size >= MOST_MEMBERS) {
      throw new InvalidJson(`An object has more than ${MOST_MEMBERS} members.`)
    }
    if (!this.insert(this.table, hash)) return false
    if (this.size * 4 > this.table.length * 3) this.enlarge(this.table)
    return true
  }

  private insert(table: Float64Array, hash: number): boolean {
    const last = table.length - 1
    let at = placeOf(hash) & last
    for (; table[at] !== 0; at = (at + 1) & last) if (table[at] === hash) return false
    table[at] = hash
    this.size += 1
    return true
  }

  private enlarge(table: Float64Array<ArrayBuffer>): void {
    this.grow(table, table.length * 2)
    table.buffer.transfer(0) // do not wait for the garbage collector
  }

  private grow(known: Iterable<number>, length: number): void {
    const table = new Float64Array(length)
    this.size = 0
    for (const hash of known) if (hash !== 0) this.insert(table, hash)
    this.table = table
  }
}

/** Mixes both halves of a hash, so that names that collide in one half still spread. */
function placeOf(hash: number): number {
  const high = Math.floor(hash / 0x200000)
  const mixed = Math.imul(high ^ Math.imul(hash % 0x200000, 0x9e3779b1), 0x85ebca6b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

let seeds: Uint32Array | undefined

/** Random, so that nobody can prepare collisions. Lazy: Workers have no randomness at start-up. */
function seedsOfIsolate(): Uint32Array {
  return (seeds ??= crypto.getRandomValues(new Uint32Array(2)))
}
