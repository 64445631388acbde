import { canonicalJson } from '../cache/canonical-json.ts'
import type { JsonObject } from '../cache/json.ts'

/** Who asks, and whose cache it is. */
export interface Caller {
  /** SHA-256 of its key, 64 lower-case hex digits; "" where nobody needs one. */
  readonly id: string
  /** Undefined if that is not known at the moment: nothing is cached then. */
  readonly tenant: string | undefined
  /** When the tenant is no longer known for sure, epoch ms; Infinity if it can't change. */
  readonly tenantUntil: number
  /** Whose verdicts on semantic hits are counted together. */
  readonly payer: string
  /** What it may ask for, with LiteLLM's wildcards. */
  readonly models: readonly string[]
  /** What is not on that list is refused here, or past the cache for LiteLLM to decide. */
  readonly unlisted: 'refused' | 'bypassed'
  /** Whether all its requests share a cache, or only those of one end user (`user` in the body). */
  readonly scope: 'tenant' | 'user'
  /** How much it may ask; undefined for as much as it likes. */
  readonly limit: LimitClass | undefined
  /** The key that goes to LiteLLM for it. */
  readonly upstreamKey: string
}

/** The classes of limits that `wrangler.toml` gives numbers to. */
export const limitClasses = ['standard', 'high'] as const
export type LimitClass = (typeof limitClasses)[number]

/** Limits how many wrong keys an address may try. */
export interface AttemptLimiter {
  /** Is told of work that the caller does not wait for. */
  readonly waitUntil: (work: Promise<unknown>) => void
  /** Throws where too many keys from the same address have failed of late. */
  readonly admit: () => void
  /** Counts a key that opens nothing; throws when there were too many. */
  readonly failed: () => Promise<void>
}

/**
 * Turns the key that a request carries into a caller; undefined where the key opens nothing. Throws a
 * `GatewayError` where that can't be known, or may not be asked so often.
 */
export type Authenticator = (
  key: string | undefined,
  attempts: AttemptLimiter,
) => Promise<Caller | undefined>

/** Everyone is one tenant: for development only. */
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

/** The longest `user` that separates end users, in characters. */
const LONGEST_USER = 256

/**
 * Whose cache a request is for; undefined if it is for one end user and does not say for which, or if
 * the caller's tenant is not known. A tenant's name never begins with a bracket, so no name can be
 * mistaken for a tenant and its user.
 */
export function tenantOf({ tenant, scope }: Caller, { user }: JsonObject): string | undefined {
  if (tenant === undefined || scope === 'tenant') return tenant
  const isName = typeof user === 'string' && user !== '' && user.length <= LONGEST_USER
  return isName ? canonicalJson([tenant, user]) : undefined
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
 * Whether a list of models names this one, literally or by LiteLLM's wildcards: `*` stands for any
 * text, also none, anywhere in a name (https://docs.litellm.ai/docs/proxy/model_access).
 */
export function matchesModel(model: string, names: readonly string[]): boolean {
  return names.some((name) => matches(model, name.split('*')))
}

/** Whether the text is made of these parts in this order, with anything between them. */
function matches(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts
  const last = others.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of others) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
