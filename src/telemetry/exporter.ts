import { Batching } from './batching.ts'
import { warn } from './log.ts'
import { otlpRequest, otlpSpans } from './otlp.ts'
import type { Span, Trace } from './trace.ts'

/** Sends traces in batches. */
export interface Exporter {
  /** Queues a finished trace. */
  add(trace: Trace, spans: readonly Span[]): void
  /** Sends what is queued, when it is due; for `waitUntil`. Undefined if there is nothing to do. */
  flush(): Promise<void> | undefined
}

export interface MlflowOptions {
  readonly url: string
  readonly experimentId: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** How long the first trace of a batch waits for others. */
  readonly delayMs: number
  /** Is told of spans that arrived, and of those that were lost. */
  readonly count: (what: 'trace_spans_sent' | 'trace_spans_dropped', spans: number) => void
  readonly now: () => number
}

/** The spans of one trace. */
interface Queued {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly spans: number
}

/** A batch of this size is sent at once; the queue holds eight of them. */
const BATCH_BYTES = 524_288
const QUEUE_BYTES = 8 * BATCH_BYTES
const TIMEOUT_MS = 5_000
/** A warning about lost traces is not repeated for this long. */
const WARN_EVERY_MS = 10_000

/**
 * Sends traces to MLflow's OTLP endpoint in protobuf, which every version since 3.6 accepts
 * (https://mlflow.org/docs/latest/genai/tracing/opentelemetry/). A batch that fails is lost and counted.
 */
export function mlflowExporter(options: MlflowOptions): Exporter {
  const { url, delayMs, count, now } = options
  const headers = headersOf(options)
  let warnedAt = -Infinity

  const batching = new Batching<Queued>({
    async send(queued) {
      const response = await fetch(`${url}/v1/traces`, {
        method: 'POST',
        headers,
        body: otlpRequest(queued.map(({ bytes }) => bytes)),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`MLflow answered ${response.status}`)
      count('trace_spans_sent', spansIn(queued))
    },
    onLost(queued, why) {
      count('trace_spans_dropped', spansIn(queued))
      if (now() - warnedAt < WARN_EVERY_MS) return
      warnedAt = now()
      warn('traces not sent', why)
    },
    sizeOf: ({ bytes }) => bytes.length,
    batchSize: BATCH_BYTES,
    queueSize: QUEUE_BYTES,
    delayMs,
    timeoutMs: TIMEOUT_MS,
    now,
  })
  return {
    add: (trace, spans) => batching.add({ bytes: otlpSpans(trace, spans), spans: spans.length }),
    flush: () => batching.flush(),
  }
}

function headersOf({ experimentId, username, password = '' }: MlflowOptions): Headers {
  const headers = new Headers({
    'content-type': 'application/x-protobuf',
    'x-mlflow-experiment-id': experimentId,
  })
  if (username !== undefined) {
    headers.set('authorization', `Basic ${base64(`${username}:${password}`)}`)
  }
  return headers
}

const spansIn = (queued: readonly Queued[]) => queued.reduce((sum, { spans }) => sum + spans, 0)

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
