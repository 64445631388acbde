import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Api } from '../apis/api.ts'
import { refuseSteering, requireModel, requireStreamFlag } from '../apis/checks.ts'
import type { Eligibility } from '../apis/request.ts'
import { SEEN_MEMBERS, seenBody } from '../apis/seen-members.ts'
import { matchesModel, tenantOf } from '../auth/caller.ts'
import type { Caller } from '../auth/caller.ts'
import { canonicalRequest } from '../cache/canonical.ts'
import { readControls } from '../cache/controls.ts'
import type { Controls } from '../cache/controls.ts'
import type { JsonObject } from '../cache/json.ts'
import { keyOf } from '../cache/key.ts'
import type { AppEnv } from '../env.ts'
import { GatewayError } from '../errors.ts'
import { eligibility } from '../semantic/eligibility.ts'
import type { EligibilityLimits } from '../semantic/eligibility.ts'
import type { Holding, MemoryBudget } from '../stream/memory-budget.ts'
import { concatenate } from '../stream/sse.ts'
import { countedHeaders } from '../upstream/headers.ts'
import { ALWAYS_READ_BYTES, overloaded, readBody, tooSlow } from './read-body.ts'
import type { ArrivedBody } from './read-body.ts'

export interface ParseRequestOptions {
  readonly maxRequestBytes: number
  /** Larger requests are checked and passed through, not cached. */
  readonly cacheMaxRequestBytes: number
  readonly ttlSeconds: number
  readonly maxTtlSeconds: number
  /** The limits of semantic hits; undefined if they are off. */
  readonly semantic: SemanticLimits | undefined
  readonly memory: MemoryBudget
  readonly now: () => number
}

/** The limits of semantic hits, and who may have them verified. */
export interface SemanticLimits extends EligibilityLimits {
  /** Whether this caller can pay for a verdict. */
  readonly mayVerify: (caller: Caller) => boolean
}

/** Reads and checks the request, and derives its cache key and its eligibility for semantic hits. */
export const parseRequest = (api: Api, options: ParseRequestOptions) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const held = options.memory.holdingOf(c.var.caller.id, c.req.raw.signal)
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
  const { caller } = c.var
  const { headers } = c.req.raw
  const read = await readBody(c.req.raw, {
    maxBytes: options.maxRequestBytes,
    memory: held,
    watched: SEEN_MEMBERS,
    now: options.now,
  })
  if (options.now() - c.var.authenticatedAt > LONGEST_UPLOAD_MS) throw tooSlow()
  if (read.scanned.root !== 'object') {
    throw new GatewayError('invalid_json', 'The body must be a JSON object.')
  }
  const passedOn = reasonToPassOn(read, options.cacheMaxRequestBytes)
  const sent =
    passedOn === undefined ? parsed(read, held) : seenBody(read.parts, read.scanned.members)
  const replaced = modelOfPath(c.req.param('model'))
  const body: JsonObject = { ...sent, ...replaced }
  check(body, api, passedOn === undefined)

  const model = typeof body['model'] === 'string' ? body['model'] : ''
  const isListed = matchesModel(model, caller.models)
  if (!isListed && caller.unlisted === 'refused') {
    throw new GatewayError('model_not_allowed', 'This key may not use this model.', 'model')
  }
  const controls = readControls(headers, body, options)
  const tenant = tenantOf(caller, body)
  const identity = {
    tenant: tenant ?? '', // nothing is cached then
    path: pathOf(api, c.req.query('api-version')),
    namespace: controls.namespace,
    headers: countedHeaders(headers),
  }
  const bypass = reasonOf([
    [!api.cached, 'not a cached route'],
    [passedOn !== undefined, passedOn ?? ''],
    [caller.tenant === undefined || options.now() >= caller.tenantUntil, 'tenant unknown'],
    [tenant === undefined, 'no user whose answer it would be'],
    [!isListed, "not among the key's models"],
  ])
  c.set('request', {
    api,
    identity,
    model,
    bodyBytes: read.bytes,
    stream: body['stream'] === true,
    wantsUsage: api.modes?.wantsUsage(body) ?? false,
    ownOptions: api.modes?.ownOptions(body),
    expected: api.expected(body),
    key: bypass === undefined ? await keyOf(canonicalRequest({ ...identity, body })) : undefined,
    bypass,
    tenantUntil: caller.tenantUntil,
    controls,
    payer: caller.payer,
    eligibility:
      bypass === undefined
        ? eligibilityOf(api, body, controls, caller, options.semantic)
        : { reason: undefined },
  })
  const summary = { model, body: `${read.bytes} bytes` }
  const valueBytes = read.scanned.nodes * NODE_BYTES
  const content =
    passedOn === undefined ? { value: body, valueBytes } : { bytes: { ...read, replaced }, summary }
  c.set('body', { held, ...content })
}

/** How long a key's check remains valid during an upload. */
const LONGEST_UPLOAD_MS = 300_000

/** Estimated bytes that a parsed value takes per object, array, string and member. */
const NODE_BYTES = 64
/** Larger requests are not parsed: a value of millions of small parts takes many times its text. */
const MOST_NODES = 200_000

/** Why a body is passed through as bytes and never parsed. */
function reasonToPassOn(
  { bytes, scanned }: ArrivedBody,
  cacheMaxBytes: number,
): string | undefined {
  return reasonOf([
    [bytes > cacheMaxBytes, 'request too large'],
    [scanned.nodes > MOST_NODES, 'request too complex'],
    [!scanned.faithful, 'number or text without a canonical form'],
  ])
}

/** Parses a body. Throws `overloaded` if there is no memory for it. */
function parsed({ parts, bytes, scanned }: ArrivedBody, held: Holding): JsonObject {
  held.take(scanned.nodes * NODE_BYTES)
  if (bytes > ALWAYS_READ_BYTES && held.isShort) throw overloaded()
  const text = new TextDecoder().decode(concatenate(parts))
  parts.length = 0
  return JSON.parse(text) as JsonObject
}

/**
 * Checks a body. Throws a `GatewayError` that names the field. If it is not `whole`, LiteLLM checks
 * the rest.
 */
function check(body: JsonObject, api: Api, whole: boolean): void {
  refuseSteering(body)
  if (!api.modelOptional || Object.hasOwn(body, 'model')) requireModel(body)
  requireStreamFlag(body)
  if (whole) api.check(body)
}

/** The first reason that applies. */
function reasonOf(reasons: readonly (readonly [boolean, string])[]): string | undefined {
  return reasons.find(([holds]) => holds)?.[1]
}

/**
 * Of the query string, only Azure's `api-version` goes upstream. It can change the answer, so it
 * counts.
 */
function pathOf({ path }: Api, apiVersion: string | undefined): string {
  return apiVersion === undefined ? path : `${path}?api-version=${encodeURIComponent(apiVersion)}`
}

/** On Azure's paths, the model in the path replaces the body's. */
function modelOfPath(model: string | undefined): { readonly model?: string } {
  return model === undefined ? {} : { model }
}

function eligibilityOf(
  api: Api,
  body: JsonObject,
  controls: Controls,
  caller: Caller,
  limits: SemanticLimits | undefined,
): Eligibility {
  if (!api.semantic || limits === undefined) return { reason: undefined }
  if (!controls.semantic) return { reason: 'off' }
  const found = eligibility(body, limits)
  if ('reason' in found || limits.mayVerify(caller)) return found
  return { reason: 'judge not allowed' }
}
