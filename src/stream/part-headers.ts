import { parameterizedValue } from './header-parameters.ts'
import { InvalidMultipart } from './multipart-scanner.ts'

/** What the headers of a part say (RFC 7578, 4). */
export interface PartHeaders {
  readonly name: string
  /** Undefined for a field that is text. */
  readonly fileName: string | undefined
  /** The `content-type`, if there is one. */
  readonly type: string | undefined
}

const LINE = /^([!#$%&'*+.^_`|~0-9a-z-]+):[ \t]*(.*)$/i
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/
const PRINTABLE = /^[\t -~]*$/
const FORM_DATA = 'form-data'
/** Only names the content as it is. RFC 7578, 4.7 deprecates the header: few servers decode it. */
const IDENTITIES: ReadonlySet<string> = new Set(['binary', '8bit', '7bit'])
/** The charsets of a text that is UTF-8. */
const UTF_8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii'])

/** Reads the header lines of a part, up to and including the empty one. Throws `InvalidMultipart`. */
export function partHeaders(bytes: Uint8Array): PartHeaders {
  const fields = headerFields(bytes)
  const disposition = parameterizedValue(fields.get('content-disposition') ?? '')
  const name = disposition?.parameters.get('name')
  if (disposition?.value !== FORM_DATA || name === undefined) {
    throw new InvalidMultipart('A field of the form has no valid content-disposition with a name.')
  }
  const { parameters } = disposition
  if ([...parameters.keys()].some((key) => key.startsWith('name*'))) {
    throw new InvalidMultipart('A field of the form has an encoded name.')
  }
  const coding = (fields.get('content-transfer-encoding') ?? 'binary').trim().toLowerCase()
  if (!IDENTITIES.has(coding)) {
    throw new InvalidMultipart(`The form uses the content-transfer-encoding ${coding}.`)
  }
  const type = fields.get('content-type')
  if (type !== undefined && !PRINTABLE.test(type)) {
    throw new InvalidMultipart('A field of the form has an invalid content-type.')
  }
  const fileName = fileNameOf(parameters)
  if (fileName === undefined && type !== undefined) requireUtf8(type)
  return { name, fileName, type }
}

function headerFields(bytes: Uint8Array): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of decoded(bytes).split('\r\n').slice(0, -2)) {
    const [, name, value] = LINE.exec(line) ?? []
    if (name === undefined || value === undefined || CONTROL.test(value)) {
      throw new InvalidMultipart('A field of the form has an invalid header line.')
    }
    const key = name.toLowerCase()
    if (fields.has(key)) throw new InvalidMultipart(`A field of the form has two ${key} headers.`)
    fields.set(key, value.trimEnd())
  }
  return fields
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new InvalidMultipart('The headers of a field are not valid UTF-8.')
  }
}

/**
 * The file's name. `filename*` counts more (RFC 6266, 4.3): .NET's client sends it beside a name that
 * it encoded as mail does. Without the path that a Windows client may put before it.
 */
function fileNameOf(parameters: ReadonlyMap<string, string>): string | undefined {
  const extended = parameters.get('filename*')
  const name = extended === undefined ? parameters.get('filename') : fromExtended(extended)
  return name?.slice(name.lastIndexOf('\\') + 1)
}

/** Decodes RFC 8187's `UTF-8''…`. */
function fromExtended(value: string): string {
  const [, encoded] = /^utf-8'[^']*'([^']*)$/i.exec(value) ?? []
  try {
    const name = decodeURIComponent(encoded ?? '%')
    if (!CONTROL.test(name)) return name
  } catch {
    // The same error.
  }
  throw new InvalidMultipart('A field of the form has an invalid encoded file name.')
}

function requireUtf8(type: string): void {
  const charset = parameterizedValue(type)?.parameters.get('charset') ?? 'utf-8'
  if (UTF_8.has(charset.toLowerCase())) return
  throw new InvalidMultipart('The text of the form must be UTF-8.')
}
