import { createHash } from 'node:crypto'
import type * as z from 'zod'
import { CASSETTE_VERSION, cassetteEntry, cassetteHeader } from '../../src/admin/cassette.ts'
import type { CassetteEntry, CassetteHeader, CassetteTrailer } from '../../src/admin/cassette.ts'
import { KEY_FORMAT } from '../../src/cache/canonical.ts'
import { CommandError } from './admin-client.ts'
import { LineTooLong, linesOf } from './lines.ts'

/** A longer line would not fit a request to the gateway, which takes 16 MiB. */
const LONGEST_LINE_BYTES = 15 * 1024 * 1024

const lineOf = (value: object) => `${JSON.stringify(value)}\n`

/** A cassette, line by line: its header, its entries, and the trailer with their checksum. */
export async function* cassetteLines(
  header: Pick<CassetteHeader, 'created_at' | 'filter'>,
  entries: AsyncIterable<CassetteEntry>,
): AsyncGenerator<string> {
  const hash = createHash('sha256')
  const first = lineOf({ cassette: CASSETTE_VERSION, key_format: KEY_FORMAT, ...header })
  hash.update(first)
  yield first
  let count = 0
  for await (const entry of entries) {
    const line = lineOf(entry)
    hash.update(line)
    count += 1
    yield line
  }
  yield trailerLine({ entries: count, sha256: hash.digest('hex') })
}

const trailerLine = ({ entries, sha256 }: CassetteTrailer) => lineOf({ entries, sha256 })

/**
 * The entries of a cassette, checked one by one. Throws a `CommandError` if it is of another version,
 * was cut off or was changed, which is known only at its end: read all of it before you use any of it.
 */
export async function* cassetteEntries(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<CassetteEntry> {
  const hash = createHash('sha256')
  let number = 0
  let last: Buffer | undefined
  try {
    for await (const line of linesOf(chunks, LONGEST_LINE_BYTES)) {
      number += 1
      // The last line is the trailer, so a line is read when the next one has begun.
      if (last !== undefined) {
        hash.update(last)
        if (number === 2) checkHeader(last)
        else yield valueOf(last, number - 1, cassetteEntry)
      }
      last = line
    }
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error
    throw notImported(`Line ${number + 1} is longer than ${LONGEST_LINE_BYTES} bytes.`)
  }
  if (last === undefined) throw notImported('The file is empty.')
  if (number === 1) checkHeader(last)
  const expected = trailerLine({ entries: Math.max(0, number - 2), sha256: hash.digest('hex') })
  if (last.toString() === expected) return
  throw notImported(
    isTrailer(last)
      ? 'The file was changed: its checksum does not match.'
      : 'The file is cut off: the line with its checksum is missing.',
  )
}

/** Says what is wrong with a header, the version first: everything else depends on it. */
function checkHeader(line: Buffer): void {
  const value = jsonOf(line)
  const { cassette, key_format } = (value ?? {}) as Record<string, unknown>
  if (typeof cassette !== 'number') {
    throw notImported('The file is no cassette: its first line is not the header of one.')
  }
  if (cassette !== CASSETTE_VERSION) {
    throw new CommandError(
      `The cassette has version ${cassette}; this command reads version ${CASSETTE_VERSION}.`,
      'Export it again, or use the command of that version.',
    )
  }
  if (key_format !== KEY_FORMAT) {
    throw new CommandError(
      `The cassette has keys of format ${String(key_format)}; this gateway's have format ${KEY_FORMAT}.`,
      'Its entries would never be found. Record it again with this version of the gateway.',
    )
  }
  valueOf(line, 1, cassetteHeader)
}

function valueOf<Value>(line: Buffer, number: number, schema: z.ZodType<Value>): Value {
  const parsed = schema.safeParse(jsonOf(line))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const reason = [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')
  throw notImported(`Line ${number} is not what it should be. ${reason}`)
}

function jsonOf(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString())
  } catch {
    return undefined
  }
}

function isTrailer(line: Buffer): boolean {
  const value = jsonOf(line)
  return typeof value === 'object' && value !== null && 'sha256' in value
}

const notImported = (message: string) =>
  new CommandError(message, 'Nothing was imported. Export the cassette again.')
