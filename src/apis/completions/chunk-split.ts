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
export function* splitAnswer(text: string, { chunkObject, split }: ChunkFormat): Generator<string> {
  const { choices, usage, ...rest } = parseJson(text).value as JsonObject
  const [envelope, once] = partition({ ...rest, object: chunkObject }, ENVELOPE)
  const parts = (choices as JsonObject[]).flatMap((choice) => split(choice))
  for (const [at, part] of parts.entries()) {
    yield frame({ ...envelope, choices: [part], ...(at === 0 ? once : {}) })
  }
  if (usage !== undefined && usage !== null) yield frame({ ...envelope, choices: [], usage })
  yield formatEvent({ event: '', data: DONE })
}

const frame = (chunk: JsonObject) => formatEvent({ event: '', data: JSON.stringify(chunk) })

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
