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
