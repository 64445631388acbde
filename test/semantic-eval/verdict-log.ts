import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import { PREDICATES } from '../../src/semantic/judge.ts'
import type { QuestionPair, Verdict } from '../../src/semantic/judge.ts'

const lineShape = z.object({
  key: z.string(),
  same: z.number(),
  addressesJudge: z.number(),
  latencyMs: z.number(),
  costUsd: z.number().nullable(),
})

/** Verdicts that are kept between runs. */
export interface VerdictLog {
  get(pair: QuestionPair): Verdict | undefined
  add(pair: QuestionPair, verdict: Verdict): void
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** A name for a pair that does not reveal its texts. */
export const pairKey = ({ a, b }: QuestionPair): string => sha256(JSON.stringify([a, b]))

/** The file for one judge, LiteLLM address and set of predicates; any change starts a new file. */
export function verdictFile(folder: string, model: string, place: string): string {
  const digest = sha256(JSON.stringify([model, place, PREDICATES])).slice(0, 12)
  return join(folder, `${model.replace(/[^\w.-]/g, '_')}-${digest}.jsonl`)
}

/** The verdicts in a file, to which each new one is appended at once. */
export function verdictLog(file: string, isFresh: boolean): VerdictLog {
  mkdirSync(dirname(file), { recursive: true })
  if (isFresh) rmSync(file, { force: true })
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  // A killed run may have left half a line.
  if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n')
  const verdicts = new Map(text.split('\n').flatMap(entryIn))
  return {
    get: (pair) => verdicts.get(pairKey(pair)),
    add(pair, { same, addressesJudge, latencyMs, costUsd }) {
      const verdict = { same, addressesJudge, latencyMs, costUsd }
      verdicts.set(pairKey(pair), verdict)
      appendFileSync(file, `${JSON.stringify({ key: pairKey(pair), ...verdict })}\n`)
    },
  }
}

function entryIn(line: string): [string, Verdict][] {
  try {
    const { key, ...verdict } = lineShape.parse(JSON.parse(line))
    return [[key, verdict]]
  } catch {
    return []
  }
}
