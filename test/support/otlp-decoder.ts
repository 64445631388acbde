/** A protobuf message by field number; each field's values in order. */
type Message = Map<number, (bigint | Uint8Array)[]>

/** A span as MLflow receives it. */
export interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: bigint
  readonly endTimeUnixNano: bigint
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly status: { readonly code: number; readonly message?: string }
  readonly attributes: Readonly<Record<string, string | number | boolean>>
}

/** The spans in an `ExportTraceServiceRequest`. Throws if it is malformed. */
export function spansIn(bytes: Uint8Array): OtlpSpan[] {
  return messages(decode(bytes), 1)
    .flatMap((resource) => messages(resource, 2))
    .flatMap((scope) => messages(scope, 2))
    .map(spanOf)
}

function spanOf(span: Message): OtlpSpan {
  const parent = hexOf(span, 4)
  const status = messages(span, 15)[0] ?? new Map()
  const message = textOf(status, 2)
  return {
    traceId: hexOf(span, 1) ?? '',
    spanId: hexOf(span, 2) ?? '',
    ...(parent === undefined ? {} : { parentSpanId: parent }),
    name: textOf(span, 5) ?? '',
    kind: Number(span.get(6)?.[0]),
    startTimeUnixNano: span.get(7)?.[0] as bigint,
    endTimeUnixNano: span.get(8)?.[0] as bigint,
    links: messages(span, 13).map((link) => ({
      traceId: hexOf(link, 1) ?? '',
      spanId: hexOf(link, 2) ?? '',
    })),
    status: {
      code: Number(status.get(3)?.[0]),
      ...(message === undefined ? {} : { message }),
    },
    attributes: Object.fromEntries(
      messages(span, 9).map((pair) => [textOf(pair, 1), valueOf(messages(pair, 2)[0]!)]),
    ),
  }
}

function valueOf(value: Message): string | number | boolean {
  const text = textOf(value, 1)
  if (text !== undefined) return text
  if (value.has(2)) return value.get(2)?.[0] === 1n
  if (value.has(3)) return Number(value.get(3)?.[0])
  const bits = new DataView(new ArrayBuffer(8))
  bits.setBigUint64(0, value.get(4)?.[0] as bigint)
  return bits.getFloat64(0)
}

const messages = (of: Message, field: number) =>
  (of.get(field) ?? []).map((bytes) => decode(bytes as Uint8Array))

function textOf(of: Message, field: number): string | undefined {
  const bytes = of.get(field)?.[0] as Uint8Array | undefined
  return bytes && new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}

function hexOf(of: Message, field: number): string | undefined {
  const bytes = of.get(field)?.[0] as Uint8Array | undefined
  return bytes && Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Decodes the fields of a message (https://protobuf.dev/programming-guides/encoding/). */
function decode(bytes: Uint8Array): Message {
  const found: Message = new Map()
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Error('A number is cut off.')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new Error('A number is too long.')
  }
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error('A field is cut off.')
    at += length
    return bytes.subarray(at - length, at)
  }
  const fixed = () => {
    const taken = take(8)
    return new DataView(taken.buffer, taken.byteOffset).getBigUint64(0, true)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const kind = tag & 7
    if (![0, 1, 2].includes(kind)) throw new Error(`No field has the wire type ${kind}.`)
    const value = kind === 0 ? varint() : kind === 1 ? fixed() : take(Number(varint()))
    found.set(tag >> 3, [...(found.get(tag >> 3) ?? []), value])
  }
  return found
}
