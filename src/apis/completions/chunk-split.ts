import { parseJson } from '../../cache/parse-json.ts'
import type { JsonObject } from '../../cache/json.ts'
import { formatEvent } from '../../stream/sse.ts'
import { DONE } from './chunk-events.ts'
import type { ChunkFormat } from './chunk-merge.ts'

/** Members that every chunk repeats; other members come once. */
const ENVELOPE = new Set(['id', 'object', 'created', 'model', 'system_fingerprint', 'service_tier'])

/**
 * Converts an answer's JSON text to a stream: the chunks of each choice, then the usage chunk and the
 * end marker. The text is not cut into words, which would only cost bytes. The inverse of
 * `mergeChunks`.
 */
export function splitAnswer(text: string, { chunkObject, split }: ChunkFormat): string {
  const { choices, usage, ...rest } = parseJson(text).value as JsonObject
  const [envelope, once] = partition({ ...rest, object: chunkObject }, ENVELOPE)
  const parts = (choices as JsonObject[]).flatMap((choice) => split(choice))
  const chunks = parts.map((part): JsonObject => ({ ...envelope, choices: [part] }))
  const [first, ...others] = chunks
  const all = first === undefined ? [] : [{ ...first, ...once }, ...others]
  if (usage !== undefined && usage !== null) all.push({ ...envelope, choices: [], usage })
  const events = [...all.map((chunk) => JSON.stringify(chunk)), DONE]
  return events.map((data) => formatEvent({ event: '', data })).join('')
}

/** The members with these names, and all others. */
export function partition(
  object: JsonObject,
  names: ReadonlySet<string>,
): [JsonObject, JsonObject] {
  const entries = Object.entries(object)
  return [
    Object.fromEntries(entries.filter(([name]) => names.has(name))),
    Object.fromEntries(entries.filter(([name]) => !names.has(name))),
  ]
}
