import type { Entry } from '../cache/entry.ts'
import { Lru } from './memory.ts'
import type { Copy, Lookup, NearTier, Original, Store } from './store.ts'

export interface TieredOptions {
  /** Nearest the caller first. */
  readonly near: readonly NearTier[]
  readonly origin: Store
  /** How long a copy may be given before the origin is asked again. */
  readonly copyTtlMs: number
  readonly now: () => number
}

/** A store with copies of its entries near the caller. */
export interface TieredStore extends Store {
  /** Keeps copies of an entry that somebody else writes to the origin. */
  putNear(id: string, entry: Entry): Promise<void>
  /**
   * Writes an entry with a copy in the first tier only: for a coalescer, whose entries the Worker that
   * answers copies to the others.
   */
  setInFirstTier(id: string, entry: Entry): Promise<void>
}

/** A name, an id, an entry in the map. */
const ORIGINAL_BYTES = 1_024
const ORIGINALS_BYTES = 1024 * 1024

/** Instead of an id. */
const SEVERAL = ''

const nameOf = ({ answerId, tenant, model, scope }: Original) =>
  JSON.stringify([answerId, tenant, model, scope])

/**
 * Asks the near tiers, then the origin; what is found further away fills the tiers before it. A
 * copy is given until its `validUntil` and while its entry is fresh. So what another isolate deletes
 * or replaces shows here after `copyTtlMs` at the latest, and what this one replaces shows at once.
 */
export function tiered({ near, origin, copyTtlMs, now }: TieredOptions): TieredStore {
  const usable = (copy: Copy) => copy.validUntil > now() && copy.entry.expires_at > now()

  async function fill(tiers: readonly NearTier[], id: string, copy: Copy): Promise<void> {
    if (!usable(copy)) return
    await Promise.all(tiers.map((tier) => tier.set(id, copy)))
  }

  async function copyIn(
    tiers: readonly NearTier[],
    id: string,
    lookup: Lookup,
  ): Promise<{ copy: Copy; tier: NearTier['tier'] } | undefined> {
    for (const [at, tier] of tiers.entries()) {
      const copy = await tier.get(id)
      if (copy === undefined || !usable(copy)) continue
      if (at === 0) return { copy, tier: tier.tier }
      // This isolate may have replaced it while a further tier was asked.
      const newer = await copyIn(tiers.slice(0, 1), id, lookup)
      if (newer !== undefined && newer.copy.entry.stored_at > copy.entry.stored_at) return newer
      lookup.waitUntil(fill(tiers.slice(0, at), id, copy))
      return { copy, tier: tier.tier }
    }
    return undefined
  }

  /** The ids of entries that are near, by what is known of them as originals. */
  const originals = new Lru<string>(ORIGINALS_BYTES, () => ORIGINAL_BYTES)

  async function putIn(tiers: readonly NearTier[], id: string, entry: Entry): Promise<void> {
    if (entry.source === 'semantic' && (await isFresherHere(id, entry))) return
    const { answer_id: answerId, tenant, model, scope } = entry
    if (answerId !== undefined && scope !== undefined) {
      const name = nameOf({ answerId, tenant, model, scope })
      // Of two that say so, neither is known to be it.
      const isOther = (originals.get(name) ?? id) !== id
      originals.set(name, isOther ? SEVERAL : id)
    }
    await fill(tiers, id, { entry, validUntil: now() + copyTtlMs })
  }

  /** Whether this isolate has a fresher answer than a semantic one. */
  async function isFresherHere(id: string, { stored_at }: Entry): Promise<boolean> {
    const copy = await near[0]?.get(id)
    return copy !== undefined && usable(copy) && copy.entry.stored_at > stored_at
  }
  const putNear = (id: string, entry: Entry) => putIn(near, id, entry)

  /** An original that this isolate holds: the origin may not have it yet. */
  async function originalNear(wanted: Original): Promise<Entry | undefined> {
    const id = originals.get(nameOf(wanted)) ?? SEVERAL
    const copy = id === SEVERAL ? undefined : await near[0]?.get(id)
    const isIt = copy !== undefined && usable(copy) && copy.entry.answer_id === wanted.answerId
    return isIt ? copy.entry : undefined
  }

  return {
    putNear,

    async get(id, lookup) {
      const found = await copyIn(near, id, lookup)
      if (found !== undefined) return { entry: found.copy.entry, tier: found.tier }
      const held = await origin.get(id, lookup)
      if (held === undefined) return undefined
      // This isolate may have replaced it while the origin was looking for it.
      const newer = await copyIn(near.slice(0, 1), id, lookup)
      if (newer !== undefined && newer.copy.entry.stored_at > held.entry.stored_at) {
        return { entry: newer.copy.entry, tier: newer.tier }
      }
      lookup.waitUntil(putNear(id, held.entry))
      return held
    },

    async set(id, entry) {
      await Promise.all([putNear(id, entry), origin.set(id, entry)])
    },

    async setInFirstTier(id, entry) {
      await Promise.all([putIn(near.slice(0, 1), id, entry), origin.set(id, entry)])
    },

    findOriginal: async (wanted, signal) =>
      (await originalNear(wanted)) ?? origin.findOriginal(wanted, signal),

    sweep: (...options) => origin.sweep(...options),
  }
}
