import * as z from 'zod'
import { sha256 } from '../cache/key.ts'
import { GatewayError } from '../errors.ts'
import type { ColoCache } from '../store/cache-api.ts'
import { Lru } from '../store/lru.ts'
import { within } from '../stream/timeout.ts'
import type { Caller, Callers, Door } from './caller.ts'
import type { KeyCheck } from './key-check.ts'
import { isNamed } from './allowed-models.ts'

/** What LiteLLM said of a key, and when (epoch ms); no models means that it opens nothing. */
export const standingSchema = z.object({
  models: z.array(z.string()).nullable(),
  checkedAt: z.number(),
})
export type Standing = z.output<typeof standingSchema>

export interface LiteLlmKeysOptions {
  readonly check: KeyCheck
  /** What other isolates know; undefined where there is no such place. */
  readonly colo: ColoCache<Standing> | undefined
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
/** What is longer is no key, and some server on the way would stumble over it. */
const LONGEST_KEY = 512
const MEMORY_BYTES = 4 * 1024 * 1024
/** A digest, an instant, a place in the map. */
const OVERHEAD_BYTES = 512

const sizeOf = ({ models }: Standing) =>
  (models ?? []).reduce((bytes, name) => bytes + 2 * name.length + 16, OVERHEAD_BYTES)

/**
 * Callers by their own LiteLLM keys. LiteLLM is asked what a key opens, and its word remembered by
 * the key's SHA-256, never the key. The tenant is that digest.
 */
export function litellmKeys({ check, colo, now }: LiteLlmKeysOptions): Callers {
  const known = new Lru<Standing>(MEMORY_BYTES, sizeOf)
  /** How many are asking about a key at the moment. */
  const asking = new Map<string, number>()
  /** LiteLLM does not answer: until then it is not asked about keys that something is known of. */
  let spareUntil = 0
  const ageMs = ({ checkedAt }: Standing) => now() - checkedAt

  function remember(digest: string, standing: Standing): void {
    if (standing.checkedAt >= (known.get(digest)?.checkedAt ?? 0)) known.set(digest, standing)
  }

  /** LiteLLM's word on a key, remembered; or why there is none. */
  async function ask(
    key: string,
    digest: string,
    door: Door,
  ): Promise<Standing | 'unknown' | 'unreachable'> {
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
    const standing: Standing = {
      models: word === 'refused' ? null : withoutCovered(word),
      checkedAt,
    }
    remember(digest, standing)
    if (colo !== undefined) door.later(colo.set(digest, standing, LAST_KNOWN_MS / 1000))
    return standing
  }

  /** What is known here, or else in the data centre. */
  async function recall(digest: string): Promise<Standing | undefined> {
    const here = known.get(digest)
    if (colo === undefined || (here !== undefined && ageMs(here) < FRESH_MS)) return here
    const there = await within(COLO_TIMEOUT_MS, (signal) => colo.get(digest, signal))
    if (there !== undefined) remember(digest, there)
    return known.get(digest)
  }

  async function standingOf(key: string, digest: string, door: Door): Promise<Standing> {
    const last = await recall(digest)
    const isSpared = now() < spareUntil
    if (last !== undefined && ageMs(last) < FRESH_MS) {
      const isDue = ageMs(last) >= RENEW_MS && !isSpared && !asking.has(digest)
      if (isDue) door.later(ask(key, digest, door))
      return last
    }
    const lastKnown = last !== undefined && ageMs(last) < LAST_KNOWN_MS ? last : undefined
    if (isSpared && lastKnown !== undefined) return lastKnown
    if (!last?.models) door.admit()
    const standing = await ask(key, digest, door)
    if (typeof standing === 'object') return standing
    if (lastKnown !== undefined) return lastKnown
    if (standing === 'unknown') await door.failed()
    throw new GatewayError('auth_unavailable', 'The API key cannot be checked at the moment.')
  }

  return async (key, door): Promise<Caller | undefined> => {
    if (key === undefined) return undefined
    const isPossible = key.length <= LONGEST_KEY
    const id = await sha256(key)
    const models = isPossible ? (await standingOf(key, id, door)).models : null
    if (models === null) {
      await door.failed()
      return undefined
    }
    return {
      id,
      tenant: id,
      models,
      unlisted: 'passed on',
      scope: 'tenant',
      limit: 'standard',
      upstreamKey: key,
    }
  }
}

/** The same list, without the hundreds of names that a wildcard in it stands for. */
function withoutCovered(models: readonly string[]): string[] {
  const wildcards = models.filter((name) => name.includes('*'))
  return models.filter((name) => name.includes('*') || !isNamed(name, wildcards))
}
