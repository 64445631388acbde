import * as z from 'zod'
import { warn } from '../telemetry/log.ts'
import type { Upstream } from '../upstream/litellm.ts'
import { getWithKey } from './key-check.ts'

/** Which LiteLLM keys share a cache: none, those of one team, or those of one user. */
export const cacheScopes = ['key', 'team', 'user'] as const
export type CacheScope = (typeof cacheScopes)[number]
export type SharedScope = Exclude<CacheScope, 'key'>

/**
 * The id of the team or user that a key belongs to, null if it belongs to none; undefined if LiteLLM
 * does not say.
 */
export type KeyOwnerCheck = (key: string) => Promise<{ readonly id: string | null } | undefined>

/** Without a key in the query, LiteLLM speaks of the one in the header. */
const PATH = '/key/info'

/** The caller waits for it, at most once a minute: a check that takes longer has failed. */
const TIMEOUT_MS = 1_000

/** PostgreSQL, where LiteLLM keeps ids, has no text with lone surrogates: two of them would hash alike. */
const id = z
  .string()
  .refine((text) => text.isWellFormed())
  .nullish()

const OWNERS = {
  team: z.object({ info: z.object({ team_id: id }) }).transform(({ info }) => info.team_id),
  user: z.object({ info: z.object({ user_id: id }) }).transform(({ info }) => info.user_id),
} satisfies Record<SharedScope, z.ZodType>

/** Ids of LiteLLM's own that unrelated keys have in common: of its dashboard's sessions, of its admin. */
const NOBODY: Record<SharedScope, string> = { team: 'litellm-dashboard', user: 'default_user_id' }

/**
 * Asks LiteLLM whose a key is (https://docs.litellm.ai/docs/proxy/virtual_keys). The first failure after
 * a success is logged.
 */
export function keyOwnerCheck(upstream: Upstream, scope: SharedScope): KeyOwnerCheck {
  let isFailing = false
  return async (key) => {
    try {
      const { status, text } = await getWithKey(upstream, PATH, key, TIMEOUT_MS)
      if (status !== 200) throw new Error(`status ${status}`)
      const owner = OWNERS[scope].parse(JSON.parse(text))
      isFailing = false
      return { id: owner === undefined || owner === '' || owner === NOBODY[scope] ? null : owner }
    } catch (error) {
      if (!isFailing) warn('owner of a key not known', error)
      isFailing = true
      return undefined
    }
  }
}
