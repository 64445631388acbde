import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../cache/json.ts'

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
  'litellm_params',
  'api_base',
  'base_url',
  'api_key',
  'fallbacks',
  'caching',
  'no-log',
] as const
const STEERING_METADATA = ['model_group', 'caching_groups'] as const

/** Refuses a body that steers the proxy, naming the field. */
export function refuseSteering(body: JsonObject): void {
  const { metadata } = body
  const inside = metadata !== null && typeof metadata === 'object' ? metadata : {}
  const found =
    STEERING.find((name) => Object.hasOwn(body, name)) ??
    STEERING_METADATA.map((name) => `metadata.${name}`).find((path) =>
      Object.hasOwn(inside, path.slice('metadata.'.length)),
    )
  if (found === undefined) return
  throw new GatewayError('invalid_request', `${found} is not accepted here.`, found)
}
