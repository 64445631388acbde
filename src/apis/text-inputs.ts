import type { Json } from '../cache/json.ts'

/**
 * The texts of an input or a prompt, each a text or a list of tokens
 * (https://platform.openai.com/docs/api-reference/embeddings/create). Undefined if it is anything else,
 * for example the images that some providers accept.
 */
export function textInputs(input: Json | undefined): readonly Json[] | undefined {
  if (typeof input === 'string') return [input]
  if (!Array.isArray(input) || input.length === 0) return undefined
  if (input.every(isToken)) return [input]
  return input.every((one) => typeof one === 'string' || isTokens(one)) ? input : undefined
}

const isToken = (value: Json) => typeof value === 'number'
const isTokens = (value: Json) => Array.isArray(value) && value.length > 0 && value.every(isToken)
