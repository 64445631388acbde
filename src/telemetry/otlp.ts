import { ProtobufWriter } from './protobuf.ts'
import type { Attribute, Link, Span, Trace } from './trace.ts'

/** What the gateway is called in traces. */
const SERVICE = 'edge-llm-cache'

const KIND = { internal: 1, server: 2, client: 3 } as const
const STATUS = { ok: 1, error: 2 } as const

/**
 * Writes the spans of a finished trace, as a part of a `ScopeSpans` message
 * (https://github.com/open-telemetry/opentelemetry-proto/blob/v1.9.0/opentelemetry/proto/trace/v1/trace.proto).
 * By hand, because every hit pays for it: request and answer are copied as they are.
 */
export function writeSpans(writer: ProtobufWriter, trace: Trace, spans: readonly Span[]): void {
  for (const span of spans) writeSpan(writer, trace, span)
}

/** An `ExportTraceServiceRequest` in protobuf, with what `writeSpans` wrote. */
export function otlpRequest(spans: Uint8Array): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter(spans.length + 256)
  const resourceSpans = writer.begin(1)
  const resource = writer.begin(1)
  writeAttribute(writer, 1, 'service.name', SERVICE)
  writer.end(resource)
  const scopeSpans = writer.begin(2)
  const scope = writer.begin(1)
  writer.text(1, SERVICE)
  writer.end(scope)
  writer.append(spans)
  writer.end(scopeSpans)
  writer.end(resourceSpans)
  return writer.take()
}

function writeSpan(writer: ProtobufWriter, { traceId, root, link }: Trace, span: Span): void {
  const { spanId, parentSpanId, name, kind, startedAt, endedAt = startedAt, attributes } = span
  const start = writer.begin(2)
  writer.hex(1, traceId)
  writer.hex(2, spanId)
  if (parentSpanId !== undefined) writer.hex(4, parentSpanId)
  writer.text(5, name)
  writer.whole(6, KIND[kind])
  writer.nanoseconds(7, startedAt)
  writer.nanoseconds(8, endedAt)
  for (const key in attributes) writeAttribute(writer, 9, key, attributes[key])
  if (span === root && link !== undefined) writeLink(writer, link)
  writeStatus(writer, span.error)
  writer.end(start)
}

function writeLink(writer: ProtobufWriter, { traceId, spanId }: Link): void {
  const start = writer.begin(13)
  writer.hex(1, traceId)
  writer.hex(2, spanId)
  writer.end(start)
}

function writeStatus(writer: ProtobufWriter, error: string | undefined): void {
  const start = writer.begin(15)
  if (error !== undefined) writer.text(2, error)
  writer.whole(3, error === undefined ? STATUS.ok : STATUS.error)
  writer.end(start)
}

function writeAttribute(
  writer: ProtobufWriter,
  field: number,
  name: string,
  value: Attribute | undefined,
): void {
  if (value === undefined) return
  const start = writer.begin(field)
  writer.text(1, name)
  const valueStart = writer.begin(2)
  writeValue(writer, value)
  writer.end(valueStart)
  writer.end(start)
}

function writeValue(writer: ProtobufWriter, value: Attribute): void {
  if (typeof value === 'string') return writer.text(1, value)
  if (value instanceof Uint8Array) return writer.raw(1, value)
  if (typeof value === 'boolean') return writer.whole(2, value ? 1 : 0)
  if (Number.isSafeInteger(value) && value >= 0) return writer.whole(3, value)
  writer.double(4, value)
}
