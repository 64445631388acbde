import type { Attribute, Span, Trace } from './trace.ts'

/** What the gateway is called in traces. */
const SERVICE = 'edge-llm-cache'

const KIND = { internal: 1, server: 2, client: 3 } as const
const STATUS = { ok: 1, error: 2 } as const

/**
 * An `ExportTraceServiceRequest` in OTLP's JSON encoding: hex ids, nanoseconds as strings
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). `spans` are texts of `otlpSpans`.
 */
export function otlpRequest(spans: readonly string[]): string {
  const resource = `{"attributes":${attributesText({ 'service.name': SERVICE })}}`
  const scopeSpans = `[{"scope":{"name":"${SERVICE}"},"spans":[${spans.join(',')}]}]`
  return `{"resourceSpans":[{"resource":${resource},"scopeSpans":${scopeSpans}}]}`
}

/**
 * The spans of a finished trace as JSON, separated by commas. Written by hand, because objects made
 * for `JSON.stringify` alone would cost several times as much on every hit.
 */
export function otlpSpans(trace: Trace, spans: readonly Span[]): string {
  let text = ''
  for (const span of spans) text += (text === '' ? '' : ',') + spanText(trace, span)
  return text
}

function spanText({ traceId, root, link }: Trace, span: Span): string {
  const { spanId, parentSpanId, name, kind, startedAt, endedAt, attributes, error } = span
  const parent = parentSpanId === undefined ? '' : `"parentSpanId":"${parentSpanId}",`
  const links = span === root && link !== undefined ? `"links":[${JSON.stringify(link)}],` : ''
  const status =
    error === undefined
      ? `{"code":${STATUS.ok}}`
      : `{"code":${STATUS.error},"message":${JSON.stringify(error)}}`
  return (
    `{"traceId":"${traceId}","spanId":"${spanId}",${parent}"name":${JSON.stringify(name)},` +
    `"kind":${KIND[kind]},"startTimeUnixNano":"${nanoseconds(startedAt)}",` +
    `"endTimeUnixNano":"${nanoseconds(endedAt ?? startedAt)}",` +
    `"attributes":${attributesText(attributes)},${links}"status":${status}}`
  )
}

/** A double has too few digits for epoch nanoseconds; milliseconds have none after the point. */
const nanoseconds = (milliseconds: number) => `${Math.round(milliseconds)}000000`

function attributesText(attributes: Readonly<Record<string, Attribute>>): string {
  let text = ''
  for (const key in attributes) {
    const value = attributes[key]
    if (value === undefined) continue
    text += `${text === '' ? '' : ','}{"key":"${key}","value":${valueText(value)}}`
  }
  return `[${text}]`
}

function valueText(value: Attribute): string {
  if (typeof value === 'string') return `{"stringValue":${JSON.stringify(value)}}`
  if (typeof value === 'boolean') return `{"boolValue":${value}}`
  if (!Number.isFinite(value)) return `{"stringValue":"${value}"}`
  return Number.isInteger(value) ? `{"intValue":"${value}"}` : `{"doubleValue":${value}}`
}
