import type { Attribute, Span, Trace } from './trace.ts'

/** Sends a finished trace; rejects if that fails. */
export type Exporter = (trace: Trace) => Promise<void>

export interface MlflowOptions {
  readonly url: string
  readonly experimentId: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly timeoutMs?: number
}

/** Sends traces to MLflow's OTLP endpoint as OTLP/JSON (https://mlflow.org/docs/latest/genai/tracing/opentelemetry/). */
export function mlflowExporter(options: MlflowOptions): Exporter {
  const { url, experimentId, username, password = '', timeoutMs = 5_000 } = options
  const headers = new Headers({
    'content-type': 'application/json',
    'x-mlflow-experiment-id': experimentId,
  })
  if (username !== undefined) {
    headers.set('authorization', `Basic ${base64(`${username}:${password}`)}`)
  }
  return async (trace) => {
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers,
      body: JSON.stringify(await otlpRequest(trace)),
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`MLflow answered ${response.status}`)
  }
}

const KIND = { internal: 1, server: 2, client: 3 } as const
const STATUS = { ok: 1, error: 2 } as const

/** An `ExportTraceServiceRequest` in OTLP's JSON encoding: hex ids, nanoseconds as strings. */
async function otlpRequest(trace: Trace): Promise<object> {
  const spans = await trace.finished()
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': 'edge-llm-cache' }) },
        scopeSpans: [
          { scope: { name: 'edge-llm-cache' }, spans: spans.map((span) => otlpSpan(trace, span)) },
        ],
      },
    ],
  }
}

function otlpSpan(trace: Trace, span: Span): object {
  return {
    traceId: trace.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: KIND[span.kind],
    startTimeUnixNano: nanoseconds(span.startedAt),
    endTimeUnixNano: nanoseconds(span.endedAt ?? span.startedAt),
    attributes: attributes(span.attributes),
    ...(span === trace.root && trace.link !== undefined ? { links: [trace.link] } : {}),
    status:
      span.error === undefined ? { code: STATUS.ok } : { code: STATUS.error, message: span.error },
  }
}

function nanoseconds(milliseconds: number): string {
  return `${BigInt(Math.round(milliseconds)) * 1_000_000n}`
}

function attributes(of: Record<string, Attribute>): object[] {
  return Object.entries(of).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: Attribute): object {
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'string') return { stringValue: value }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
