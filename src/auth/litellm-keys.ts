import * as z from 'zod'
import { sha256 } from '../cache/key.ts'
import { GatewayError } from '../errors.ts'
import type { CacheApi } from '../store/cache-api.ts'
import { matchesModel } from './caller.ts'
import type { AttemptLimiter, Authenticator, Caller, LimitClass } from './caller.ts'
import type { KeyCheck } from './key-check.ts'
import { KeyMemory } from './key-memory.ts'
import type { KeyTenant } from './key-tenant.ts'

/** LiteLLM's answer about a key, and when it was asked (epoch ms). `models` is null for an invalid key. */
export const keyInfoSchema = z.object({
  models: z.array(z.string()).nullable(),
  checkedAt: z.number(),
})
export type KeyInfo = z.output<typeof keyInfoSchema>

export interface LiteLlmKeysOptions {
  readonly check: KeyCheck
  readonly tenantOf: KeyTenant
  /** The rate limit of each key. */
  readonly limit: LimitClass
  /** Shares facts between isolates; undefined if there is no such cache. */
  readonly colo: CacheApi<KeyInfo> | undefined
  readonly now: () => number
}

/** How long the last answer counts if LiteLLM is unreachable. */
const LAST_KNOWN_MS = 3_600_000
/** How long LiteLLM is not asked after it did not answer. */
const SPARE_MS = 5_000
/** In characters. LiteLLM accepts JWTs, too. */
const LONGEST_KEY = 8_192

const bytesOf = ({ models }: KeyInfo) =>
  (models ?? []).reduce((bytes, name) => bytes + 2 * name.length + 16, 0)

/**
 * Authenticates callers by their own LiteLLM keys. Remembers LiteLLM's answers by the SHA-256 of a
 * key, never the key itself.
 */
export function litellmKeys(options: LiteLlmKeysOptions): Authenticator {
  const { check, tenantOf, limit, colo, now } = options
  const memory = new KeyMemory<KeyInfo>({ colo, keepSeconds: LAST_KNOWN_MS / 1000, bytesOf, now })
  /** Until then, LiteLLM is not asked about keys that are known. */
  let spareUntil = 0

  /** Asks LiteLLM about a key and remembers the answer; or says why there is none. */
  async function ask(
    key: string,
    digest: string,
    { waitUntil }: AttemptLimiter,
  ): Promise<KeyInfo | 'limited' | 'unknown' | 'unreachable'> {
    const checkedAt = now()
    const word = await memory.whileAsking(digest, check(key))
    if (typeof word === 'string' && word !== 'refused') {
      // Only a failure with a known-good key proves that LiteLLM is down, so only that pauses checks.
      if (word === 'unreachable' && memory.known(digest)?.models) spareUntil = now() + SPARE_MS
      return word
    }
    const info: KeyInfo = { models: word === 'refused' ? null : withoutCovered(word), checkedAt }
    memory.remember(digest, info, waitUntil)
    return info
  }

  async function keyInfoOf(
    key: string,
    digest: string,
    attempts: AttemptLimiter,
  ): Promise<KeyInfo> {
    const last = await memory.recall(digest)
    const isSpared = now() < spareUntil
    if (last !== undefined && memory.isFresh(last)) {
      if (!isSpared && memory.isDue(digest, last)) attempts.waitUntil(ask(key, digest, attempts))
      return last
    }
    const isUsable = last !== undefined && memory.ageMs(last) < LAST_KNOWN_MS
    const lastKnown = isUsable ? last : undefined
    if (isSpared && lastKnown !== undefined) return lastKnown
    if (!last?.models) attempts.admit()
    const info = await ask(key, digest, attempts)
    if (typeof info === 'object') return info
    if (lastKnown !== undefined) return lastKnown
    if (info === 'unknown') await attempts.failed()
    const message = 'The API key cannot be checked at the moment.'
    throw new GatewayError('auth_unavailable', message, null, SPARE_MS / 1000)
  }

  return async (key, attempts): Promise<Caller | undefined> => {
    if (key === undefined) return undefined
    // LiteLLM removes every `Bearer ` from a key, so with spaces one key would have many spellings.
    const isPossible = key.length <= LONGEST_KEY && !/\s/.test(key)
    const id = await sha256(key)
    const models = isPossible ? (await keyInfoOf(key, id, attempts)).models : null
    if (models === null) {
      await attempts.failed()
      return undefined
    }
    return {
      id,
      ...(await tenantOf(key, id, { ...attempts, isSpared: now() < spareUntil })),
      // LiteLLM separates its semantic cache by key, even if keys share the exact cache.
      payer: id,
      models,
      unlisted: 'bypassed',
      scope: 'tenant',
      limit,
      upstreamKey: key,
    }
  }
}

/** Removes the names that a wildcard in the list covers, which can be hundreds. */
function withoutCovered(models: readonly string[]): string[] {
  const wildcards = models.filter((name) => name.includes('*'))
  return models.filter((name) => name.includes('*') || !matchesModel(name, wildcards))
}
