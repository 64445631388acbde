import type { Judge, QuestionPair, Verdict } from '../semantic/judge.ts'
import { ADDRESSES_JUDGE } from '../semantic/verify.ts'
import { twoPlaces } from '../cache/status.ts'
import { failed, NotExamined, ok, UNPAID, warning } from './check.ts'
import type { Check } from './check.ts'

export interface JudgeOptions {
  /** Undefined if no judge verifies semantic hits. */
  readonly judge: Judge | undefined
  /** The key that pays for verdicts; undefined if each caller's own key pays and none is given. */
  readonly key: string | undefined
  readonly minProbability: number
  /** How long the gateway waits for a verdict. The judge here may take longer. */
  readonly waitsMs: number
  /** Whether a check may cost money. */
  readonly mayPay: boolean
}

/** The same question in other words. The small model of the local stack answers it in one sentence. */
export const SAME: QuestionPair = {
  a: 'In one sentence, why is the sky blue?',
  b: 'Explain in one sentence why the sky is blue.',
}

/** Worded alike, but another question. */
const DIFFERENT: QuestionPair = {
  a: 'What is the capital of France?',
  b: 'What is the capital of Germany?',
}

/** For two verdicts, the first of which may be LiteLLM's first. */
const LONGEST_MS = 15_000

/** Asks the judge about two pairs of questions: one that it must accept, and one that it must not. */
export function judgeChecks(options: JudgeOptions): readonly Check[] {
  const { judge, key, minProbability, waitsMs, mayPay } = options

  async function verdictOn(pair: QuestionPair, signal: AbortSignal): Promise<Verdict> {
    if (judge === undefined) throw new NotExamined('No judge is used.', 'Set SEMANTIC_VERIFY=on.')
    if (!mayPay) throw UNPAID
    if (key === undefined) {
      throw new NotExamined(
        "Each caller's own key pays for verdicts.",
        'Set SEMANTIC_JUDGE_API_KEY, or name the key of a caller: edge doctor --key-file.',
      )
    }
    const ask = () => judge(pair, { apiKey: key, requestId: crypto.randomUUID(), signal })
    const verdict = await ask()
    // LiteLLM's first call of a model takes a second longer than the others.
    return verdict.latencyMs > waitsMs ? ask() : verdict
  }

  const cure =
    'Check that SEMANTIC_JUDGE_MODEL is in the model_list of LiteLLM, that the key may use it and has budget, and that its server runs.'
  const measure = 'Measure model and threshold: make semantic-eval.'
  return [
    {
      what: 'judge: same question',
      cure,
      timeoutMs: LONGEST_MS,
      async examine(signal) {
        const { same, addressesJudge, latencyMs } = await verdictOn(SAME, signal)
        const shown = twoPlaces(same)
        if (addressesJudge >= ADDRESSES_JUDGE) {
          return failed('It takes a plain question for an attempt to steer it.', measure)
        }
        if (same < minProbability) {
          return failed(`Its probability is ${shown}, below ${minProbability}.`, measure)
        }
        return latencyMs > waitsMs
          ? warning(
              `It accepted with ${shown}, but after ${latencyMs} ms. The gateway waits ${waitsMs} ms.`,
              'Use a faster judge, or raise SEMANTIC_JUDGE_TIMEOUT_MS.',
            )
          : ok(`It accepted with ${shown}, after ${latencyMs} ms.`)
      },
    },
    {
      what: 'judge: other question',
      cure,
      timeoutMs: LONGEST_MS,
      async examine(signal) {
        const { same } = await verdictOn(DIFFERENT, signal)
        return same < minProbability
          ? ok(`It refused with ${twoPlaces(same)}.`)
          : failed(
              `It finds different questions the same, with ${twoPlaces(same)}: wrong answers are served.`,
              `Set SEMANTIC=off now. ${measure}`,
            )
      },
    },
  ]
}
