import type { LedgerReader } from '../ledger/report.ts'
import { NotExamined, ok, skipped, warning } from './check.ts'
import type { Check } from './check.ts'

export interface SweepOptions {
  /** Undefined if the ledger is off. */
  readonly ledgerReader: LedgerReader | undefined
  /** Whether this may be `wrangler dev`, which runs no cron. */
  readonly isDevelopment: boolean
  readonly now: () => number
}

/** The cron runs every five minutes. */
const OLDEST_MS = 15 * 60_000

const CURE =
  'Check [triggers] in wrangler.toml, and the log for the events `sweep failed` and `ledger not read`.'

/** Examines whether the cron still deletes expired entries. */
export function sweepChecks({ ledgerReader, isDevelopment, now }: SweepOptions): readonly Check[] {
  return [
    {
      what: 'sweep: age',
      cure: 'The ledger did not answer. See its Durable Objects in the dashboard of Cloudflare.',
      async examine() {
        if (ledgerReader === undefined) {
          throw new NotExamined('The ledger is off.', 'Set LEDGER=on to know when it last ran.')
        }
        const { gauges } = await ledgerReader.totals()
        const latest = (name: string) => gauges.find((gauge) => gauge.name === name)?.value
        const endedAt = latest('sweep_ended_at')
        if (endedAt === undefined) {
          return isDevelopment
            ? skipped(
                'It never ran. wrangler dev runs no cron.',
                'Call /cdn-cgi/handler/scheduled.',
              )
            : warning('It never ran.', CURE)
        }
        const minutes = Math.floor((now() - endedAt) / 60_000)
        if (now() - endedAt > OLDEST_MS) return warning(`It ran ${minutes} minutes ago.`, CURE)
        const left = latest('sweep_left') ?? 0
        return ok(`It ran ${minutes} minutes ago and left ${left} entries.`)
      },
    },
  ]
}
