import { Batching } from './batching.ts'
import type { Queue } from './batching.ts'
import { throttled, warn } from './log.ts'
import { mlflow } from './mlflow.ts'
import type { MlflowAddress } from './mlflow.ts'
import { otlpRequest, writeSpans } from './otlp.ts'
import { ProtobufWriter } from './protobuf.ts'
import type { Span, Trace } from './trace.ts'

/** Sends traces in batches. */
export interface Exporter {
  /** Queues a finished trace. */
  add(trace: Trace, spans: readonly Span[]): void
  /** Sends what is queued, when it is due; for `waitUntil`. Undefined if there is nothing to do. */
  flush(): Promise<void> | undefined
}

export interface MlflowOptions extends MlflowAddress {
  /** How long the first trace of a batch waits for others. */
  readonly delayMs: number
  /** Sends what was counted; for `waitUntil`. */
  readonly flushCounts: () => Promise<void> | undefined
  /** Is told of spans that arrived, and of those that were lost. */
  readonly count: (what: 'trace_spans_sent' | 'trace_spans_dropped', spans: number) => void
  readonly now: () => number
}

/** Spans that are sent together. */
interface SpanBatch {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly spans: number
}

/** A batch of this size is sent at once; the queue holds eight of them. */
const BATCH_BYTES = 524_288
const QUEUE_BYTES = 8 * BATCH_BYTES
const TIMEOUT_MS = 5_000

/** Sends traces to MLflow. A batch that fails is lost and counted. */
export function mlflowExporter(options: MlflowOptions): Exporter {
  const { delayMs, count, now } = options
  const { send } = mlflow(options)
  const queue = new SpanQueue()
  const warnOfLoss = throttled((why) => warn('traces not sent', why), now)

  function lost(spans: number, why: unknown): void {
    count('trace_spans_dropped', spans)
    warnOfLoss(why)
  }

  const batching = new Batching<SpanBatch>({
    queue,
    async send({ bytes, spans }) {
      await send(otlpRequest(bytes), AbortSignal.timeout(TIMEOUT_MS))
      count('trace_spans_sent', spans)
    },
    onLost: ({ spans }, why) => lost(spans, why),
    batchSize: BATCH_BYTES,
    delayMs,
    timeoutMs: TIMEOUT_MS,
    now,
  })
  return {
    add(trace, spans) {
      if (queue.size > QUEUE_BYTES) lost(spans.length, 'the queue is full')
      else queue.add(trace, spans)
    },
    flush: () => batching.flush()?.then(() => options.flushCounts()),
  }
}

/** Spans in one buffer: an object for each would cost every hit more than writing it. */
class SpanQueue implements Queue<SpanBatch> {
  private readonly writer = new ProtobufWriter(16_384)
  private spans = 0

  get size(): number {
    return this.writer.length
  }

  add(trace: Trace, spans: readonly Span[]): void {
    writeSpans(this.writer, trace, spans)
    this.spans += spans.length
  }

  take(): SpanBatch {
    const { spans } = this
    this.spans = 0
    return { bytes: this.writer.take(), spans }
  }
}
