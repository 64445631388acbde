import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'
import type { Expected } from '../../cache/admissibility.ts'
import { hasError } from '../completions/chat-answer.ts'
import { asBase64, asNumbers, compact, dimensionsOf } from './vectors.ts'
import type { Vector } from './vectors.ts'

/** A complete answer of the embeddings API, taken apart. */
export interface Embeddings {
  /** All members but `data`. */
  readonly envelope: JsonObject
  /** One for each input, in the inputs' order. */
  readonly items: readonly EmbeddingItem[]
  /** The number of dimensions of every vector. */
  readonly dimensions: number
}

/** An item of `data`. */
export interface EmbeddingItem {
  readonly vector: Vector
  /** Its members but `index` and `embedding`. */
  readonly rest: JsonObject
}

/** The usage of an answer for which no model was asked. */
export const NO_USAGE = { prompt_tokens: 0, total_tokens: 0 } as const

/**
 * Takes an answer apart (https://platform.openai.com/docs/api-reference/embeddings/object), or says why
 * it may not be stored. It must have one vector for each input, all of one length. They may be in
 * either encoding, because the stored form answers both.
 */
export function readEmbeddings(answer: Json, { count, dimensions }: Expected): Embeddings | string {
  if (hasError(answer)) return 'error in the body'
  if (!isObject(answer) || !Array.isArray(answer['data'])) return 'not a list of embeddings'
  const { data, ...envelope } = answer
  const items = Array<EmbeddingItem>(count)
  const lengths = new Set<number>()
  let found = 0
  for (const one of data as Json[]) {
    const { index = null, embedding, ...rest } = isObject(one) ? one : {}
    if (!isVector(embedding)) return 'not a list of embeddings'
    const isOwn = typeof index === 'number' && isIndex(index, count) && !(index in items)
    if (!isOwn) return 'vectors missing'
    const length = dimensionsOf(embedding)
    if (length === undefined) return 'not a vector'
    lengths.add(length)
    items[index] = { vector: embedding, rest }
    found += 1
  }
  const [length, ...others] = lengths
  if (found !== count || length === undefined) return 'vectors missing'
  const isOther = dimensions !== undefined && length !== dimensions
  if (others.length > 0 || isOther) return 'vectors of another length'
  return { envelope, items, dimensions: length }
}

/** An item of `data` in an answer; undefined if the vector does not fit into base64. */
export function itemOf(
  { vector, rest }: EmbeddingItem,
  index: number,
  base64: boolean,
): JsonObject | undefined {
  const embedding = base64 ? asBase64(vector) : asNumbers(vector)
  return embedding === undefined ? undefined : { ...rest, index, embedding }
}

/** The text that is stored of an answer. */
export function storedText({ envelope, items }: Embeddings): string {
  const data = items.map(({ vector, rest }, index) => ({
    ...rest,
    index,
    embedding: compact(vector),
  }))
  return JSON.stringify({ ...envelope, data })
}

/** The texts that are stored of an answer to several inputs, one for each. */
export function partTexts({ envelope, items, dimensions }: Embeddings): string[] {
  // Other members are those of the whole answer.
  const { object = 'list', model = null } = envelope
  return items.map((item) => storedText({ envelope: { object, model }, items: [item], dimensions }))
}

/** Whether every vector has both encodings, so that it can be put into any answer. */
export function isConvertible({ items }: Embeddings): boolean {
  return items.every(({ vector }) => asBase64(vector) !== undefined)
}

const isIndex = (index: number, count: number) =>
  Number.isInteger(index) && index >= 0 && index < count

function isVector(value: Json | undefined): value is string | number[] {
  if (typeof value === 'string') return value !== ''
  return Array.isArray(value) && value.length > 0 && value.every(Number.isFinite)
}
