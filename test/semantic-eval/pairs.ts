import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** Two questions, and whether one answer is right for both. */
export interface Pair {
  readonly id: string
  readonly category: string
  readonly language: string
  readonly same: boolean
  readonly a: string
  readonly b: string
  /** Of their embeddings by the local model, where it was measured. */
  readonly cosine?: number
}

export type Split = 'tune' | 'test'

/** The pairs of one split; the test split is for measuring, not for looking at. */
export function pairsOf(split: Split): Pair[] {
  const file = resolve(import.meta.dirname, `../fixtures/semantic/pairs.${split}.jsonl`)
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Pair)
}
