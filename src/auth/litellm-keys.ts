import * as z from 'zod'
import { sha256 } from '../cache/key.ts'
import { GatewayError } from '../errors.ts'
import type { CacheApi } from '../store/cache-api.ts'
import { Lru } from '../store/memory.ts'
import { withTimeout } from '../stream/timeout.ts'
import { matchesModel } from './caller.ts'
import type { AttemptLimiter, Authenticator, Caller } from './caller.ts'
import type { KeyCheck } from './key-check.ts'

/** What LiteLLM said of a key, and when (epoch ms); no models means that it opens nothing. */
export const keyInfoSchema = z.object({
  models: z.array(z.string()).nullable(),
  checkedAt: z.number(),
})
export type KeyInfo = z.output<typeof keyInfoSchema>

export interface LiteLlmKeysOptions {
  readonly check: KeyCheck
  /** What other isolates know; undefined where there is no such place. */
  readonly colo: CacheApi<KeyInfo> | undefined
  readonly now: () => number
}

/** What LiteLLM said counts for so long. */
const FRESH_MS = 60_000
/** From this age on it is asked again, while the caller goes on with what is known. */
const RENEW_MS = 45_000
/** With LiteLLM unreachable, what it said last counts for so long. */
const LAST_KNOWN_MS = 3_600_000
/** So long LiteLLM is left alone when it does not answer. */
const SPARE_MS = 5_000
/** The data centre's cache may take so long. */
const COLO_TIMEOUT_MS = 250
/** In characters: LiteLLM takes JWTs, too. */
const LONGEST_KEY = 8_192
const MEMORY_BYTES = 4 * 1024 * 1024
/** A digest, an instant, a place in the map. */
const OVERHEAD_BYTES = 512

const sizeOf = ({ models }: KeyInfo) =>
  (models ?? []).reduce((bytes, name) => bytes + 2 * name.length + 16, OVERHEAD_BYTES)

/**
 * Authenticates callers by their own LiteLLM keys. LiteLLM is asked what a key opens, and its word remembered by
 * the key's SHA-256, never the key. The tenant is that digest.
 */
export function litellmKeys({ check, colo, now }: LiteLlmKeysOptions): Authenticator {
  const known = new Lru<KeyInfo>(MEMORY_BYTES, sizeOf)
  /** How many are asking about a key at the moment. */
  const asking = new Map<string, number>()
  /** LiteLLM does not answer: until then it is not asked about keys that something is known of. */
  let spareUntil = 0
  const ageMs = ({ checkedAt }: KeyInfo) => now() - checkedAt

  function remember(digest: string, info: KeyInfo): void {
    if (info.checkedAt >= (known.get(digest)?.checkedAt ?? 0)) known.set(digest, info)
  }

  /** LiteLLM's word on a key, remembered; or why there is none. */
  async function ask(
    key: string,
    digest: string,
    attempts: AttemptLimiter,
  ): Promise<KeyInfo | 'unknown' | 'unreachable'> {
    const checkedAt = now()
    asking.set(digest, (asking.get(digest) ?? 0) + 1)
    const word = await check(key).finally(() => {
      const others = (asking.get(digest) ?? 1) - 1
      if (others > 0) asking.set(digest, others)
      else asking.delete(digest)
    })
    if (typeof word === 'string' && word !== 'refused') {
      // Only who has a good key can say that it is not the key.
      if (word === 'unreachable' && known.get(digest)?.models) spareUntil = now() + SPARE_MS
      return word
    }
    const info: KeyInfo = {
      models: word === 'refused' ? null : withoutCovered(word),
      checkedAt,
    }
    remember(digest, info)
    if (colo !== undefined) attempts.waitUntil(colo.set(digest, info, LAST_KNOWN_MS / 1000))
    return info
  }

  /** What is known here, or else in the data centre. */
  async function recall(digest: string): Promise<KeyInfo | undefined> {
    const here = known.get(digest)
    if (colo === undefined || (here !== undefined && ageMs(here) < FRESH_MS)) return here
    const there = await withTimeout(COLO_TIMEOUT_MS, (signal) => colo.get(digest, signal))
    if (there !== undefined) remember(digest, there)
    return known.get(digest)
  }

  async function keyInfoOf(
    key: string,
    digest: string,
    attempts: AttemptLimiter,
  ): Promise<KeyInfo> {
    const last = await recall(digest)
    const isSpared = now() < spareUntil
    if (last !== undefined && ageMs(last) < FRESH_MS) {
      const isDue = ageMs(last) >= RENEW_MS && !isSpared && !asking.has(digest)
      if (isDue) attempts.waitUntil(ask(key, digest, attempts))
      return last
    }
    const lastKnown = last !== undefined && ageMs(last) < LAST_KNOWN_MS ? last : undefined
    if (isSpared && lastKnown !== undefined) return lastKnown
    if (!last?.models) attempts.admit()
    const info = await ask(key, digest, attempts)
    if (typeof info === 'object') return info
    if (lastKnown !== undefined) return lastKnown
    if (info === 'unknown') await attempts.failed()
    throw new GatewayError('auth_unavailable', 'The API key cannot be checked at the moment.')
  }

  return async (key, attempts): Promise<Caller | undefined> => {
    if (key === undefined) return undefined
    const isPossible = key.length <= LONGEST_KEY
    const id = await sha256(key)
    const models = isPossible ? (await keyInfoOf(key, id, attempts)).models : null
    if (models === null) {
      await attempts.failed()
      return undefined
    }
    return {
      id,
      tenant: id,
      models,
      unlisted: 'bypassed',
      scope: 'tenant',
      limit: 'standard',
      upstreamKey: key,
    }
  }
}

/** The same list, without the hundreds of names that a wildcard in it stands for. */
function withoutCovered(models: readonly string[]): string[] {
  const wildcards = models.filter((name) => name.includes('*'))
  return models.filter((name) => name.includes('*') || !matchesModel(name, wildcards))
}
