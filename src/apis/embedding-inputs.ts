import type { Json, JsonObject } from '../cache/json.ts'

/**
 * The inputs of a request, one per vector: texts, or lists of tokens
 * (https://platform.openai.com/docs/api-reference/embeddings/create). Undefined if it is anything else,
 * for example the images that some providers accept.
 */
export function inputsOf(input: Json | undefined): readonly Json[] | undefined {
  if (typeof input === 'string') return [input]
  if (!Array.isArray(input) || input.length === 0) return undefined
  if (input.every(isToken)) return [input]
  return input.every((one) => typeof one === 'string' || isTokens(one)) ? input : undefined
}

/**
 * The body that a request's cache key is made of: a single input without its list, so that `"x"` and
 * `["x"]` share an entry, and no `encoding_format`, because one entry answers both.
 */
export function keyBodyOf(body: JsonObject): JsonObject {
  const inputs = inputsOf(body['input'])
  const { encoding_format: _, ...rest } = body
  const [only, ...others] = inputs ?? []
  return only === undefined || others.length > 0 ? rest : { ...rest, input: only }
}

const isToken = (value: Json) => typeof value === 'number'
const isTokens = (value: Json) => Array.isArray(value) && value.length > 0 && value.every(isToken)
