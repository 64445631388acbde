import type { MetricFamily } from './exposition.ts'
import { counter, fact, gauge } from './metric-family.ts'
import { requestMetrics } from './request-metrics.ts'
import type { LedgerEvent, LedgerGauge } from './record.ts'
import type { Totals } from './report.ts'
import { semanticMetrics } from './semantic-metrics.ts'

type NameAndHelp = readonly [name: string, help: string]

const events: Readonly<Record<LedgerEvent, NameAndHelp>> = {
  trace_spans_sent: ['trace_spans_sent_total', 'Spans that MLflow accepted.'],
  trace_spans_dropped: ['trace_spans_dropped_total', 'Spans that never reached MLflow.'],
  ledger_batches_dropped: [
    'ledger_batches_dropped_total',
    'Batches of records that never reached the ledger.',
  ],
  ledger_records_dropped: [
    'ledger_records_dropped_total',
    'Records in these batches. No other metric counts them.',
  ],
  qdrant_breaker_opened: [
    'qdrant_breaker_opened_total',
    'Times that an isolate began to skip Qdrant because it failed.',
  ],
  judge_paused: [
    'judge_paused_total',
    'Times that an isolate paused the semantic cache because the judge failed.',
  ],
  sweep_deleted: ['sweep_deleted_entries_total', 'Expired entries that were deleted from Qdrant.'],
}

/** The ledger's instants are in ms. */
const gauges: Readonly<Record<LedgerGauge, readonly [...NameAndHelp, divisor: number]>> = {
  sweep_left: ['sweep_remaining_entries', 'Expired entries that the last sweep left in Qdrant.', 1],
  sweep_ended_at: [
    'sweep_last_run_timestamp_seconds',
    'When the last sweep ended, as Unix time.',
    1000,
  ],
}

/** All metrics of the gateway. The totals are those of all its isolates. */
export function metricFamilies(totals: Totals, version: string): MetricFamily[] {
  const countOf = (event: string) =>
    totals.events.reduce((sum, { name, count }) => sum + (name === event ? count : 0), 0)
  const latest = (name: string) => totals.gauges.find((one) => one.name === name)?.value
  return [
    ...requestMetrics(totals.requests),
    ...semanticMetrics(totals),
    ...Object.entries(events).map(([event, [name, help]]) => counter(name, help, countOf(event))),
    ...Object.entries(gauges).map(([one, [name, help, divisor]]) => {
      const value = latest(one)
      return gauge(name, help, value === undefined ? undefined : value / divisor)
    }),
    fact('build_info', 'Always 1.', 'version', version),
  ]
}
