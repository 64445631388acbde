import type { Recorder } from './ledger/recorder.ts'
import { Misconfigured } from './parse-config.ts'
import { matchesModel } from './auth/caller.ts'
import { eligibilityLimits } from './config.ts'
import type { Config } from './config.ts'
import type { SemanticLimits } from './middleware/parse-request.ts'
import type { Dependency } from './routes/health.ts'
import { JudgeBudget } from './semantic/judge-budget.ts'
import type { JudgeBudgetOptions } from './semantic/judge-budget.ts'
import { decisionModel } from './semantic/judge.ts'
import type { Judge } from './semantic/judge.ts'
import { endedBefore, PURGE_GRACE_SECONDS } from './semantic/namespace.ts'
import { reportedPairs } from './semantic/reported-pairs.ts'
import { semanticUpstream } from './semantic/semantic-upstream.ts'
import { verifier } from './semantic/verify.ts'
import { CircuitOpen } from './store/circuit-breaker.ts'
import type { ReportStore } from './store/report-store.ts'
import { purgeSemantic } from './store/semantic-purge.ts'
import type { SemanticPurge } from './store/semantic-purge.ts'
import type { Store } from './store/store.ts'
import type { MemoryBudget } from './stream/memory-budget.ts'
import { withTimeout } from './stream/timeout.ts'
import { warn } from './telemetry/log.ts'
import type { AskUpstream } from './upstream/call.ts'
import type { Upstream } from './upstream/litellm.ts'

const now = () => Date.now()

/** What the semantic layer is built on. */
export interface SemanticParts {
  readonly upstream: Upstream
  readonly store: Store
  readonly reports: ReportStore
  readonly memory: MemoryBudget
  readonly recorder: Recorder
  /** Reads what a tenant has spent on verdicts this month; undefined without a ledger. */
  readonly judgeSpend: JudgeBudgetOptions['spent'] | undefined
}

/** Adds verified semantic hits to `ask`; returns it unchanged if SEMANTIC=off. */
export function withSemanticCache(
  ask: AskUpstream,
  config: Config,
  { upstream, store, reports, memory, recorder, judgeSpend }: SemanticParts,
): AskUpstream {
  if (config.SEMANTIC === 'off') return ask
  return semanticUpstream(ask, {
    findOriginal: (wanted) =>
      withTimeout(config.QDRANT_TIMEOUT_MS, (signal) => store.findOriginal(wanted, signal)).catch(
        (error: unknown) => {
          // The circuit breaker logged this when it opened.
          if (!(error instanceof CircuitOpen)) warn('original question not found', error)
          return undefined
        },
      ),
    reportedPairs: reportedPairs(reports, now),
    verifier:
      config.SEMANTIC_VERIFY === 'off'
        ? undefined
        : verifier({
            judge: judge(config, upstream),
            judgeKey: judgeKey(config),
            ratePerMinute: config.SEMANTIC_JUDGE_RATE,
            budget: judgeBudget(config, judgeSpend),
            onPause: () => recorder.count('judge_paused', 1),
            now,
          }),
    shadow: config.SEMANTIC === 'shadow',
    limitBytes: config.CACHE_MAX_ENTRY_BYTES,
    memory,
    onDecision: (record) => recorder.decision(record),
    now,
  })
}

/** Throws `Misconfigured` if a budget is set and nothing counts what is spent. */
function judgeBudget(
  { SEMANTIC_JUDGE_BUDGET_USD: limitUsd }: Config,
  spent: JudgeBudgetOptions['spent'] | undefined,
): JudgeBudget | undefined {
  if (limitUsd === undefined) return undefined
  if (spent === undefined) {
    throw new Misconfigured(
      'SEMANTIC_JUDGE_BUDGET_USD',
      'needs the ledger: set LEDGER=on, and bind LEDGER',
    )
  }
  return new JudgeBudget({ limitUsd, spent, now })
}

/** Deletes expired entries from LiteLLM's semantic cache. */
export function purgeExpired({
  QDRANT_URL,
  QDRANT_API_KEY,
  SEMANTIC_COLLECTION,
}: Config): Promise<SemanticPurge> {
  return purgeSemantic({
    url: QDRANT_URL,
    apiKey: QDRANT_API_KEY,
    collection: SEMANTIC_COLLECTION,
    isOver: (cacheKey) => endedBefore(cacheKey, now() / 1000 - PURGE_GRACE_SECONDS),
  })
}

/** How semantic hits are verified, for `/health?verbose`. */
export function verification(config: Config): string {
  if (config.SEMANTIC === 'off' || config.SEMANTIC_VERIFY === 'off') return 'off'
  return judgeKey(config) === undefined ? "with each caller's key" : 'on'
}

/** A health probe that requests one verdict. None if callers' keys pay: the gateway has no key then. */
export function judgeProbe(config: Config, upstream: Upstream): Dependency[] {
  const apiKey = judgeKey(config)
  if (verification(config) !== 'on' || apiKey === undefined) return []
  const ask = judge(config, upstream)
  const pair = { a: 'What is the capital of France?', b: 'Which city is the capital of France?' }
  const probe = async (signal: AbortSignal) => {
    await ask(pair, { apiKey, requestId: crypto.randomUUID(), signal })
  }
  return [{ name: 'semantic-judge', vital: false, probe }]
}

/** The decision model that verifies semantic hits. */
export function judge(
  config: Config,
  upstream: Upstream,
  timeoutMs = config.SEMANTIC_JUDGE_TIMEOUT_MS,
): Judge {
  return decisionModel({ upstream, model: config.SEMANTIC_JUDGE_MODEL, timeoutMs, now })
}

/** The key that pays for verdicts; undefined if each caller's own key pays. */
export function judgeKey({ AUTH_MODE, LITELLM_API_KEY, SEMANTIC_JUDGE_API_KEY }: Config) {
  return SEMANTIC_JUDGE_API_KEY ?? (AUTH_MODE === 'litellm' ? undefined : LITELLM_API_KEY)
}

/** The limits of semantic hits; undefined if SEMANTIC=off. */
export function semanticLimits(config: Config): SemanticLimits | undefined {
  const limits = eligibilityLimits(config)
  if (limits === undefined) return undefined
  const callersPay = config.SEMANTIC_VERIFY === 'on' && judgeKey(config) === undefined
  let wasTold = false
  return {
    ...limits,
    mayVerify({ models }) {
      if (!callersPay || matchesModel(config.SEMANTIC_JUDGE_MODEL, models)) return true
      if (!wasTold) {
        const hint = "set SEMANTIC_JUDGE_API_KEY, or allow the callers' keys to use the judge model"
        warn('a key may not use the judge model, so it gets no semantic hits', hint)
      }
      wasTold = true
      return false
    },
  }
}

/** Whether a stored semantic hit may be served under the current settings. */
export function servesSemantic({ SEMANTIC, SEMANTIC_VERIFY }: Config) {
  return (same: number | undefined, minProbability: number): boolean =>
    SEMANTIC === 'on' && (SEMANTIC_VERIFY === 'off' || (same ?? -1) >= minProbability)
}
