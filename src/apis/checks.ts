import { GatewayError } from '../errors.ts'
import type { Json, JsonObject } from '../cache/json.ts'

/** Every API names its model; the key, the access rules and LiteLLM's routing need it. */
export function requireModel({ model }: JsonObject): void {
  if (typeof model !== 'string' || model === '') {
    throw new GatewayError('invalid_request', 'model must be the name of a model.', 'model')
  }
}

/** Whether the answer is a stream decides how it is recorded, so it may not be guessed. */
export function requireStreamFlag({ stream }: JsonObject): void {
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw new GatewayError('invalid_request', 'stream must be true or false.', 'stream')
  }
}

/**
 * Members that steer the proxy and not the model. LiteLLM would follow some of them: `cache_key`
 * puts an answer under a name of the caller's choice, `api_base` sends the question elsewhere.
 */
const STEERING = [
  'mock_response',
  'mock_tool_calls',
  'mock_timeout',
  'mock_delay',
  'cache_key',
  'preset_cache_key',
  'litellm_params',
  'api_base',
  'base_url',
  'api_key',
  'fallbacks',
  'context_window_fallbacks',
  'content_policy_fallbacks',
  'user_config',
  'caching',
  'no-log',
] as const
/** Members of LiteLLM's own metadata that steer it. */
const STEERING_METADATA = ['model_group', 'caching_groups'] as const
/** Where LiteLLM looks for its metadata; as text, too. */
const METADATA = ['metadata', 'litellm_metadata'] as const

/** Refuses a body that steers the proxy, naming the field. `extra_body` is as good as the body. */
export function refuseSteering(body: JsonObject): void {
  const extra = objectOf(body['extra_body'])
  const found = steeringIn(body, '') ?? steeringIn(extra, 'extra_body.')
  if (found === undefined) return
  throw new GatewayError('invalid_request', `${found} is not accepted here.`, found)
}

/** The path of the first member that steers. */
function steeringIn(body: JsonObject, path: string): string | undefined {
  const direct = STEERING.find((name) => Object.hasOwn(body, name))
  if (direct !== undefined) return path + direct
  for (const container of METADATA) {
    const metadata = objectOf(body[container])
    const inside = STEERING_METADATA.find((name) => Object.hasOwn(metadata, name))
    if (inside !== undefined) return `${path}${container}.${inside}`
  }
  return undefined
}

/** An object, also where it comes as JSON text; an empty one for anything else. */
function objectOf(value: Json | undefined): JsonObject {
  const read = typeof value === 'string' ? parsed(value) : value
  const isObject = read !== null && typeof read === 'object' && !Array.isArray(read)
  return isObject ? read : {}
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
