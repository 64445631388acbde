import type { Api } from '../apis/api.ts'
import { refuseSteering, requireModel, requireStreamFlag } from '../apis/checks.ts'
import type { Eligibility } from '../apis/request.ts'
import { nameOf } from '../auth/caller.ts'
import type { Expected } from '../cache/admissibility.ts'
import { readControls } from '../cache/controls.ts'
import type { ControlHeaders, RequestedControls } from '../cache/controls.ts'
import type { JsonObject } from '../cache/json.ts'
import { eligibility } from '../semantic/eligibility.ts'
import type { EligibilityLimits } from '../semantic/eligibility.ts'

/** What a request means, whoever sends it, and whatever policy applies to it. */
export interface RequestFacts {
  readonly model: string
  /** The end user that it names. */
  readonly user: string | undefined
  /** The session that it names. */
  readonly session: string | undefined
  readonly stream: boolean
  readonly wantsUsage: boolean
  readonly ownOptions: JsonObject | undefined
  readonly expected: Expected
  /** Why its answer is never cached; undefined if it is. */
  readonly bypass: string | undefined
  readonly controls: RequestedControls
  readonly eligibility: Eligibility
  /** Objects, arrays, strings and members in the body. */
  readonly nodes: number
}

export interface FactsOptions {
  /** The limits of semantic hits; undefined if they are off. */
  readonly semantic: EligibilityLimits | undefined
}

/**
 * Checks a body and reads what the cache needs of it. If it is not `whole`, LiteLLM checks the rest.
 * Throws a `GatewayError` that names the field.
 */
export function requestFacts(
  body: JsonObject,
  whole: boolean,
  nodes: number,
  headers: ControlHeaders,
  api: Api,
  options: FactsOptions,
): RequestFacts {
  check(body, api, whole)
  const controls = readControls(headers, body)
  return {
    model: typeof body['model'] === 'string' ? body['model'] : '',
    user: nameOf(api.endUser === undefined ? body['user'] : api.endUser(body)),
    session: sessionOf(body),
    // APIs that do not stream ignore it, as LiteLLM does.
    stream: body['stream'] === true && api.modes !== undefined,
    wantsUsage: api.modes?.usage?.isWanted(body) ?? false,
    ownOptions: api.modes?.ownOptions(body),
    expected: api.expected(body),
    bypass: api.bypass?.(body),
    controls,
    eligibility: whole ? eligibilityOf(api, body, controls, options) : { reason: undefined },
    nodes,
  }
}

function check(body: JsonObject, api: Api, whole: boolean): void {
  refuseSteering(body)
  if (!api.modelOptional || Object.hasOwn(body, 'model')) requireModel(body)
  requireStreamFlag(body)
  if (whole) api.check(body)
}

/** LiteLLM's name for a session, `metadata.session_id`. */
function sessionOf({ metadata }: JsonObject): string | undefined {
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
  return isObject ? nameOf(metadata['session_id']) : undefined
}

function eligibilityOf(
  api: Api,
  body: JsonObject,
  controls: RequestedControls,
  { semantic }: FactsOptions,
): Eligibility {
  if (!api.semantic || semantic === undefined) return { reason: undefined }
  return controls.semantic ? eligibility(body, semantic) : { reason: 'off' }
}
