import { warn } from '../telemetry/log.ts'
import type { Store } from './store.ts'

export interface CircuitBreakerOptions {
  /** This many failed lookups in a row open it. */
  readonly failures?: number
  /** While it is open, one lookup per interval probes the store. */
  readonly probeEveryMs?: number
  /** Is told when it opens. */
  readonly onOpen?: () => void
  readonly now: () => number
}

/** Thrown instead of a lookup while the circuit breaker is open. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen'
}

/** A store whose circuit breaker shows its state. */
export interface StoreWithCircuitBreaker extends Store {
  readonly state: () => 'open' | 'closed'
}

/**
 * Skips a store that fails. After several failed lookups in a row, lookups fail at once and writes
 * are skipped, except for a probe now and then. The first success closes the breaker. Failed writes
 * do not count: a read-only key is no reason to stop reading.
 */
export function circuitBreaker(
  store: Store,
  options: CircuitBreakerOptions,
): StoreWithCircuitBreaker {
  const { failures = 5, probeEveryMs = 5_000, onOpen, now } = options
  let failed = 0
  let probedAt = 0
  const isOpen = () => failed >= failures

  async function guarded<Result>(read: () => Promise<Result>): Promise<Result> {
    if (isOpen() && now() - probedAt < probeEveryMs) throw new CircuitOpen('lookup skipped')
    probedAt = now()
    try {
      const held = await read()
      failed = 0
      return held
    } catch (error) {
      failed += 1
      if (failed === failures) {
        warn('lookups are skipped from now on', error)
        onOpen?.()
      }
      throw error
    }
  }

  async function write(work: () => Promise<void>): Promise<void> {
    if (isOpen() && now() - probedAt < probeEveryMs) return
    const probing = isOpen()
    if (probing) probedAt = now()
    await work()
    // An isolate with Durable Objects only never looks up, so a successful write must count. One
    // failed lookup opens it again.
    if (probing) failed = failures - 1
  }

  return {
    state: () => (isOpen() ? 'open' : 'closed'),

    get: (id, lookup) => guarded(() => store.get(id, lookup)),

    // Large reads may be slow without anything being wrong, so they neither open it nor probe.
    async getMany(ids) {
      if (isOpen()) throw new CircuitOpen('lookup skipped')
      return store.getMany(ids)
    },

    async findOriginal(wanted, signal) {
      if (isOpen()) throw new CircuitOpen('lookup skipped')
      return store.findOriginal(wanted, signal)
    },

    set: (id, entry) => write(() => store.set(id, entry)),

    setMany: (entries) => write(() => store.setMany(entries)),

    sweep: (...options) => store.sweep(...options),
  }
}
