import { twoPlaces } from '../cache/status.ts'
import { warn } from '../telemetry/log.ts'
import { DecisionUnavailable } from '../upstream/decisions.ts'
import type { DecisionCall } from '../upstream/decisions.ts'
import type { JudgeBudget } from './judge-budget.ts'
import { JudgeLimits } from './judge-limits.ts'
import type { Judge, QuestionPair, Verdict } from './judge.ts'

export interface VerifyOptions {
  readonly judge: Judge
  /** The key that pays for verdicts; undefined if each caller's own key pays. */
  readonly judgeKey: string | undefined
  /** Verdicts per minute and tenant, in this isolate. */
  readonly ratePerMinute: number
  /** What each tenant may spend on verdicts; undefined if there is no cap. */
  readonly budget: JudgeBudget | undefined
  /** Is told when verdicts pause because the judge keeps failing. */
  readonly onPause: () => void
  readonly now: () => number
}

/** Whether a hit may be served, and the verdict, if one was requested. */
export interface Decision {
  /** Why not, for `Cache-Status`; undefined if it may be served. */
  readonly refused: string | undefined
  /** The probability that the questions are the same; undefined without a verdict. */
  readonly same?: number
  readonly verdict?: Verdict
}

/** What a hit is verified for. */
export interface Terms {
  /** The tenant or key that the verdict is counted for. */
  readonly payer: string
  /** The lowest probability that counts as the same question, 0 … 1. */
  readonly minProbability: number
}

/** Checks semantic hits with a decision model. */
export interface Verifier {
  /** Why no verdict is available for this tenant now. */
  unavailable(tenant: string): string | undefined
  verify(pair: QuestionPair, terms: Terms, call: DecisionCall): Promise<Decision>
}

/** From this probability on, a text counts as addressing the judge, and the hit is refused. */
export const ADDRESSES_JUDGE = 0.5

/** The judge was asked, and gave no valid verdict in time. */
export const JUDGE_UNAVAILABLE = 'semantic: judge unavailable'

/** The judge was asked, and the caller did not wait for the verdict. */
export const CALLER_LEFT = 'semantic: caller left'

/** LiteLLM's statuses for an unknown model, or a key that may not use it. */
const REFUSALS = new Set([400, 401, 403, 404])

/** Verifies semantic hits with a judge, within its limits. */
export function verifier(options: VerifyOptions): Verifier {
  const { judge, judgeKey, ratePerMinute, budget, onPause, now } = options
  const limits = new JudgeLimits(ratePerMinute, onPause, now)
  let wasRefused = false

  function failed(error: unknown): void {
    const status = error instanceof DecisionUnavailable ? error.status : undefined
    // A refusal of one caller's key or budget must not stop the others.
    const isOfKey = status === 401 || status === 403 || status === 429
    if (!isOfKey || judgeKey !== undefined) limits.failed(error)
    if (wasRefused || !REFUSALS.has(status ?? 0)) return
    wasRefused = true
    warn('semantic hits cannot be verified: LiteLLM refuses the judge model or its key', error)
  }

  const unavailable = (tenant: string) => limits.reason(tenant) ?? budget?.reason(tenant)

  return {
    unavailable,

    async verify(pair, { payer, minProbability }, call) {
      if (isSameText(pair.a, pair.b)) return { refused: undefined, same: 1 }
      const reason = unavailable(payer)
      if (reason !== undefined) return { refused: reason }
      limits.asked(payer)
      budget?.begin(payer)
      try {
        const verdict = await judge(pair, { ...call, apiKey: judgeKey ?? call.apiKey })
        limits.succeeded()
        budget?.spend(payer, verdict.costUsd)
        return { refused: refusalOf(verdict, minProbability), same: verdict.same, verdict }
      } catch (error) {
        if (call.signal.aborted) return { refused: CALLER_LEFT }
        failed(error)
        return { refused: JUDGE_UNAVAILABLE }
      } finally {
        budget?.end(payer)
      }
    },
  }
}

function refusalOf({ same, addressesJudge }: Verdict, minProbability: number): string | undefined {
  if (addressesJudge >= ADDRESSES_JUDGE) {
    return `semantic: speaks to the judge (${twoPlaces(addressesJudge)})`
  }
  return same >= minProbability ? undefined : `semantic: not the same (${twoPlaces(same)})`
}

/**
 * Whether two texts are certainly the same question. Ignores Unicode form (NFC), surrounding space,
 * runs of spaces within a line, and a final `.`, `?` or `!` after a word. Anything else can change
 * the meaning: case, other punctuation, indentation, spaces in quoted text (C# and C, 3.5 and 35,
 * `5!` and `5`, Polish and polish, x² and x2).
 */
function isSameText(one: string, other: string): boolean {
  return bareText(one) === bareText(other)
}

function bareText(text: string): string {
  const trimmed = text.normalize('NFC').trim()
  const isPlain = !/[\n\r"'`“”„«»]/.test(trimmed)
  const collapsed = isPlain ? trimmed.replace(/(?<! ) {2,}/g, ' ') : trimmed
  return /\p{L}{2}[.?!]$/u.test(collapsed) ? collapsed.slice(0, -1) : collapsed
}
