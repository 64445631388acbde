import { gateway } from './gateway.ts'
import type { GatewayOptions } from './gateway.ts'

/** A span as MLflow receives it. */
export interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly links?: readonly unknown[]
  readonly status: { readonly code: number; readonly message?: string }
  readonly attributes: readonly {
    readonly key: string
    readonly value: Readonly<Record<string, string>>
  }[]
}

/** A gateway that sends its traces to a fake MLflow, which keeps the requests and their spans. */
export function traced(env: Record<string, string> = {}, options: GatewayOptions = {}) {
  const requests: Request[] = []
  const spans: OtlpSpan[] = []
  const mlflow = {
    async fetch(request: Request) {
      requests.push(request.clone() as Request)
      const sent = await request.json<{
        resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[]
      }>()
      spans.push(...(sent.resourceSpans[0]?.scopeSpans[0]?.spans ?? []))
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

/** The value of a span's attribute; undefined if it has none. */
export const attribute = (span: OtlpSpan | undefined, key: string) =>
  Object.values(span?.attributes.find((one) => one.key === key)?.value ?? {})[0]

/** What a span shows of the request, or of the answer. */
export function shown(span: OtlpSpan | undefined, what: 'Inputs' | 'Outputs'): unknown {
  const text = attribute(span, `mlflow.span${what}`)
  return text === undefined ? undefined : JSON.parse(text)
}
