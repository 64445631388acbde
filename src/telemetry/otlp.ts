import { ProtobufWriter } from './protobuf.ts'
import type { Attribute, Span, Trace } from './trace.ts'

/** What the gateway is called in traces. */
const SERVICE = 'edge-llm-cache'

const KIND = { internal: 1, server: 2, client: 3 } as const
const STATUS = { ok: 1, error: 2 } as const

/** One for all traces: its buffer is as large as the largest of them. */
const writer = new ProtobufWriter()

/**
 * The spans of a finished trace as a part of a `ScopeSpans` message
 * (https://github.com/open-telemetry/opentelemetry-proto/blob/v1.9.0/opentelemetry/proto/trace/v1/trace.proto).
 * Written by hand, because every hit pays for it: request and answer are copied as they are.
 */
export function otlpSpans(trace: Trace, spans: readonly Span[]): Uint8Array<ArrayBuffer> {
  for (const span of spans) writeSpan(trace, span)
  return writer.take()
}

/** An `ExportTraceServiceRequest` in protobuf. `parts` are spans that `otlpSpans` wrote. */
export function otlpRequest(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const resourceSpans = writer.begin(1)
  const resource = writer.begin(1)
  writeAttribute(1, 'service.name', SERVICE)
  writer.end(resource)
  const scopeSpans = writer.begin(2)
  const scope = writer.begin(1)
  writer.text(1, SERVICE)
  writer.end(scope)
  writer.reserve(parts.reduce((sum, { length }) => sum + length, 0))
  for (const part of parts) writer.append(part)
  writer.end(scopeSpans)
  writer.end(resourceSpans)
  return writer.take()
}

function writeSpan({ traceId, root, link }: Trace, span: Span): void {
  const { spanId, parentSpanId, name, kind, startedAt, endedAt = startedAt, attributes } = span
  const start = writer.begin(2)
  writer.hex(1, traceId)
  writer.hex(2, spanId)
  if (parentSpanId !== undefined) writer.hex(4, parentSpanId)
  writer.text(5, name)
  writer.whole(6, KIND[kind])
  writer.nanoseconds(7, startedAt)
  writer.nanoseconds(8, endedAt)
  for (const key in attributes) writeAttribute(9, key, attributes[key])
  if (span === root && link !== undefined) writeLink(link)
  writeStatus(span.error)
  writer.end(start)
}

function writeLink({ traceId, spanId }: NonNullable<Trace['link']>): void {
  const start = writer.begin(13)
  writer.hex(1, traceId)
  writer.hex(2, spanId)
  writer.end(start)
}

function writeStatus(error: string | undefined): void {
  const start = writer.begin(15)
  if (error !== undefined) writer.text(2, error)
  writer.whole(3, error === undefined ? STATUS.ok : STATUS.error)
  writer.end(start)
}

function writeAttribute(field: number, name: string, value: Attribute | undefined): void {
  if (value === undefined) return
  const start = writer.begin(field)
  writer.text(1, name)
  const valueStart = writer.begin(2)
  writeValue(value)
  writer.end(valueStart)
  writer.end(start)
}

function writeValue(value: Attribute): void {
  if (typeof value === 'string') return writer.text(1, value)
  if (value instanceof Uint8Array) return writer.raw(1, value)
  if (typeof value === 'boolean') return writer.whole(2, value ? 1 : 0)
  if (Number.isSafeInteger(value) && value >= 0) return writer.whole(3, value)
  writer.double(4, value)
}
