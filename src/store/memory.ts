import type { Copy, NearTier } from './store.ts'

/** Estimated size of an entry without its body, and of its map slot. */
const OVERHEAD_BYTES = 2_048

/** JavaScript stores text with one or two bytes per character; assume two. */
const sizeOf = ({ entry }: Copy) => entry.body.length * 2 + OVERHEAD_BYTES

/** Copies of entries in isolate memory, at most `limitBytes` in all. */
export function memoryTier(limitBytes: number): NearTier {
  const copies = new Lru<Copy>(limitBytes, sizeOf)
  return {
    tier: 'memory',
    get: async (id) => copies.get(id),
    set: async (id, copy) => copies.set(id, copy),
    delete: async (id) => copies.delete(id),
  }
}

/** A map of at most `limitBytes`. Drops the least recently used values first. */
export class Lru<Value> {
  /** Least recently used first: a `Map` keeps insertion order, and `get` re-inserts. */
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

  /** Stores a value, unless it alone exceeds the limit. */
  set(name: string, value: Value): void {
    this.delete(name)
    const size = this.sizeOf(value)
    if (size > this.limitBytes) return
    for (const oldest of this.values.keys()) {
      if (this.heldBytes + size <= this.limitBytes) break
      this.delete(oldest)
    }
    this.values.set(name, value)
    this.heldBytes += size
  }

  delete(name: string): void {
    const value = this.values.get(name)
    if (value === undefined) return
    this.values.delete(name)
    this.heldBytes -= this.sizeOf(value)
  }
}
