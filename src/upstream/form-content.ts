import type { FormField } from '../stream/form-scanner.ts'

/** A form to send. */
export interface FormContent {
  readonly parts: Uint8Array[]
  readonly contentType: string
}

/**
 * Writes a form again (RFC 7578): fields and files keep their bytes, which are not copied, but
 * boundaries and headers are new. So LiteLLM reads the fields that were checked, however its parser
 * would have read the caller's form. `replaced` are texts that replace fields or are added.
 */
export function formContent(
  fields: readonly FormField[],
  replaced: Readonly<Record<string, string>>,
): FormContent {
  // Random, so no file can contain it.
  const boundary = `form-${crypto.randomUUID()}`
  const parts: Uint8Array[] = []
  const write = (text: string) => parts.push(encoder.encode(text))
  const added = new Map(Object.entries(replaced))
  for (const field of fields) {
    const value = added.get(field.name)
    added.delete(field.name)
    write(`--${boundary}\r\n${headersOf(field)}\r\n${value ?? ''}`)
    if (value === undefined) for (const piece of field.content) parts.push(piece)
    write('\r\n')
  }
  for (const [name, value] of added) {
    write(`--${boundary}\r\n${headersOf({ name })}\r\n${value}\r\n`)
  }
  write(`--${boundary}--\r\n`)
  return { parts, contentType: `multipart/form-data; boundary=${boundary}` }
}

function headersOf({ name, fileName, type }: Partial<FormField>): string {
  if (fileName === undefined) return `content-disposition: form-data; name="${name}"\r\n`
  const file = fileName.replaceAll(UNSAFE, escaped)
  const typed = type === undefined ? '' : `content-type: ${type}\r\n`
  return `content-disposition: form-data; name="${name}"; filename="${file}"\r\n${typed}`
}

/** Quotes and controls. Browsers escape quotes and line breaks (https://html.spec.whatwg.org/#multipart-form-data). */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /["\u0000-\u001f\u007f]/g
const escaped = (character: string) => encodeURIComponent(character)

const encoder = new TextEncoder()
