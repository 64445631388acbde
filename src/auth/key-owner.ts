import * as z from 'zod'
import { warn } from '../telemetry/log.ts'
import type { Upstream } from '../upstream/litellm.ts'
import { getWithKey } from './key-check.ts'

/** Which LiteLLM keys share a cache: none, those of one team, or those of one user. */
export const cacheScopes = ['key', 'team', 'user'] as const
export type CacheScope = (typeof cacheScopes)[number]
export type SharedScope = Exclude<CacheScope, 'key'>

/** Asks LiteLLM for the team or user of a key: null if it has none, undefined if LiteLLM does not say. */
export type KeyOwnerCheck = (key: string) => Promise<{ readonly id: string | null } | undefined>

/** Without a query parameter, LiteLLM describes the key in the header. */
const PATH = '/key/info'

/** How long a check may take. The caller waits for it, at most once a minute. */
const TIMEOUT_MS = 1_000

/** LiteLLM's database stores no lone surrogates, and two such ids would hash alike. */
const id = z
  .string()
  .refine((text) => text.isWellFormed())
  .nullish()

const OWNERS = {
  team: z.object({ info: z.object({ team_id: id }) }).transform(({ info }) => info.team_id),
  user: z.object({ info: z.object({ user_id: id }) }).transform(({ info }) => info.user_id),
} satisfies Record<SharedScope, z.ZodType>

/** Ids that unrelated keys share: LiteLLM's dashboard sessions, and its administrator. */
const NOBODY: Record<SharedScope, string> = { team: 'litellm-dashboard', user: 'default_user_id' }

/**
 * Asks LiteLLM whose a key is (https://docs.litellm.ai/docs/proxy/virtual_keys). Logs the first
 * failure after a success.
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
