import type { QuestionPair, Verdict } from '../../src/semantic/judge.ts'
import { DecisionUnavailable } from '../../src/upstream/decisions.ts'
import type { OnProgress } from './progress.ts'
import { pairKey } from './verdict-log.ts'
import type { VerdictLog } from './verdict-log.ts'

/** The number of concurrent calls. */
const CONCURRENCY = 4
/** The pauses before the retries of a failed verdict. */
const RETRY_AFTER_MS = [500, 2_000]
/** This many failures without a single verdict end the run. */
const HOPELESS = 10

export interface JudgePairsOptions {
  readonly judge: (pair: QuestionPair) => Promise<Verdict>
  /** The known verdicts, to which new ones are added. */
  readonly log: VerdictLog
  /** Stops new calls when it fires; verdicts of calls in flight are kept. */
  readonly signal: AbortSignal
  readonly pause: (ms: number) => Promise<void>
  readonly onProgress: OnProgress
}

/** The outcome for pairs without an earlier verdict. */
export interface Judged {
  readonly asked: number
  /** How often each reason prevented a verdict. */
  readonly refusals: ReadonlyMap<string, number>
}

/**
 * Asks the judge about every pair that is not in the log, once for pairs with the same texts. Throws
 * if the judge gives no verdict at all.
 */
export async function judgePairs(
  pairs: readonly QuestionPair[],
  { judge, log, signal, pause, onProgress }: JudgePairsOptions,
): Promise<Judged> {
  const unknown = pairs.filter((pair) => log.get(pair) === undefined)
  const missing = [...new Map(unknown.map((pair) => [pairKey(pair), pair])).values()]
  const queue = missing.values()
  const refusals = new Map<string, number>()
  const counts = { asked: 0, refused: 0, given: 0 }

  async function ask(pair: QuestionPair, retries = RETRY_AFTER_MS): Promise<void> {
    counts.asked += 1
    try {
      log.add(pair, await judge(pair))
      counts.given += 1
    } catch (error) {
      if (!(error instanceof DecisionUnavailable)) throw error
      const [wait, ...later] = retries
      if (wait !== undefined && !signal.aborted) {
        await pause(wait)
        return ask(pair, later)
      }
      counts.refused += 1
      refusals.set(error.message, (refusals.get(error.message) ?? 0) + 1)
      if (counts.given > 0 || counts.refused < HOPELESS) return
      throw new Error(`The judge gave no verdict on ${HOPELESS} pairs: ${error.message}.`, {
        cause: error,
      })
    }
  }

  async function work(): Promise<void> {
    for (const pair of queue) {
      if (signal.aborted) return
      await ask(pair)
      onProgress(counts.given + counts.refused, missing.length)
    }
  }

  await Promise.all(Array.from({ length: CONCURRENCY }, work))
  return { asked: counts.asked, refusals }
}
