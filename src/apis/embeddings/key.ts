import { NOT_COUNTED } from '../../cache/canonical.ts'
import type { Json, JsonObject } from '../../cache/json.ts'
import { textInputs } from '../text-inputs.ts'

/** OpenAI's limit. */
const MOST_INPUTS = 2_048
/** Of the members besides `input`, in characters: they are part of the key of each input. */
const LONGEST_REST = 4_096

/**
 * Members that mean the same for every input. With any other, the vector of one input may depend on the
 * others, as with `late_chunking`.
 */
const SEPARABLE: ReadonlySet<string> = new Set([
  ...Object.keys(NOT_COUNTED),
  'model',
  'input',
  'dimensions',
  'encoding_format',
  'input_type',
  'task',
  'task_type',
  'truncate',
  'truncation',
])
/** Some models take a text and the media that follows it as one input. */
const MEDIA = /^(?:data:|gs:\/\/|s3:\/\/|files\/)/

/** Whether the vector of each input follows from that input alone, in either encoding. */
export function isSeparable(body: JsonObject): boolean {
  const { input, ...rest } = body
  const inputs = textInputs(input)
  return (
    inputs !== undefined &&
    inputs.length <= MOST_INPUTS &&
    Object.keys(rest).every((name) => SEPARABLE.has(name)) &&
    JSON.stringify(rest).length <= LONGEST_REST &&
    !inputs.some((one) => typeof one === 'string' && MEDIA.test(one))
  )
}

/**
 * The body that the cache key is made of: a single input without its list, so that `"x"` and `["x"]`
 * share an entry, and no `encoding_format`, because one entry answers both. A request that is not
 * separable counts whole.
 */
export function keyBodyOf(body: JsonObject): JsonObject {
  if (!isSeparable(body)) return body
  const { encoding_format: _, ...rest } = body
  const [only, ...others] = textInputs(body['input']) ?? []
  return only === undefined || others.length > 0 ? rest : { ...rest, input: only }
}

/** The same for one of several inputs. */
export function keyBodyOfOne(body: JsonObject, input: Json): JsonObject {
  const { encoding_format: _, ...rest } = body
  return { ...rest, input }
}
