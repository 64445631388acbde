import { GatewayError } from '../errors.ts'
import { isObject } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'

/** Requires a model. The cache key, the access rules and LiteLLM's routing need it. */
export function requireModel({ model }: JsonObject): void {
  // LiteLLM splits at commas into several models, but access was checked for one.
  if (typeof model !== 'string' || model === '' || model.includes(',')) {
    throw new GatewayError('invalid_request', 'model must be the name of a model.', 'model')
  }
}

/** Requires a boolean `stream` or none: it decides how the answer is recorded. */
export function requireStreamFlag({ stream }: JsonObject): void {
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw new GatewayError('invalid_request', 'stream must be true or false.', 'stream')
  }
}

/** In characters. */
const LONGEST_OPTIONS = 4_096

/** Rejects long `stream_options`, which are held in memory for the whole request. */
export function requireShortStreamOptions({ stream_options = null }: JsonObject): void {
  if (JSON.stringify(stream_options).length > LONGEST_OPTIONS) {
    throw new GatewayError('invalid_request', 'stream_options are too long.', 'stream_options')
  }
}

/**
 * Members that steer LiteLLM instead of the model. For example, `cache_key` lets a caller choose where
 * an answer is stored, and `api_base` sends the request elsewhere.
 */
export const STEERING = [
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
  'context_window_fallback_dict',
  'router_settings_override',
  'fastest_response',
  'silent_model',
  'model_list',
  'model_info',
  'model_config',
  'model_alias_map',
  'custom_llm_provider',
  'user_config',
  'litellm_credential_name',
  'litellm_system_prompt',
  'litellm_request_debug',
  'prompt_id',
  'ssl_verify',
  'proxy_server_request',
  'secret_fields',
  'caching',
  'no-log',
] as const
/** Members of LiteLLM's own metadata that steer it. */
export const STEERING_METADATA = ['model_group', 'caching_groups'] as const
/** Where LiteLLM looks for its metadata. */
export const METADATA = ['metadata', 'litellm_metadata'] as const

/** Rejects a body that steers LiteLLM, and names the field. `extra_body` is checked like the body. */
export function refuseSteering(body: JsonObject): void {
  for (const name of [...METADATA, 'extra_body']) {
    // LiteLLM would parse an object from the text, by its own rules.
    if (typeof body[name] === 'string') {
      throw new GatewayError('invalid_request', `${name} must be an object.`, name)
    }
  }
  const extra = objectOf(body['extra_body'])
  const found = steeringIn(body, '') ?? steeringIn(extra, 'extra_body.')
  if (found === undefined) return
  throw new GatewayError('invalid_request', `${found} is not accepted here.`, found)
}

/** The path of the first steering member. */
function steeringIn(body: JsonObject, path: string): string | undefined {
  const direct = STEERING.find((name) => Object.hasOwn(body, name))
  if (direct !== undefined) return path + direct
  for (const container of METADATA) {
    if (path !== '' && typeof body[container] === 'string') return path + container
    const metadata = objectOf(body[container])
    const inside = STEERING_METADATA.find((name) => Object.hasOwn(metadata, name))
    if (inside !== undefined) return `${path}${container}.${inside}`
  }
  return undefined
}

/** The value if it is an object, otherwise an empty object. */
function objectOf(value: Json | undefined): JsonObject {
  return value !== undefined && isObject(value) ? value : {}
}
