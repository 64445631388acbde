import { MultipartParseError, MultipartParser } from '@remix-run/multipart-parser'
import type { MultipartPart } from '@remix-run/multipart-parser'

/** A field of a form (RFC 7578, 4). */
export interface FormField {
  readonly name: string
  /** Undefined for a text. */
  readonly fileName: string | undefined
  /** The `content-type`, if there is one. */
  readonly type: string | undefined
  /** Its bytes where they arrived. */
  readonly content: readonly Uint8Array[]
  readonly bytes: number
}

/** OpenAI's largest form has 16 images and a dozen texts. LiteLLM's parser accepts 1,000 fields. */
const MOST_PARTS = 200
/** Of the header lines of one part. */
const LONGEST_HEADERS_BYTES = 4_096
/** The parser copies the block that follows half a header, so large blocks are cut. */
const BLOCK_BYTES = 16_384
/** Only names the content as it is. RFC 7578, 4.7 deprecates the header: few servers decode it. */
const IDENTITIES: ReadonlySet<string> = new Set(['binary', '8bit', '7bit'])
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i
/** The charsets of a text that is UTF-8. */
const UTF_8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii'])
const PRINTABLE = /^[\t -~]*$/

/**
 * Finds the fields of a form as its bytes arrive, without copying their content. As lenient as its
 * parser, because LiteLLM gets a form that is written again. `push` and `end` throw
 * `MultipartParseError`.
 */
export class FormScanner {
  private readonly parser: MultipartParser
  private readonly parts: MultipartPart[] = []

  constructor(boundary: string) {
    this.parser = new MultipartParser(boundary, {
      maxParts: MOST_PARTS,
      maxHeaderSize: LONGEST_HEADERS_BYTES,
      // The body has a limit of its own.
      maxFileSize: Infinity,
    })
  }

  push(chunk: Uint8Array): void {
    try {
      for (let at = 0; at < chunk.length; at += BLOCK_BYTES) {
        this.parts.push(...this.parser.write(chunk.subarray(at, at + BLOCK_BYTES)))
      }
    } catch (error) {
      // The parser also throws if the last line break arrives after the last boundary.
      if (!this.isComplete()) throw error
    }
  }

  end(): readonly FormField[] {
    this.parser.finish()
    return this.parts.map(fieldOf)
  }

  private isComplete(): boolean {
    try {
      this.parser.finish()
      return true
    } catch {
      return false
    }
  }
}

function fieldOf(part: MultipartPart): FormField {
  const headers = headersOf(part)
  const { name, filename, content, size } = part
  if (name === undefined) throw new MultipartParseError('A field has no name')
  const coding = headers['content-transfer-encoding'] ?? 'binary'
  if (!IDENTITIES.has(coding.toLowerCase())) {
    throw new MultipartParseError('A field has a content-transfer-encoding')
  }
  const type = headers['content-type']
  if (type !== undefined && !PRINTABLE.test(type)) {
    throw new MultipartParseError('A field has an invalid content-type')
  }
  const charset = CHARSET.exec(type ?? '')?.[1] ?? 'utf-8'
  if (filename === undefined && !UTF_8.has(charset.toLowerCase())) {
    throw new MultipartParseError('A text is not UTF-8')
  }
  // Without the path that a Windows client may put before it.
  const fileName = filename?.slice(filename.lastIndexOf('\\') + 1)
  return { name, fileName, type, content, bytes: size }
}

function headersOf(part: MultipartPart): MultipartPart['headers'] {
  try {
    return part.headers
  } catch {
    throw new MultipartParseError('The headers of a field are not valid UTF-8')
  }
}
