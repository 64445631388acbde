import type { JsonObject } from '../../cache/json.ts'
import { textInputs } from '../text-inputs.ts'

/**
 * The body that the cache key of a request for embeddings is made of: a single input without its list,
 * so that `"x"` and `["x"]` share an entry, and no `encoding_format`, because one entry answers both.
 */
export function keyBodyOf(body: JsonObject): JsonObject {
  const { encoding_format: _, ...rest } = body
  const [only, ...others] = textInputs(body['input']) ?? []
  return only === undefined || others.length > 0 ? rest : { ...rest, input: only }
}
