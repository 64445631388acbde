import type { Mlflow } from '../telemetry/mlflow.ts'
import { MlflowError } from '../telemetry/mlflow.ts'
import { otlpRequest, writeSpans } from '../telemetry/otlp.ts'
import { ProtobufWriter } from '../telemetry/protobuf.ts'
import { Trace } from '../telemetry/trace.ts'
import type { Span } from '../telemetry/trace.ts'
import { failed, ok, skipped, warning } from './check.ts'
import type { Check, Finding } from './check.ts'
import type { Wait } from './wait.ts'

export interface MlflowOptions {
  /** Undefined if tracing is off. */
  readonly mlflow: Mlflow | undefined
  readonly wait: Wait
  readonly now: () => number
}

/** Before each attempt to read the span: MLflow may store it after it has answered. */
const WAITS_MS = [0, 250, 500, 1_000]

/** Writes one span to MLflow and reads it back. */
export function mlflowChecks({ mlflow, wait, now }: MlflowOptions): readonly Check[] {
  return [
    {
      what: 'mlflow: span',
      cure: 'Check MLFLOW_URL and that MLflow runs. Until then traces are lost; callers notice nothing.',
      async examine(signal) {
        if (mlflow === undefined) {
          return skipped('There is no MLFLOW_URL.', 'Set it to trace requests.')
        }
        const { traceId, bytes } = span(now)
        try {
          await mlflow.send(bytes, signal)
        } catch (error) {
          if (error instanceof MlflowError) return refusal(error.status)
          throw error
        }
        for (const ms of WAITS_MS) {
          await wait(ms, signal)
          try {
            if (await mlflow.has(traceId, signal)) return ok('A span was written and read back.')
          } catch (error) {
            if (!(error instanceof MlflowError)) throw error
            return warning(
              `MLflow accepted a span, but answered ${error.status} when it was read.`,
              'Check that the user may read traces, and that MLflow is 3.6 or later.',
            )
          }
        }
        return failed(
          'MLflow accepted a span, but does not have it in this experiment.',
          'Check MLFLOW_EXPERIMENT_ID, and see the log of MLflow.',
        )
      },
    },
  ]
}

/** A trace of one span without content. */
function span(now: () => number) {
  const policy = { sampleRate: 1, includeContent: false }
  const trace = new Trace('doctor', { policy, sampled: true, link: undefined, now })
  const writer = new ProtobufWriter(256)
  writeSpans(writer, trace, trace.finished() as readonly Span[])
  return { traceId: trace.traceId, bytes: otlpRequest(writer.take()) }
}

function refusal(status: number): Finding {
  return failed(`MLflow answered ${status} to a span.`, CURES[status] ?? 'See the log of MLflow.')
}

const CURES: Readonly<Record<number, string>> = {
  401: 'Set MLFLOW_USERNAME and MLFLOW_PASSWORD.',
  403: 'Allow the host of MLFLOW_URL with --allowed-hosts, or the user to write to the experiment.',
  404: 'Set MLFLOW_EXPERIMENT_ID to the number of an experiment that exists. MLflow must be 3.6 or later.',
  422: 'Set MLFLOW_EXPERIMENT_ID to the number of an experiment that exists.',
  501: 'Start MLflow with a database: its file store takes no traces.',
}
