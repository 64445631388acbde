import type { Json } from '../cache/json.ts'
import { endUserTenant } from '../cache/tenant.ts'
import { matchesAny } from '../cache/wildcards.ts'

/** An authenticated caller, and whose cache it uses. */
export interface Caller {
  /** SHA-256 of its key, 64 lower-case hex digits; "" if keys are not required. */
  readonly id: string
  /** Whose cache it uses; undefined if that is unknown now, so nothing is cached. */
  readonly tenant: string | undefined
  /** Until when the tenant may be relied on, epoch ms; Infinity if it never changes. */
  readonly tenantUntil: number
  /** The tenant or key that verdicts on semantic hits are counted for. */
  readonly payer: string
  /** The models it may use, with LiteLLM's wildcards. */
  readonly models: readonly string[]
  /** Whether other models are refused here, or bypass the cache so that LiteLLM decides. */
  readonly unlisted: 'refused' | 'bypassed'
  /** Whether all its requests share a cache, or only those of one end user (`user` in the body). */
  readonly scope: 'tenant' | 'user'
  /** Its rate limit; undefined for none. */
  readonly limit: LimitClass | undefined
  /** The key sent to LiteLLM. */
  readonly upstreamKey: string
}

/** The classes of rate limits, whose numbers are in `wrangler.toml`. */
export const limitClasses = ['standard', 'high'] as const
export type LimitClass = (typeof limitClasses)[number]

/** Limits how many wrong keys an address may try. */
export interface AttemptLimiter {
  /** Keeps the isolate alive for work that the caller does not wait for. */
  readonly waitUntil: (work: Promise<unknown>) => void
  /** Throws if too many keys from the same address have failed lately. */
  readonly admit: () => void
  /** Counts an invalid key; throws if there were too many. */
  readonly failed: () => Promise<void>
}

/**
 * Identifies a caller by its key; undefined if the key is invalid. Throws a `GatewayError` if the key
 * cannot be checked now, or was tried too often.
 */
export type Authenticator = (
  key: string | undefined,
  attempts: AttemptLimiter,
) => Promise<Caller | undefined>

/** Accepts everyone as one tenant. For development only. */
export const openAccess =
  (upstreamKey: string): Authenticator =>
  async () => ({
    id: '',
    tenant: 'public',
    tenantUntil: Infinity,
    payer: 'public',
    models: ['*'],
    unlisted: 'refused',
    scope: 'tenant',
    limit: undefined,
    upstreamKey,
  })

/** The longest name of an end user or a session, in characters. */
const LONGEST_NAME = 256

/** A valid name of an end user or a session; undefined if this is none. */
export function nameOf(value: Json | undefined): string | undefined {
  const isName = typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME
  return isName ? value : undefined
}

/**
 * The tenant of a request. Undefined if the cache is per end user and the request names none, or if
 * the caller's tenant is unknown.
 */
export function tenantOf({ tenant, scope }: Caller, user: string | undefined): string | undefined {
  if (tenant === undefined || scope === 'tenant') return tenant
  return user === undefined ? undefined : endUserTenant(tenant, user)
}

/**
 * The key of a request: `Authorization: Bearer` (OpenAI's SDKs), `x-api-key` (Anthropic's) or
 * `api-key` (Azure's), or LiteLLM's own `x-litellm-api-key`, in this order.
 */
export function presentedKey(headers: Headers): string | undefined {
  const bearer = BEARER.exec(headers.get('authorization') ?? '')?.[1]
  const bare = KEY_HEADERS.map((name) => headers.get(name)).find(Boolean) ?? ''
  return bearer ?? BEARER.exec(bare)?.[1] ?? (bare === '' ? undefined : bare)
}

const BEARER = /^Bearer +(\S+)$/i
const KEY_HEADERS = ['x-api-key', 'api-key', 'x-litellm-api-key'] as const

/**
 * Whether a list of models contains this one, literally or by LiteLLM's wildcards
 * (https://docs.litellm.ai/docs/proxy/model_access).
 */
export function matchesModel(model: string, names: readonly string[]): boolean {
  return matchesAny(model, names)
}
