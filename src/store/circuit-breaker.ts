import { warn } from '../telemetry/log.ts'
import type { Store } from './store.ts'

export interface CircuitBreakerOptions {
  /** So many failed lookups in a row open it. */
  readonly failures?: number
  /** While it is open, one lookup in this time is let through, to see whether the store is well. */
  readonly probeEveryMs?: number
  readonly now: () => number
}

/** A lookup that was not made, because the store had failed too often. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen'
}

/** A store that is left alone while it fails. */
export interface StoreWithCircuitBreaker extends Store {
  readonly state: () => 'open' | 'closed'
}

/**
 * Spares callers the wait for a store that does not answer: after some failed lookups in a row,
 * lookups fail at once and writes are skipped, but for a probe now and then; the first success ends
 * it. Writes don't count: a key that may read and not write is no reason to stop reading.
 */
export function circuitBreaker(
  store: Store,
  options: CircuitBreakerOptions,
): StoreWithCircuitBreaker {
  const { failures = 5, probeEveryMs = 5_000, now } = options
  let failed = 0
  let probedAt = 0
  const isOpen = () => failed >= failures

  return {
    state: () => (isOpen() ? 'open' : 'closed'),

    async get(id, lookup) {
      if (isOpen() && now() - probedAt < probeEveryMs) throw new CircuitOpen('not asked')
      probedAt = now()
      try {
        const held = await store.get(id, lookup)
        failed = 0
        return held
      } catch (error) {
        failed += 1
        if (failed === failures) warn('lookups are skipped from now on', error)
        throw error
      }
    },

    async findOriginal(wanted, signal) {
      if (isOpen()) throw new CircuitOpen('not asked')
      return store.findOriginal(wanted, signal)
    },

    async set(id, entry) {
      if (isOpen() && now() - probedAt < probeEveryMs) return
      const probing = isOpen()
      if (probing) probedAt = now()
      await store.set(id, entry)
      // An isolate where only flights meet never looks anything up. One failed lookup opens it again.
      if (probing) failed = failures - 1
    },

    sweep: (...options) => store.sweep(...options),
  }
}
