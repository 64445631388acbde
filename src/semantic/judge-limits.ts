import { Lru } from '../store/memory.ts'
import { warn } from '../telemetry/log.ts'

/** This many failures in a row pause the semantic cache for this long. */
const FAILURES = 5
const PAUSE_MS = 30_000
const MINUTE_MS = 60_000
/** Estimated size of one tenant's counter, and the limit for all. */
const TENANT_BYTES = 256
const TENANTS_BYTES = 1024 * 1024

/** Pauses verdicts if the judge keeps failing, and limits them per tenant. Counts per isolate. */
export class JudgeLimits {
  private failures = 0
  private pausedUntil = 0
  private readonly minutes = new Lru<{ readonly startedAt: number; verdicts: number }>(
    TENANTS_BYTES,
    () => TENANT_BYTES,
  )
  private readonly ratePerMinute: number
  private readonly onPause: () => void
  private readonly now: () => number

  constructor(ratePerMinute: number, onPause: () => void, now: () => number) {
    this.ratePerMinute = ratePerMinute
    this.onPause = onPause
    this.now = now
  }

  /** Why the judge must not be called for this tenant now. */
  reason(tenant: string): string | undefined {
    if (this.now() < this.pausedUntil) return 'semantic: judge paused'
    const isOver = this.minute(tenant).verdicts >= this.ratePerMinute
    return isOver ? 'semantic: judge rate' : undefined
  }

  /** Counts a requested verdict. After a pause, the first one is a probe. */
  asked(tenant: string): void {
    this.minute(tenant).verdicts += 1
    if (this.failures >= FAILURES) this.pausedUntil = this.now() + PAUSE_MS
  }

  succeeded(): void {
    this.failures = 0
    this.pausedUntil = 0
  }

  failed(error: unknown): void {
    this.failures += 1
    if (this.failures !== FAILURES) return
    this.pausedUntil = this.now() + PAUSE_MS
    this.onPause()
    warn('semantic cache paused: the judge fails', error)
  }

  private minute(tenant: string) {
    const known = this.minutes.get(tenant)
    if (known !== undefined && this.now() - known.startedAt < MINUTE_MS) return known
    const minute = { startedAt: this.now(), verdicts: 0 }
    this.minutes.set(tenant, minute)
    return minute
  }
}
