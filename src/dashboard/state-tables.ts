import type { LedgerEvent, LedgerGauge } from '../ledger/record.ts'
import type { Report } from '../ledger/report.ts'
import type { Column, Table } from './table.ts'

/** The state of a server that the gateway depends on. */
export interface Service {
  readonly name: string
  /** Whether the gateway needs it to answer new requests. */
  readonly vital: boolean
  readonly ok: boolean
  readonly latencyMs: number
}

const SERVICES: Readonly<Record<string, readonly [string, string]>> = {
  litellm: ['LiteLLM', 'callers get only what is in the cache'],
  qdrant: ['Qdrant', 'only copies in memory and in the data centre answer'],
  mlflow: ['MLflow', 'requests are answered, but not traced'],
  'semantic-judge': ['Semantic judge', 'no semantic hit is served'],
}

/** The servers that the gateway depends on. */
export function servicesTable(services: readonly Service[]): Table {
  const columns: Column[] = [
    { name: 'service', title: 'Service', kind: 'text' },
    { name: 'state', title: 'State', kind: 'text' },
    {
      name: 'probe_ms',
      title: 'Probe',
      kind: 'ms',
      definition: 'How long the service took to answer a probe of the gateway.',
    },
    { name: 'without_it', title: 'If it fails', kind: 'prose' },
  ]
  const rows = services.map(({ name, ok, latencyMs }) => {
    const [title, withoutIt] = SERVICES[name] ?? [name, null]
    return [title, ok ? 'ok' : 'failing', latencyMs, withoutIt]
  })
  return { name: 'services', caption: 'Services', columns, rows }
}

const EVENTS: Readonly<Record<LedgerEvent, string>> = {
  trace_spans_sent: 'Trace spans sent to MLflow',
  trace_spans_dropped: 'Trace spans dropped, because MLflow was slow or down',
  ledger_batches_dropped: 'Ledger batches dropped: this page counts too little',
  ledger_records_dropped: 'Ledger records dropped: this page counts too little',
  qdrant_breaker_opened: 'Times that an isolate began to skip Qdrant',
  judge_paused: 'Times that an isolate paused the semantic judge',
  sweep_deleted: 'Expired entries deleted from Qdrant',
}

const GAUGES: Readonly<Record<LedgerGauge, string>> = {
  sweep_left: 'Expired entries that the last sweep left',
  sweep_ended_at: 'End of the last sweep (UTC)',
}

/** What the gateway counts besides requests. */
export function eventsTable({ events, gauges }: Report): Table {
  const columns: Column[] = [
    { name: 'what', title: 'What', kind: 'prose' },
    { name: 'count', title: 'Count', kind: 'count' },
    { name: 'at', title: 'Last value from (UTC)', kind: 'instant' },
  ]
  const counted = events.map(({ name, count }) => [EVENTS[name], count, null])
  const latest = gauges.map(({ name, value, at }) =>
    name === 'sweep_ended_at' ? [GAUGES[name], null, value] : [GAUGES[name], value, at],
  )
  return { name: 'counters', caption: 'Counters', columns, rows: [...counted, ...latest] }
}
