import type { Entry } from '../cache/entry.ts'
import { Lru } from './memory.ts'
import type { Copy, Lookup, NearTier, Original, Store } from './store.ts'

export interface TieredOptions {
  /** The near tiers, nearest first. */
  readonly near: readonly NearTier[]
  readonly origin: Store
  /** How long a copy is served before the origin is read again. */
  readonly copyTtlMs: number
  readonly now: () => number
}

/** A store with copies of its entries near the caller. */
export interface TieredStore extends Store {
  /** Stores copies of an entry that is written to the origin elsewhere. */
  putNear(id: string, entry: Entry): Promise<void>
  /**
   * Writes an entry, with a copy in the first tier only. For coalescers: the Worker that answers
   * fills its own tiers.
   */
  setInFirstTier(id: string, entry: Entry): Promise<void>
  /** Forgets the copies that this isolate and its data centre hold. Never rejects. */
  forgetNear(ids: readonly string[]): Promise<void>
}

/** Estimated size of a name, an id and their map slot. */
const ORIGINAL_BYTES = 1_024
const ORIGINALS_BYTES = 1024 * 1024

/** A batch of up to so many entries is copied like single ones. Each copy is a call to the Cache API. */
const SMALL_BATCH = 8

/** So many copies are forgotten one by one. Each is a call to the Cache API. */
const MOST_FORGOTTEN = 32

/** Stored instead of an id if several entries claim one answer id. */
const SEVERAL = ''

const nameOf = ({ answerId, tenant, model, scope }: Original) =>
  JSON.stringify([answerId, tenant, model, scope])

/**
 * Reads the near tiers, then the origin, and copies what it finds into the nearer tiers. A copy is
 * served until its `validUntil`, and only while its entry is fresh. So a change by another isolate
 * shows after at most `copyTtlMs`, and a change by this one at once.
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
      // This isolate may have stored a newer entry meanwhile.
      const newer = await copyIn(tiers.slice(0, 1), id, lookup)
      if (newer !== undefined && newer.copy.entry.stored_at > copy.entry.stored_at) return newer
      lookup.waitUntil(fill(tiers.slice(0, at), id, copy))
      return { copy, tier: tier.tier }
    }
    return undefined
  }

  /** Ids of entries in the near tiers, by what identifies them as originals. */
  const originals = new Lru<string>(ORIGINALS_BYTES, () => ORIGINAL_BYTES)

  async function putIn(tiers: readonly NearTier[], id: string, entry: Entry): Promise<void> {
    if (entry.source === 'semantic' && (await isFresherHere(id, entry))) return
    const { answer_id: answerId, tenant, model, scope } = entry
    if (answerId !== undefined && scope !== undefined) {
      const name = nameOf({ answerId, tenant, model, scope })
      // If two entries claim the same answer id, neither is trusted.
      const isOther = (originals.get(name) ?? id) !== id
      originals.set(name, isOther ? SEVERAL : id)
    }
    await fill(tiers, id, { entry, validUntil: now() + copyTtlMs })
  }

  /** Whether this isolate holds a fresher answer than this semantic hit. */
  async function isFresherHere(id: string, { stored_at }: Entry): Promise<boolean> {
    const copy = await near[0]?.get(id)
    return copy !== undefined && usable(copy) && copy.entry.stored_at > stored_at
  }
  const putNear = (id: string, entry: Entry) => putIn(near, id, entry)

  /** Looks for the original in this isolate: the origin may not have it yet. */
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
      // This isolate may have stored a newer entry meanwhile.
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

    getMany: (ids) => origin.getMany(ids),

    async setMany(entries) {
      // Copies that are there must not be older than the entries. A large batch makes no new ones,
      // which would drive out copies of entries that are read one by one; copies of it in the data
      // centre's cache live on for `copyTtlMs`, as after a change by another isolate.
      const isSmall = entries.size <= SMALL_BATCH
      const replace = async ([id, entry]: readonly [string, Entry]) => {
        if (isSmall || (await near[0]?.get(id)) !== undefined) await putNear(id, entry)
      }
      await Promise.all([origin.setMany(entries), ...[...entries].map(replace)])
    },

    async setInFirstTier(id, entry) {
      await Promise.all([putIn(near.slice(0, 1), id, entry), origin.set(id, entry)])
    },

    async forgetNear(ids) {
      // Of many, the data centre's copies live on for `copyTtlMs`, as they do everywhere else.
      const tiers = ids.length <= MOST_FORGOTTEN ? near : near.slice(0, 1)
      await Promise.all(tiers.flatMap((tier) => ids.map((id) => tier.delete(id))))
    },

    findOriginal: async (wanted, signal) =>
      (await originalNear(wanted)) ?? origin.findOriginal(wanted, signal),

    sweep: (...options) => origin.sweep(...options),
  }
}
