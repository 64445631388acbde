import { Lru } from './lru.ts'
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
