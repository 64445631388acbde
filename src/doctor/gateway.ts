import { isOwnCall, MOST_TOKENS } from './canary.ts'
import type { Canary } from './canary.ts'
import { blockedBy, failed, NotExamined, ok, warning } from './check.ts'
import type { Check, Finding } from './check.ts'
import type { Sighting } from './sighting.ts'

export interface GatewayCheckOptions {
  /** Throws if there is none, and says why. */
  readonly canary: () => Canary
  /** `open` while Qdrant fails and lookups are skipped. */
  readonly breaker: () => 'open' | 'closed'
}

export const REQUEST = 'gateway: request'
export const REPEATED = 'gateway: same request'

/** How long all requests of the canary may take together. */
export const CANARY_MS = 25_000

const SEE_LOG = 'See the log of the gateway, and docs/operations.md.'

/** Sends a request through the whole gateway, and the same again. */
export function gatewayChecks({ canary, breaker }: GatewayCheckOptions): readonly Check[] {
  return [
    {
      what: REQUEST,
      cure: SEE_LOG,
      timeoutMs: CANARY_MS,
      async examine(signal) {
        const seen = await canary().original(signal)
        const refused = seen.find(({ status }) => status !== 200)
        if (refused !== undefined) return refusalFinding(refused)
        const bypassed = seen.find(({ outcome }) => outcome === 'bypass')
        if (bypassed !== undefined) {
          return failed(
            `It bypassed the cache: ${bypassed.detail ?? 'no reason given'}.`,
            'Search docs/operations.md for that reason.',
          )
        }
        if (seen.some(({ isCut }) => isCut)) {
          return warning(
            `Its answer was cut off after ${MOST_TOKENS} tokens, so it was not stored.`,
            'Name a model that answers in one sentence: edge doctor --model.',
          )
        }
        const costUsd = seen.find(isOwnCall)?.costUsd ?? null
        return ok(
          `It was answered${costUsd === null ? '' : `, for $${costUsd.toFixed(6)}`}. Each answer is limited to ${MOST_TOKENS} tokens.`,
        )
      },
    },
    {
      what: REPEATED,
      cure: SEE_LOG,
      timeoutMs: CANARY_MS,
      async examine(signal) {
        stored(await canary().original(signal))
        const { outcome, detail } = await canary().repeated(signal)
        if (outcome === 'exact-hit') return ok(`The exact cache answered it (${detail ?? ''}).`)
        return breaker() === 'open'
          ? failed(
              'It was not in the cache: Qdrant failed lately, so this isolate skips it.',
              'See the checks of Qdrant. Every 5 s, one request tries it again.',
            )
          : failed(
              'It was not in the cache.',
              'See the checks of Qdrant, and look for `entry not stored` and `lookup failed` in the log.',
            )
      },
    },
  ]
}

/** The answers, if all are. */
export function answered(seen: readonly Sighting[]): readonly Sighting[] {
  if (seen.every(({ status, outcome }) => status === 200 && outcome !== 'bypass')) return seen
  throw blockedBy(REQUEST)
}

/** Throws unless the answers may be stored. */
export function stored(seen: readonly Sighting[]): void {
  if (!answered(seen).some(({ isCut }) => isCut)) return
  throw new NotExamined(`The answer of "${REQUEST}" was not stored.`, `Cure "${REQUEST}" first.`)
}

function refusalFinding({ status, code }: Sighting): Finding {
  const shown = code === undefined ? `${status}` : `${status} ${code}`
  return failed(
    `The gateway answered ${shown}.`,
    CURES[status] ?? `Search docs/operations.md for ${shown}.`,
  )
}

const CURES: Readonly<Record<number, string>> = {
  400: 'Check the name of the model: edge doctor --model.',
  401: 'Name a valid key: edge doctor --key-file.',
  403: 'Name a model that the key may use: edge doctor --model.',
  404: 'Check the name of the model: edge doctor --model.',
  502: 'See "litellm: reach", and the server of the model.',
  504: 'See "litellm: reach", and the server of the model.',
  429: 'Wait a minute, or raise the limits and the budget of the key.',
}
