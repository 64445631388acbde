import type { Json } from '../cache/json.ts'

/**
 * How many texts an input contains, 0 if it is none: one text, many, one as a list of tokens, or many
 * (https://platform.openai.com/docs/api-reference/embeddings/create#embeddings-create-input).
 */
export function countTexts(input: Json | undefined): number {
  if (typeof input === 'string') return 1
  if (!Array.isArray(input) || input.length === 0) return 0
  if (input.every((part) => typeof part === 'number')) return 1
  const isText = (part: Json) => typeof part === 'string' || Array.isArray(part)
  return input.every(isText) ? input.length : 0
}
