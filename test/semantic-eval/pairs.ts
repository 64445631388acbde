import { existsSync, readFileSync } from 'node:fs'
import * as z from 'zod'

const pairShape = z.object({
  id: z.string(),
  /** `near-verbatim` and `free` are paraphrases. A near miss is named after the difference. */
  category: z.string(),
  language: z.string(),
  /** Whether one answer is right for both questions. */
  same: z.boolean(),
  /** The question that an answer is stored for. */
  a: z.string(),
  /** The new question. */
  b: z.string(),
})

/** Two questions with their label. */
export type Pair = Readonly<z.infer<typeof pairShape>>

const ratingsShape = z.object({ pairs: z.number(), agreed: z.number(), kappa: z.number() })

/** How far the raters of the pairs agreed; `kappa` is Cohen's. */
export type Ratings = Readonly<z.infer<typeof ratingsShape>>

/** The pairs of a file, one per line. Throws with the number of an invalid line. */
export function pairsOf(file: string): Pair[] {
  if (!existsSync(file)) throw new Error(`There is no file ${file}; PAIRS names another one.`)
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.flatMap((line, at) =>
    line.trim() === '' ? [] : [pairIn(line, `${file}:${at + 1}`)],
  )
}

function pairIn(line: string, place: string): Pair {
  try {
    return pairShape.parse(JSON.parse(line))
  } catch {
    // Without the line itself, because nobody should read the texts of a test split.
    throw new Error(`${place} is no pair: it needs id, category, language, same, a and b.`)
  }
}

/** The ratings in `name.ratings.json` beside `name.jsonl`. */
export function ratingsBeside(file: string): Ratings | undefined {
  const beside = file.replace(/\.jsonl$/, '') + '.ratings.json'
  return existsSync(beside)
    ? ratingsShape.parse(JSON.parse(readFileSync(beside, 'utf8')))
    : undefined
}
