import type { Copy, NearTier } from './near.ts'

/** What an entry takes beside its body: its other members, its place in the map. */
const OVERHEAD_BYTES = 2_048

/** JavaScript keeps text in one or two bytes a character; two is what it may be. */
const sizeOf = ({ entry }: Copy) => entry.body.length * 2 + OVERHEAD_BYTES

/**
 * Copies in the isolate's memory, at most `limitBytes` of them: the least recently used leave first,
 * and one that is larger than all of it is not taken.
 */
export function memoryTier(limitBytes: number): NearTier {
  /** In the order of their last use: a `Map` keeps the order of insertion. */
  const copies = new Map<string, Copy>()
  let heldBytes = 0

  function remove(id: string): Copy | undefined {
    const copy = copies.get(id)
    if (copy === undefined) return undefined
    copies.delete(id)
    heldBytes -= sizeOf(copy)
    return copy
  }

  return {
    place: 'memory',

    async get(id) {
      const copy = copies.get(id)
      if (copy === undefined) return undefined
      copies.delete(id)
      copies.set(id, copy)
      return copy
    },

    async set(id, copy) {
      remove(id)
      const size = sizeOf(copy)
      if (size > limitBytes) return
      for (const oldest of copies.keys()) {
        if (heldBytes + size <= limitBytes) break
        remove(oldest)
      }
      copies.set(id, copy)
      heldBytes += size
    },
  }
}
