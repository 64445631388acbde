import { gateway } from './gateway.ts'
import type { GatewayOptions } from './gateway.ts'
import { spansIn } from './otlp-decoder.ts'
import type { OtlpSpan } from './otlp-decoder.ts'

/** A gateway that sends its traces to a fake MLflow, which keeps the requests and their spans. */
export function traced(env: Record<string, string> = {}, options: GatewayOptions = {}) {
  const requests: { readonly headers: Headers; readonly bytes: Uint8Array }[] = []
  const spans: OtlpSpan[] = []
  const mlflow = {
    async fetch(request: Request) {
      const bytes = new Uint8Array(await request.arrayBuffer())
      requests.push({ headers: request.headers, bytes })
      spans.push(...spansIn(bytes))
      return new Response()
    },
  }
  const made = gateway({
    ...options,
    env: { MLFLOW_URL: 'http://mlflow', MLFLOW_EXPERIMENT_ID: '7', ...env, ...options.env },
    hosts: { mlflow, ...options.hosts },
  })
  /** The root spans, one for each request. */
  const roots = () => spans.filter(({ parentSpanId }) => parentSpanId === undefined)
  return { ...made, requests, spans, roots }
}

/** What a span shows of the request, or of the answer. */
export function shown(span: OtlpSpan | undefined, what: 'Inputs' | 'Outputs'): unknown {
  const text = span?.attributes[`mlflow.span${what}`]
  return typeof text === 'string' ? JSON.parse(text) : undefined
}
