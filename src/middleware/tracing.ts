import { createMiddleware } from 'hono/factory'
import { warn } from '../telemetry/log.ts'
import type { Exporter } from '../telemetry/otlp.ts'
import { parseTraceparent, Trace } from '../telemetry/trace.ts'
import type { TracePolicy } from '../telemetry/trace.ts'
import type { AppEnv } from '../env.ts'

export interface TracingOptions {
  /** Undefined turns tracing off. */
  readonly exporter: Exporter | undefined
  readonly policy: TracePolicy
  readonly now: () => number
}

/** Traces each request and sends the trace after the last byte. A failure is only logged. */
export const tracing = ({ exporter, policy, now }: TracingOptions) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const trace = new Trace(`${c.req.method} ${c.req.path}`, {
      now,
      policy,
      sampled: exporter !== undefined && Math.random() < policy.sampleRate,
      link: parseTraceparent(c.req.header('traceparent')),
    })
    c.set('trace', trace)
    await next()
    Object.assign(trace.root.attributes, {
      'mlflow.spanType': 'CHAIN',
      'http.request.method': c.req.method,
      'http.response.status_code': c.res.status,
      'url.path': c.req.path,
      'request.id': c.var.requestId,
    })
    if (c.res.status >= 400) trace.root.error ??= `status ${c.res.status}`
    if (!trace.sampled || exporter === undefined) return
    c.executionCtx.waitUntil(exporter(trace).catch((error) => warn('trace not sent', error)))
  })
