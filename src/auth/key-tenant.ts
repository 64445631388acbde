import * as z from 'zod'
import type { CacheApi } from '../store/cache-api.ts'
import { Lru } from '../store/memory.ts'
import { KeyMemory } from './key-memory.ts'
import type { KeyOwnerCheck, SharedScope } from './key-owner.ts'

/** Determines whose cache a LiteLLM key uses. `digest` is the SHA-256 of the key. */
export type KeyTenant = (
  key: string,
  digest: string,
  options: KeyTenantOptions,
) => Promise<KnownTenant>

export interface KeyTenantOptions {
  readonly waitUntil: (work: Promise<unknown>) => void
  /** Whether LiteLLM is not answering, so it must not be asked. */
  readonly isSpared: boolean
}

export interface KnownTenant {
  /** Undefined if it is unknown now. */
  readonly tenant: string | undefined
  /** Until when it may be relied on, epoch ms. */
  readonly tenantUntil: number
}

const forEver = (tenant: string): KnownTenant => ({ tenant, tenantUntil: Infinity })

/** Gives each key its own cache. */
export const ownTenant: KeyTenant = async (_key, digest) => forEver(digest)

/** The owner of a key, null for none, and when LiteLLM was asked (epoch ms). */
export const ownedKeySchema = z.object({ owner: z.string().nullable(), checkedAt: z.number() })
export type OwnedKey = z.output<typeof ownedKeySchema>

export interface SharedTenantOptions {
  readonly scope: SharedScope
  readonly ownerOf: KeyOwnerCheck
  /** Shares facts between isolates; undefined if there is no such cache. */
  readonly colo: CacheApi<OwnedKey> | undefined
  readonly now: () => number
}

/** How long the last known owner counts if LiteLLM does not answer. */
const LAST_KNOWN_MS = 300_000
/** How long LiteLLM is not asked about a key after a failure. */
const SPARE_MS = 5_000
const SPARED_BYTES = 1024 * 1024
/** Estimated size of a digest, an instant and their map slot. */
const SPARED_KEY_BYTES = 256

/**
 * Keys of one team or user share a cache, `team:<id>` or `user:<id>`. A key without an owner has
 * its own. If LiteLLM does not answer, the last known owner counts for five minutes. After that,
 * the tenant is unknown. Falling back to the key's own would store answers where its team cannot
 * see them.
 */
export function sharedTenant({ scope, ownerOf, colo, now }: SharedTenantOptions): KeyTenant {
  const memory = new KeyMemory<OwnedKey>({
    colo,
    keepSeconds: LAST_KNOWN_MS / 1000,
    bytesOf: ({ owner }) => 2 * (owner?.length ?? 0),
    now,
  })
  const spared = new Lru<number>(SPARED_BYTES, () => SPARED_KEY_BYTES)

  /** Asks LiteLLM for the owner and remembers the answer, or the failure. */
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

/** Whether LiteLLM treats a key as a JWT, which `/key/info` does not know. This is LiteLLM's own test. */
function isJwt(key: string): boolean {
  return key.split('.').length === 3
}
