import { concatenate } from '../../src/stream/sse.ts'

/** One field of a form that a test writes by hand. */
export interface RawField {
  /** All header lines. */
  readonly headers: readonly string[]
  readonly content: string | Uint8Array
}

export const BOUNDARY = 'x-boundary'

const encoder = new TextEncoder()

/** A text field. */
export const text = (name: string, content: string): RawField => ({
  headers: [`Content-Disposition: form-data; name="${name}"`],
  content,
})

/** A file. */
export const file = (
  name: string,
  content: string | Uint8Array = 'sound',
  fileName = 'a.wav',
): RawField => ({
  headers: [
    `Content-Disposition: form-data; name="${name}"; filename="${fileName}"`,
    'Content-Type: audio/wav',
  ],
  content,
})

/** A form's bytes, exactly as given. */
export function rawForm(
  fields: readonly RawField[],
  { before = '', end = `--${BOUNDARY}--\r\n` }: { before?: string; end?: string } = {},
): Uint8Array<ArrayBuffer> {
  const parts = fields.flatMap(({ headers, content }) => [
    encoder.encode(`--${BOUNDARY}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`),
    typeof content === 'string' ? encoder.encode(content) : content,
    encoder.encode('\r\n'),
  ])
  return concatenate([encoder.encode(before), ...parts, encoder.encode(end)])
}

/** A request with these bytes as its form. */
export function formRequest(
  path: string,
  body: BodyInit,
  headers: Record<string, string> = {},
): Request {
  return new Request(`https://gateway${path}`, {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, ...headers },
    body,
  })
}
