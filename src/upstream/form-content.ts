import type { FormField } from '../apis/form-fields.ts'
import type { Edit } from '../stream/spliced.ts'

/** A form to send: the bytes that arrived, and the edits that turn them into a form of our own. */
export interface FormContent {
  readonly parts: Uint8Array[]
  readonly edits: readonly Edit[]
  readonly contentType: string
}

/**
 * Writes a form again (RFC 7578): fields and files keep their bytes, which are not copied, but
 * boundaries and headers are new. So LiteLLM reads the fields that were checked, however its parser
 * would have read the caller's form. `replaced` are texts that replace fields or are added. The form's
 * length is `bytes`.
 */
export function formContent(
  parts: Uint8Array[],
  bytes: number,
  fields: readonly FormField[],
  replaced: Readonly<Record<string, string>>,
): FormContent {
  // Random, so no file can contain it.
  const boundary = `form-${crypto.randomUUID()}`
  const edits: Edit[] = []
  const added = new Map(Object.entries(replaced))
  let from = 0
  let text = ''
  const replace = (end: number) => {
    edits.push({ start: from, end, bytes: encoder.encode(text) })
    text = ''
  }
  for (const field of fields) {
    text += `--${boundary}\r\n${headersOf(field)}\r\n`
    const value = added.get(field.name)
    added.delete(field.name)
    if (value === undefined) replace(field.start)
    else {
      text += value
      replace(field.end)
    }
    from = field.end
    text = '\r\n'
  }
  for (const [name, value] of added) {
    text += `--${boundary}\r\n${headersOf({ name })}\r\n${value}\r\n`
  }
  text += `--${boundary}--\r\n`
  replace(bytes)
  return { parts, edits, contentType: `multipart/form-data; boundary=${boundary}` }
}

/** Escapes as browsers do (https://html.spec.whatwg.org/#multipart-form-data). */
function headersOf({ name, fileName, type }: Partial<FormField>): string {
  if (fileName === undefined) return `content-disposition: form-data; name="${name}"\r\n`
  const file = fileName.replaceAll('"', '%22')
  const typed = type === undefined ? '' : `content-type: ${type}\r\n`
  return `content-disposition: form-data; name="${name}"; filename="${file}"\r\n${typed}`
}

const encoder = new TextEncoder()
