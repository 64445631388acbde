import type { Context } from 'hono'
import { GatewayError } from '../errors.ts'
import { exposition, EXPOSITION_TYPE } from '../ledger/exposition.ts'
import { metricFamilies } from '../ledger/metrics.ts'
import type { LedgerReader } from '../ledger/report.ts'
import { warn } from '../telemetry/log.ts'

export interface MetricsOptions {
  /** Undefined if the ledger is off. */
  readonly ledgerReader: LedgerReader | undefined
  /** The version of the gateway. */
  readonly version: string
}

const RETRY_AFTER_SECONDS = 10

/** `GET /metrics`: everything that the ledger has counted, for Prometheus. */
export const metrics =
  ({ ledgerReader, version }: MetricsOptions) =>
  async (c: Context) => {
    if (ledgerReader === undefined) {
      const message =
        'The ledger is off: set LEDGER to on, and bind LEDGER_OBJECTS in wrangler.toml.'
      throw new GatewayError('not_found', message, 'LEDGER')
    }
    const totals = await ledgerReader.totals().catch((error: unknown) => {
      warn('ledger not read', error)
      const message = 'The ledger did not answer. Without it, the numbers would be too low.'
      throw new GatewayError('ledger_unavailable', message, null, RETRY_AFTER_SECONDS)
    })
    c.header('cache-control', 'no-store')
    const text = exposition(metricFamilies(totals, version))
    return c.body(text, 200, { 'content-type': EXPOSITION_TYPE })
  }
