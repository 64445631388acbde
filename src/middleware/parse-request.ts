import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Api } from '../apis/api.ts'
import type { Eligibility } from '../apis/request.ts'
import { matchesModel, tenantOf } from '../auth/caller.ts'
import type { Caller } from '../auth/caller.ts'
import { controlHeaders, withTtl } from '../cache/controls.ts'
import type { Policies, Policy } from '../cache/policy.ts'
import type { AppEnv } from '../env.ts'
import { GatewayError } from '../errors.ts'
import type { EligibilityLimits } from '../semantic/eligibility.ts'
import type { Holding, MemoryBudget } from '../stream/memory-budget.ts'
import { countedHeaders } from '../upstream/headers.ts'
import { LONGEST_UPLOAD_MS, tooSlow } from './read-body.ts'
import { isForm, readForm } from './read-form.ts'
import { keyOfRequest, readRequest } from './read-request.ts'
import type { ReadRequest, ReadRequestOptions } from './read-request.ts'
import type { RequestOrigin } from './request-memo.ts'

export interface ParseRequestOptions extends ReadRequestOptions {
  /** The limits of semantic hits; undefined if they are off. */
  readonly semantic: SemanticLimits | undefined
  readonly policies: Policies
  readonly memory: MemoryBudget
}

/** The limits of semantic hits, and who may have them verified. */
export interface SemanticLimits extends EligibilityLimits {
  /** Whether this caller can pay for a verdict. */
  readonly mayVerify: (caller: Caller) => boolean
}

/** A request may hold this much uncounted until it is forwarded, as it may of its first block. */
const LARGEST_UNCOUNTED_BYTES = 16_384

/** Reads and checks the request, and derives its cache key and its eligibility for semantic hits. */
export const parseRequest = (api: Api, options: ParseRequestOptions) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const held = options.memory.holdingOf(c.get('caller').id, c.req.raw, LARGEST_UNCOUNTED_BYTES)
    try {
      await parse(c, api, held, options)
      await next()
    } finally {
      held.close()
    }
  })

/** Separate from the middleware, whose scope would keep the body alive until LiteLLM answers. */
async function parse(
  c: Context<AppEnv>,
  api: Api,
  held: Holding,
  options: ParseRequestOptions,
): Promise<void> {
  const caller = c.get('caller')
  const authenticatedAt = c.get('authenticatedAt')
  const origin = originOf(c, api, caller)
  const { raw } = c.req
  let read: ReadRequest
  try {
    read =
      api.form === undefined
        ? await readRequest(raw, api, origin, held, options)
        : await readForm(raw, api, api.form, origin, held, options)
  } catch (error) {
    throw explained(error, raw)
  }
  if (options.now() - authenticatedAt > LONGEST_UPLOAD_MS) throw tooSlow()
  const { facts, body, bytes, passedOn } = read
  const { model, user, session, controls: requested, bypass: ownBypass, nodes: _, ...rest } = facts
  // Without a model, LiteLLM chooses one, for any key that it accepts.
  const isChosen = model === '' && caller.unlisted === 'bypassed'
  const isListed = isChosen || matchesModel(model, caller.models)
  if (!isListed && caller.unlisted === 'refused') {
    throw new GatewayError('model_not_allowed', 'This key may not use this model.', 'model')
  }
  const policy = options.policies.for({ model, path: api.path, tenant: caller.tenant ?? '' })
  const tenant = tenantOf(caller, user)
  const identity = {
    tenant: tenant ?? '', // nothing is cached then
    path: origin.path,
    namespace: requested.namespace,
    headers: origin.counted,
  }
  const bypass = reasonOf([
    [!api.cached, 'not a cached route'],
    [passedOn !== undefined, passedOn ?? ''],
    [caller.tenant === undefined || options.now() >= caller.tenantUntil, 'tenant unknown'],
    [tenant === undefined, 'no user whose answer it would be'],
    [!isListed, "not among the key's models"],
    [!policy.caches, `policy ${policy.name}`],
    [ownBypass !== undefined, ownBypass ?? ''],
  ])
  c.set('request', {
    ...rest,
    api,
    identity,
    model,
    user,
    session,
    bodyBytes: bytes,
    key: bypass === undefined ? await keyOfRequest(read, api, identity, options.memo) : undefined,
    bypass,
    tenantUntil: caller.tenantUntil,
    controls: withTtl(requested, policy),
    policy,
    payer: caller.payer,
    eligibility:
      bypass === undefined
        ? eligibleFor(facts.eligibility, caller, policy, options.semantic)
        : { reason: undefined },
  })
  c.set('body', body)
}

/**
 * The error for a form where JSON is expected. Only a body that is no JSON is checked for its label:
 * many clients send JSON under another content-type.
 */
function explained(error: unknown, request: Request): unknown {
  const isInvalid = error instanceof GatewayError && error.code === 'invalid_json'
  if (!isInvalid || !isForm(request)) return error
  return new GatewayError('unsupported_media_type', 'The body must be JSON.', 'content-type')
}

/** What a request follows from, besides its body. */
function originOf(c: Context<AppEnv>, api: Api, { id }: Caller): RequestOrigin {
  const { headers } = c.req.raw
  return {
    callerId: id,
    path: pathOf(api, c.req.query('api-version')),
    // On Azure's paths, the model in the path replaces the body's.
    model: c.req.param('model'),
    controls: controlHeaders(headers),
    counted: countedHeaders(headers),
  }
}

/**
 * Of the query string, only Azure's `api-version` goes upstream. It can change the answer, so it
 * counts.
 */
function pathOf({ path }: Api, apiVersion: string | undefined): string {
  return apiVersion === undefined ? path : `${path}?api-version=${encodeURIComponent(apiVersion)}`
}

/** The first reason that applies. */
function reasonOf(reasons: readonly (readonly [boolean, string])[]): string | undefined {
  return reasons.find(([holds]) => holds)?.[1]
}

/**
 * Whether a semantic hit may answer this caller. The policy must allow it, and the caller must be able
 * to pay for its verification.
 */
function eligibleFor(
  found: Eligibility,
  caller: Caller,
  { name, allowsSemantic }: Policy,
  limits: SemanticLimits | undefined,
): Eligibility {
  if (!('text' in found)) return found
  if (!allowsSemantic) return { reason: `policy ${name}` }
  return limits?.mayVerify(caller) ? found : { reason: 'judge not allowed' }
}
