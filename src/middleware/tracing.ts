import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Api } from '../apis/api.ts'
import type { ParsedRequest } from '../apis/request.ts'
import { nameOf } from '../auth/caller.ts'
import type { Caller } from '../auth/caller.ts'
import type { Identity } from '../cache/canonical.ts'
import type { AppEnv } from '../env.ts'
import type { Exporter } from '../telemetry/exporter.ts'
import { parseTraceparent, Trace } from '../telemetry/trace.ts'
import type { Attribute, TracePolicy } from '../telemetry/trace.ts'
import { errorTypeOf, gatewayErrorOf, outcomeOf, statusOf } from './request-outcome.ts'

export interface TracingOptions {
  /** Undefined turns tracing off. */
  readonly exporter: Exporter | undefined
  readonly policy: TracePolicy
  readonly now: () => number
}

/**
 * Requests without a valid key, or past their rate limit, that are traced, per minute and isolate:
 * nobody can fill MLflow with them. The ledger counts the others, too.
 */
const MOST_STRANGERS = 60
const MINUTE_MS = 60_000

/** Traces each request to an API, refused ones included. The trace is sent after the last byte. */
export const tracing = ({ exporter, policy, now }: TracingOptions) => {
  const strangers = { since: 0, traced: 0 }
  const isTraced = (c: Context<AppEnv>) => {
    const isOverLimit = gatewayErrorOf(c)?.code === 'rate_limit_exceeded'
    if (c.get('caller') !== undefined && !isOverLimit) return true
    if (now() - strangers.since >= MINUTE_MS) Object.assign(strangers, { since: now(), traced: 0 })
    strangers.traced += 1
    return strangers.traced <= MOST_STRANGERS
  }

  return (api: Api) =>
    createMiddleware<AppEnv>(async (c, next) => {
      const trace = new Trace(`${c.req.method} ${printable(c.req.path)}`, {
        now,
        policy,
        sampled: exporter !== undefined && Math.random() < policy.sampleRate,
        link: parseTraceparent(c.req.header('traceparent')),
      })
      c.set('trace', trace)
      await next()
      if (exporter === undefined || !trace.sampled || !isTraced(c)) return
      describe(c, api, trace)
      const spans = trace.finished()
      if (spans instanceof Promise) {
        c.executionCtx.waitUntil(
          spans.then((ended) => {
            exporter.add(trace, ended)
            return exporter.flush()
          }),
        )
        return
      }
      exporter.add(trace, spans)
      const sending = exporter.flush()
      if (sending !== undefined) c.executionCtx.waitUntil(sending)
    })
}

/**
 * Adds what is known of the request to the root span
 * (https://opentelemetry.io/docs/specs/semconv/http/http-spans/, …/gen-ai/gen-ai-spans/). No token
 * counts: MLflow adds up all spans of a trace, and LiteLLM's have them.
 */
function describe(c: Context<AppEnv>, api: Api, trace: Trace): void {
  const { root } = trace
  // Undefined if the request was refused before they were known.
  const request = c.get('request') as ParsedRequest | undefined
  const caller = c.get('caller') as Caller | undefined
  const error = errorTypeOf(c)
  const session = request?.session ?? nameOf(c.req.header('x-session-id'))
  const set = (name: string, value: Attribute | undefined) => {
    if (value !== undefined && value !== '') root.attributes[name] = value
  }
  set('mlflow.spanType', 'CHAIN')
  set('http.request.method', c.req.method)
  set('http.response.status_code', statusOf(c))
  set('url.path', printable(c.req.path))
  set('url.query', printable(queryOf(request?.identity)))
  for (const [name, value] of Object.entries(request?.identity.headers ?? {})) {
    set(`http.request.header.${name}`, printable(value))
  }
  set('request.id', c.get('requestId'))
  set('gen_ai.operation.name', api.operation)
  set('gen_ai.request.model', printable(request?.model))
  set('cache.outcome', outcomeOf(c))
  set('cache.namespace', printable(request?.identity.namespace))
  set('cache.policy', request?.policy.name)
  set('tenant.id', caller?.payer)
  set('session.id', printable(session))
  set('user.id', printable(request?.user))
  set('error.type', error)
  if (statusOf(c) >= 400) root.error ??= error
  if (request === undefined) {
    trace.showInput(() => ({ content: { request: root.name }, isBody: false }))
  }
  const refused = gatewayErrorOf(c)
  if (refused !== undefined) {
    const { code, message, param } = refused
    trace.showOutput(() => ({ error: { code, message, param } }))
  }
}

/** What counts of the query string, which is a part of the identity's path. */
const queryOf = (identity: Identity | undefined) => identity?.path.split('?')[1]

/** In characters. What a caller makes up must not fill the queue of spans. */
const LONGEST_ATTRIBUTE = 512

/** Databases refuse zero characters, and MLflow then refuses the whole batch. */
const printable = <Text extends string | undefined>(text: Text) =>
  text?.slice(0, LONGEST_ATTRIBUTE).replaceAll('\0', '�') as Text
