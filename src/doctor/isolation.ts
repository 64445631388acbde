import type { Canary } from './canary.ts'
import { blockedBy, failed, ok, skipped, warning } from './check.ts'
import type { Check } from './check.ts'
import { CANARY_MS, REPEATED, REQUEST, stored } from './gateway.ts'
import { REWORDED } from './semantic.ts'

export interface IsolationCheckOptions {
  /** Throws if there is none, and says why. */
  readonly canary: () => Canary
  /** Whose cache a key uses; undefined if the key is invalid or that is unknown. */
  readonly tenantOf: (key: string) => Promise<string | undefined>
  /** Whether all callers share one tenant. */
  readonly isOpen: boolean
  readonly key: string | undefined
  /** The key of another tenant. */
  readonly otherKey: string | undefined
  readonly semantic: 'on' | 'shadow' | 'off'
}

/** Examines whether an answer of one tenant stays with it. */
export function isolationChecks(options: IsolationCheckOptions): readonly Check[] {
  const { canary, tenantOf, isOpen, key, otherKey, semantic } = options
  return [
    {
      what: 'isolation: other tenant',
      cure: `See "${REQUEST}".`,
      timeoutMs: CANARY_MS,
      async examine(signal) {
        if (isOpen) {
          return skipped('AUTH_MODE is none: there is one tenant.', 'Set it to litellm or keys.')
        }
        const sent = canary()
        if (key === undefined || otherKey === undefined) {
          return skipped(
            'It needs the keys of two tenants.',
            'Name the second one: edge doctor --other-key-file.',
          )
        }
        const [own, other] = await Promise.all([tenantOf(key), tenantOf(otherKey)])
        if (other === undefined) {
          return skipped(
            'The second key is invalid, or its tenant is unknown now.',
            'Name another one: edge doctor --other-key-file.',
          )
        }
        if (own === other) {
          return skipped(
            'Both keys belong to one tenant, which shares a cache on purpose.',
            'Name the key of another tenant: edge doctor --other-key-file.',
          )
        }
        stored(await sent.original(signal))
        // Without a hit for its owner, a miss of somebody else would prove nothing.
        if ((await sent.repeated(signal)).outcome !== 'exact-hit') throw blockedBy(REPEATED)
        const matched = semantic === 'on' ? (await sent.reworded(signal)).outcome : undefined
        const seen = await sent.elsewhere(otherKey, signal)
        if (seen.status !== 200 || seen.outcome === 'bypass') {
          return skipped(
            `The request with the second key was answered ${seen.status}, ${seen.outcome ?? 'refused'}.`,
            'Name a key that may use the model: edge doctor --other-key-file.',
          )
        }
        if (seen.outcome !== 'miss' || seen.collapsed) {
          return failed(
            `Another tenant got the answer (${seen.collapsed ? 'coalesced' : seen.outcome}).`,
            'Stop the gateway, and report it as SECURITY.md describes.',
          )
        }
        if (semantic !== 'on') return ok('Another tenant missed in the exact cache.')
        return matched === 'semantic-hit'
          ? ok('Another tenant missed in both caches.')
          : warning(
              'Another tenant missed in the exact cache. The semantic cache answered nobody, which proves nothing.',
              `Cure "${REWORDED}" first.`,
            )
      },
    },
  ]
}
