/** Where MLflow is, without a slash at the end, and who asks it. */
export interface MlflowAddress {
  readonly url: string
  readonly experimentId: string
  readonly username?: string | undefined
  readonly password?: string | undefined
}

/** MLflow refused a request. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError'
  readonly status: number
  constructor(status: number) {
    super(`MLflow answered ${status}`)
    this.status = status
  }
}

/** The calls to MLflow. */
export interface Mlflow {
  /** Sends an `ExportTraceServiceRequest`. */
  send(request: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void>
  /** Whether this experiment has the trace of these 32 hex digits. */
  has(traceId: string, signal: AbortSignal): Promise<boolean>
}

/**
 * MLflow over `fetch`. Spans go to its OTLP endpoint in protobuf, which every version since 3.6
 * accepts (https://mlflow.org/docs/latest/genai/tracing/opentelemetry/). Rejects with `MlflowError`
 * if it refuses.
 */
export function mlflow(address: MlflowAddress): Mlflow {
  const { url, experimentId } = address
  const authorization = basicOf(address)
  return {
    async send(body, signal) {
      const headers = {
        ...authorization,
        'content-type': 'application/x-protobuf',
        'x-mlflow-experiment-id': experimentId,
      }
      const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body, signal })
      await response.body?.cancel()
      if (!response.ok) throw new MlflowError(response.status)
    },

    async has(traceId, signal) {
      const path = `${url}/api/3.0/mlflow/traces/tr-${traceId}`
      const response = await fetch(path, { headers: authorization, signal })
      if (response.ok) {
        const { trace } = (await response.json()) as TraceAnswer
        const place = trace?.trace_info?.trace_location?.mlflow_experiment
        return place?.experiment_id === experimentId
      }
      await response.body?.cancel()
      if (response.status === 404) return false
      throw new MlflowError(response.status)
    },
  }
}

/** The part that is read. */
interface TraceAnswer {
  readonly trace?: {
    readonly trace_info?: {
      readonly trace_location?: { readonly mlflow_experiment?: { readonly experiment_id?: string } }
    }
  }
}

function basicOf({ username, password = '' }: MlflowAddress): { authorization?: string } {
  if (username === undefined) return {}
  const bytes = new TextEncoder().encode(`${username}:${password}`)
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` }
}
