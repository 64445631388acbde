import type { Copy, NearTier } from './store.ts'

/** What an entry takes beside its body: its other members, its place in the map. */
const OVERHEAD_BYTES = 2_048

/** JavaScript keeps text in one or two bytes a character; two is what it may be. */
const sizeOf = ({ entry }: Copy) => entry.body.length * 2 + OVERHEAD_BYTES

/** Copies in the isolate's memory, at most `limitBytes` of them. */
export function memoryTier(limitBytes: number): NearTier {
  const copies = new Lru<Copy>(limitBytes, sizeOf)
  return {
    tier: 'memory',
    get: async (id) => copies.get(id),
    set: async (id, copy) => copies.set(id, copy),
  }
}

/** Values by name, at most `limitBytes` of them: the least recently used leave first. */
export class Lru<Value> {
  /** In the order of their last use: a `Map` keeps the order of insertion. */
  private readonly values = new Map<string, Value>()
  private heldBytes = 0
  private readonly limitBytes: number
  private readonly sizeOf: (value: Value) => number

  constructor(limitBytes: number, sizeOf: (value: Value) => number) {
    this.limitBytes = limitBytes
    this.sizeOf = sizeOf
  }

  get(name: string): Value | undefined {
    const value = this.values.get(name)
    if (value === undefined) return undefined
    this.values.delete(name)
    this.values.set(name, value)
    return value
  }

  /** One that is larger than all of it is not taken. */
  set(name: string, value: Value): void {
    this.remove(name)
    const size = this.sizeOf(value)
    if (size > this.limitBytes) return
    for (const oldest of this.values.keys()) {
      if (this.heldBytes + size <= this.limitBytes) break
      this.remove(oldest)
    }
    this.values.set(name, value)
    this.heldBytes += size
  }

  private remove(name: string): void {
    const value = this.values.get(name)
    if (value === undefined) return
    this.values.delete(name)
    this.heldBytes -= this.sizeOf(value)
  }
}
