import { isOwnCall } from './canary.ts'
import type { Canary } from './canary.ts'
import { failed, ok, skipped, warning } from './check.ts'
import type { Check } from './check.ts'
import { answered, CANARY_MS, REQUEST } from './gateway.ts'

export interface CoalescingCheckOptions {
  /** Throws if there is none, and says why. */
  readonly canary: () => Canary
  /** Whether identical requests are to share a call. */
  readonly coalesces: boolean
}

/** Examines whether two identical requests at once share one call. */
export function coalescingChecks(options: CoalescingCheckOptions): readonly Check[] {
  return [
    {
      what: 'coalescing: two at once',
      cure: `See "${REQUEST}".`,
      timeoutMs: CANARY_MS,
      async examine(signal) {
        if (!options.coalesces) return skipped('COALESCE is off.', 'Set it to on to share calls.')
        const seen = answered(await options.canary().original(signal))
        const alone = seen.filter(isOwnCall).length
        if (alone > 1) {
          const reason = seen.find(({ detail }) => detail !== undefined)?.detail
          return failed(
            `Two identical requests made two calls${reason === undefined ? '' : ` (${reason})`}.`,
            'Look for `flight not joined` in the log, check the binding COALESCER, or raise FLIGHT_TIMEOUT_MS.',
          )
        }
        return seen.some(({ collapsed }) => collapsed)
          ? ok('Two identical requests at once made one call.')
          : warning(
              'One call was made, but the second request came too late to share it.',
              'Try again.',
            )
      },
    },
  ]
}
