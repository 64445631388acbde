import type { Canary } from './canary.ts'
import { blockedBy, failed, ok, semanticOff, skipped } from './check.ts'
import type { Check, Finding } from './check.ts'
import { answered, CANARY_MS, REPEATED, REQUEST, stored } from './gateway.ts'
import type { Sighting } from './sighting.ts'

export interface SemanticCheckOptions {
  /** Throws if there is none, and says why. */
  readonly canary: () => Canary
  readonly mode: 'on' | 'shadow' | 'off'
}

export const REWORDED = 'semantic layer: reworded question'

/** Examines whether a reworded question really hits. */
export function semanticChecks({ canary, mode }: SemanticCheckOptions): readonly Check[] {
  return [
    {
      what: REWORDED,
      cure: `See "${REQUEST}".`,
      timeoutMs: CANARY_MS,
      async examine(signal) {
        if (mode === 'off') return semanticOff
        if (mode === 'shadow') {
          return skipped(
            'SEMANTIC is shadow: hits are judged and counted, but not served.',
            'See the verdicts on the dashboard, or make semantic-shadow-report.',
          )
        }
        stored(await canary().original(signal))
        if ((await canary().repeated(signal)).outcome !== 'exact-hit') throw blockedBy(REPEATED)
        const seen = await canary().reworded(signal)
        answered([seen])
        return seen.outcome === 'semantic-hit'
          ? ok(`It hit (${seen.hit ?? 'no detail'}).`)
          : missFinding(seen)
      },
    },
  ]
}

/** Why a reworded question missed, by a part of the reason in `Cache-Status`, and what to do. */
const CURES: Readonly<Record<string, string>> = {
  'judge unavailable': 'See the checks of the judge.',
  'judge paused': 'See the checks of the judge. The pause after its failures ends in 30 s.',
  'judge not allowed': 'Set SEMANTIC_JUDGE_API_KEY, or let the key use the judge model.',
  'judge rate': 'Wait a minute, or raise SEMANTIC_JUDGE_RATE.',
  'judge budget': 'Raise SEMANTIC_JUDGE_BUDGET_USD, and check that LiteLLM knows its price.',
  'not the same': 'Measure model and threshold: make semantic-eval.',
  'speaks to the judge': 'Measure the judge model: make semantic-eval.',
  'original unknown': 'Look for `original question not found` in the log; see "qdrant: indexes".',
  'reports unavailable': 'See the checks of Qdrant: reports of wrong answers cannot be read.',
  'other namespace': 'Upgrade LiteLLM: its cache ignores the namespace. See "litellm: version".',
}

function missFinding({ outcome, detail }: Sighting): Finding {
  if (detail === undefined) {
    return failed(
      'LiteLLM found no similar question.',
      'See "litellm: cache", "litellm: embedding dimension" and "qdrant: search for LiteLLM", and the embedding server.',
    )
  }
  const known = Object.entries(CURES).find(([reason]) => detail.includes(reason))
  return failed(
    `It was a ${outcome ?? 'refusal'} (${detail}).`,
    known?.[1] ?? 'Search docs/semantic-cache.md for that reason.',
  )
}
