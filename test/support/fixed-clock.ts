import { afterEach, beforeEach, vi } from 'vitest'

export interface FixedClockOptions {
  /** Whether warnings are shown. They are noise where a test provokes them. */
  readonly warnings?: boolean
}

/** Stops the clock at this instant (epoch ms) for each test of a file. Timers go on. */
export function fixedClock(now: number, { warnings = true }: FixedClockOptions = {}): void {
  beforeEach(() => {
    vi.useFakeTimers({ now, toFake: ['Date'] })
    if (!warnings) vi.spyOn(console, 'warn').mockImplementation(() => {})
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })
}
