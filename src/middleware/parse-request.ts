import { createMiddleware } from 'hono/factory'
import type { Api } from '../apis/api.ts'
import { refuseSteering } from '../apis/checks.ts'
import type { Eligibility } from '../apis/request.ts'
import { matchesModel, tenantOf } from '../auth/caller.ts'
import type { Caller } from '../auth/caller.ts'
import { canonicalRequest } from '../cache/canonical.ts'
import type { Identity } from '../cache/canonical.ts'
import { readControls } from '../cache/controls.ts'
import type { Controls } from '../cache/controls.ts'
import { InvalidJson } from '../cache/json.ts'
import type { JsonObject } from '../cache/json.ts'
import { parseJson } from '../cache/parse-json.ts'
import type { ParsedJson } from '../cache/parse-json.ts'
import { keyOf } from '../cache/key.ts'
import type { AppEnv } from '../env.ts'
import { GatewayError } from '../errors.ts'
import { eligibility } from '../semantic/eligibility.ts'
import type { EligibilityLimits } from '../semantic/eligibility.ts'
import { concatenate } from '../stream/sse.ts'
import { countedHeaders } from '../upstream/headers.ts'

export interface ParseRequestOptions {
  readonly maxRequestBytes: number
  /** Larger requests are checked and passed on, not cached. */
  readonly cacheMaxRequestBytes: number
  readonly ttlSeconds: number
  readonly maxTtlSeconds: number
  /** What a semantic hit may answer; undefined for nothing. */
  readonly semantic: SemanticLimits | undefined
}

export interface SemanticLimits extends EligibilityLimits {
  /** Whether a verdict on a hit can be paid for, for this caller. */
  readonly mayVerify: (caller: Caller) => boolean
}

/** Reads the request once: what is asked, under which key it is stored, whether a semantic hit may answer it. */
export const parseRequest = (api: Api, options: ParseRequestOptions) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const { text, bytes } = await readBody(c.req.raw, options.maxRequestBytes)
    const { body: sent, faithful } = parseBody(text)
    const body = withModel(sent, c.req.param('model'))
    refuseSteering(body)
    api.check(body)
    const model = typeof body['model'] === 'string' ? body['model'] : ''
    const { caller } = c.var
    const isListed = matchesModel(model, caller.models)
    if (!isListed && caller.unlisted === 'refused') {
      throw new GatewayError('model_not_allowed', 'This key may not use this model.', 'model')
    }
    const controls = readControls(c.req.raw.headers, body, options)
    const tenant = tenantOf(caller, body)
    const identity: Identity = {
      tenant: tenant ?? caller.tenant,
      path: pathOf(api, c.req.query('api-version')),
      namespace: controls.namespace,
      body,
      headers: countedHeaders(c.req.raw.headers),
    }
    const isSmall = bytes <= options.cacheMaxRequestBytes
    const bypass = reasonOf([
      [!api.cached, 'not a cached route'],
      [!faithful, 'number or text without a canonical form'],
      [!isSmall, 'request too large'],
      [tenant === undefined, 'no user whose answer it would be'],
      [!isListed, "not among the key's models"],
    ])
    c.set('request', {
      api,
      identity,
      model,
      bodyBytes: bytes,
      stream: body['stream'] === true,
      key: bypass === undefined ? await keyOf(canonicalRequest(identity)) : undefined,
      bypass,
      controls,
      payer: caller.tenant,
      eligibility:
        bypass === undefined
          ? eligibilityOf(api, body, controls, caller, options.semantic)
          : { reason: undefined },
    })
    await next()
  })

/** The first reason that holds. */
function reasonOf(reasons: readonly (readonly [boolean, string])[]): string | undefined {
  return reasons.find(([holds]) => holds)?.[1]
}

/** Of a query string only Azure's `api-version` goes upstream: it can change the answer, so it counts. */
function pathOf({ path }: Api, apiVersion: string | undefined): string {
  return apiVersion === undefined ? path : `${path}?api-version=${encodeURIComponent(apiVersion)}`
}

/** On Azure's paths the model of the path is the request's. */
function withModel(body: JsonObject, model: string | undefined): JsonObject {
  return model === undefined ? body : { ...body, model }
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

function parseBody(text: string): { body: JsonObject; faithful: boolean } {
  const { value, faithful } = parse(text)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new GatewayError('invalid_json', 'The body must be a JSON object.')
  }
  return { body: value, faithful }
}

function parse(text: string): ParsedJson {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof InvalidJson) throw new GatewayError('invalid_json', error.message)
    throw error
  }
}

export interface Body {
  readonly text: string
  /** Its length in UTF-8. */
  readonly bytes: number
}

/**
 * A request's body as text. Throws 413 when it is over `maxBytes`: unread where the length is
 * declared; else after draining what is over (to twice the limit), since an answer in the middle of
 * a body breaks some clients. Throws 400 on invalid UTF-8.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Body> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > maxBytes) throw tooLarge(maxBytes)
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of request.body ?? []) {
    length += part.length
    if (length <= maxBytes) parts.push(part)
    else if (length > 2 * maxBytes) break
  }
  if (length > maxBytes) throw tooLarge(maxBytes)
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
    return { text: decoder.decode(concatenate(parts)), bytes: length }
  } catch {
    throw new GatewayError('invalid_json', 'The body is not valid UTF-8.')
  }
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('request_too_large', `The body is larger than ${maxBytes} bytes.`)
}
