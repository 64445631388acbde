import * as z from 'zod'
import type { CacheApi } from '../store/cache-api.ts'
import { Lru } from '../store/memory.ts'
import { KeyMemory } from './key-memory.ts'
import type { KeyOwnerCheck, SharedScope } from './key-owner.ts'

/** Whose cache the requests of a LiteLLM key are for. `digest` is the SHA-256 of the key. */
export type KeyTenant = (
  key: string,
  digest: string,
  options: KeyTenantOptions,
) => Promise<KnownTenant>

export interface KeyTenantOptions {
  readonly waitUntil: (work: Promise<unknown>) => void
  /** Whether LiteLLM does not answer at the moment: then it is not asked. */
  readonly isSpared: boolean
}

export interface KnownTenant {
  /** Undefined if it is not known at the moment. */
  readonly tenant: string | undefined
  /** Epoch ms. */
  readonly tenantUntil: number
}

const forEver = (tenant: string): KnownTenant => ({ tenant, tenantUntil: Infinity })

/** Each key has a cache of its own. */
export const ownTenant: KeyTenant = async (_key, digest) => forEver(digest)

/** Whose a key is, null for nobody's, and when LiteLLM was asked (epoch ms). */
export const ownedKeySchema = z.object({ owner: z.string().nullable(), checkedAt: z.number() })
export type OwnedKey = z.output<typeof ownedKeySchema>

export interface SharedTenantOptions {
  readonly scope: SharedScope
  readonly ownerOf: KeyOwnerCheck
  /** What other isolates know; undefined if there is no such place. */
  readonly colo: CacheApi<OwnedKey> | undefined
  readonly now: () => number
}

/** If LiteLLM does not say whose a key is, what it said last counts for so long. */
const LAST_KNOWN_MS = 300_000
/** So long it is not asked again about that key. */
const SPARE_MS = 5_000
const SPARED_BYTES = 1024 * 1024
/** A digest, an instant, a place in the map. */
const SPARED_KEY_BYTES = 256

/**
 * Keys of one team or user share a cache, `team:<id>` or `user:<id>`; a key that belongs to nobody has
 * its own. If LiteLLM does not say whose a key is, its last word counts for five minutes. After that the
 * tenant is unknown, and not the key's own: a tenant that changed with each failure would leave
 * answers where the key's team can't see them.
 */
export function sharedTenant({ scope, ownerOf, colo, now }: SharedTenantOptions): KeyTenant {
  const memory = new KeyMemory<OwnedKey>({
    colo,
    keepSeconds: LAST_KNOWN_MS / 1000,
    bytesOf: ({ owner }) => 2 * (owner?.length ?? 0),
    now,
  })
  const spared = new Lru<number>(SPARED_BYTES, () => SPARED_KEY_BYTES)

  /** Remembers LiteLLM's word on a key, or that there is none. */
  async function ask(
    key: string,
    digest: string,
    waitUntil: (work: Promise<unknown>) => void,
  ): Promise<void> {
    const checkedAt = now()
    const owner = await memory.whileAsking(digest, ownerOf(key))
    if (owner === undefined) spared.set(digest, now() + SPARE_MS)
    else memory.remember(digest, { owner: owner.id, checkedAt }, waitUntil)
  }

  return async (key, digest, { waitUntil, isSpared: isLiteLlmSpared }) => {
    if (isJwt(key)) return forEver(digest)
    const last = await memory.recall(digest)
    const isSpared = isLiteLlmSpared || now() < (spared.get(digest) ?? 0)
    if (last === undefined || !memory.isFresh(last)) {
      if (!isSpared) await ask(key, digest, waitUntil)
    } else if (!isSpared && memory.isDue(digest, last)) {
      waitUntil(ask(key, digest, waitUntil))
    }
    const owned = memory.known(digest)
    if (owned === undefined || memory.ageMs(owned) >= LAST_KNOWN_MS) return UNKNOWN
    const tenant = owned.owner === null ? digest : `${scope}:${owned.owner}`
    return { tenant, tenantUntil: owned.checkedAt + LAST_KNOWN_MS }
  }
}

const UNKNOWN: KnownTenant = { tenant: undefined, tenantUntil: 0 }

/** Whether LiteLLM may take a key for a JWT, which `/key/info` does not know: its own test. */
function isJwt(key: string): boolean {
  return key.split('.').length === 3
}
