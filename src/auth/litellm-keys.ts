import * as z from 'zod'
import { sha256 } from '../cache/key.ts'
import { GatewayError } from '../errors.ts'
import type { CacheApi } from '../store/cache-api.ts'
import { matchesModel } from './caller.ts'
import type { AttemptLimiter, Authenticator, Caller, LimitClass } from './caller.ts'
import type { KeyCheck } from './key-check.ts'
import { KeyMemory } from './key-memory.ts'
import type { KeyTenant } from './key-tenant.ts'

/** What LiteLLM said of a key, and when (epoch ms); no models means that it opens nothing. */
export const keyInfoSchema = z.object({
  models: z.array(z.string()).nullable(),
  checkedAt: z.number(),
})
export type KeyInfo = z.output<typeof keyInfoSchema>

export interface LiteLlmKeysOptions {
  readonly check: KeyCheck
  readonly tenantOf: KeyTenant
  /** How much each key may ask. */
  readonly limit: LimitClass
  /** What other isolates know; undefined where there is no such place. */
  readonly colo: CacheApi<KeyInfo> | undefined
  readonly now: () => number
}

/** With LiteLLM unreachable, what it said last counts for so long. */
const LAST_KNOWN_MS = 3_600_000
/** So long LiteLLM is left alone when it does not answer. */
const SPARE_MS = 5_000
/** In characters: LiteLLM takes JWTs, too. */
const LONGEST_KEY = 8_192

const bytesOf = ({ models }: KeyInfo) =>
  (models ?? []).reduce((bytes, name) => bytes + 2 * name.length + 16, 0)

/**
 * Authenticates callers by their own LiteLLM keys. LiteLLM is asked what a key opens, and its word remembered by
 * the key's SHA-256, never the key.
 */
export function litellmKeys(options: LiteLlmKeysOptions): Authenticator {
  const { check, tenantOf, limit, colo, now } = options
  const memory = new KeyMemory<KeyInfo>({ colo, keepSeconds: LAST_KNOWN_MS / 1000, bytesOf, now })
  /** LiteLLM does not answer: until then it is not asked about keys that something is known of. */
  let spareUntil = 0

  /** LiteLLM's word on a key, remembered; or why there is none. */
  async function ask(
    key: string,
    digest: string,
    { waitUntil }: AttemptLimiter,
  ): Promise<KeyInfo | 'unknown' | 'unreachable'> {
    const checkedAt = now()
    const word = await memory.whileAsking(digest, check(key))
    if (typeof word === 'string' && word !== 'refused') {
      // Only who has a good key can say that it is not the key.
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
    // LiteLLM takes every `Bearer ` out of a key: with spaces, one key would have many spellings.
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
      // LiteLLM keeps its semantic cache apart for each key, whoever shares the exact one.
      payer: id,
      models,
      unlisted: 'bypassed',
      scope: 'tenant',
      limit,
      upstreamKey: key,
    }
  }
}

/** The same list, without the hundreds of names that a wildcard in it stands for. */
function withoutCovered(models: readonly string[]): string[] {
  const wildcards = models.filter((name) => name.includes('*'))
  return models.filter((name) => name.includes('*') || !matchesModel(name, wildcards))
}
