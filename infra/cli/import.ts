import { createReadStream } from 'node:fs'
import type { CassetteEntry } from '../../src/admin/cassette.ts'
import type { Import } from '../../src/admin/import.ts'
import { CommandError } from './admin-client.ts'
import { cassetteEntries } from './cassette-file.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { wholeNumber } from './option-numbers.ts'
import { progressBar } from './progress-bar.ts'
import { TenantCounts } from './tenant-counts.ts'

interface ImportOptions {
  readonly ttlSeconds: number
  readonly keepExpiry: boolean
}

/** A day, which is the longest TTL by default, and longer than a run of CI. */
const TTL_SECONDS = 86_400

/** `import`: stores the entries of a cassette. */
export const importCommand: AddCommand = (program, context) => {
  program
    .command('import <file>')
    .description('store the entries of a cassette, once all of it has been checked')
    .option('--ttl-seconds <n>', 'how long they are fresh from now on', wholeNumber, TTL_SECONDS)
    .option('--keep-expiry', 'keep the times at which they expire instead', false)
    .action(async (file: string, options: ImportOptions) =>
      importCassette(file, options, context()),
    )
}

async function importCassette(
  file: string,
  { ttlSeconds, keepExpiry }: ImportOptions,
  { admin, output }: CommandContext,
): Promise<void> {
  const total = await checkedLength(file)
  const bar = progressBar('Importing', total, output)
  const unreachable = new TenantCounts()
  const sums = { imported: 0, expired: 0, too_large: 0, reported: 0 }
  for await (const entries of pages(read(file))) {
    const page = await admin.post<Import>('/admin/import', {
      entries,
      ...(keepExpiry ? {} : { ttl_seconds: ttlSeconds }),
    })
    sums.imported += page.imported
    sums.expired += page.expired
    sums.too_large += page.too_large
    sums.reported += page.reported
    for (const { tenant, entries } of page.unreachable) unreachable.add(tenant, entries)
    bar.advance(entries.length)
  }
  bar.end(`Imported ${file}.`)
  const { imported, expired, too_large, reported } = sums
  const text = [
    `Imported ${imported} of ${total} entries.`,
    ...(expired > 0
      ? [`${expired} skipped: they have expired. Without --keep-expiry they last longer.`]
      : []),
    ...(too_large > 0 ? [`${too_large} skipped: larger than CACHE_MAX_ENTRY_BYTES.`] : []),
    ...(reported > 0 ? [`${reported} skipped: their answers were reported as wrong.`] : []),
    ...(unreachable.total > 0 ? [NOBODY, ...unreachable.lines()] : []),
  ].join('\n')
  output.result({ file, ...sums, unreachable: unreachable.list() }, text)
  // A cassette that answers nobody is no success, however well it was stored.
  if (total > 0 && imported === unreachable.total) process.exitCode = 1
}

const NOBODY =
  'The tenant is in the key of an entry, and no caller of this gateway has these. Give a key in ' +
  'GATEWAY_KEYS that tenant (docs/cassettes.md):'

/** The number of entries. Throws a `CommandError` unless all of the file is as it was written. */
async function checkedLength(file: string): Promise<number> {
  let length = 0
  for await (const _ of read(file)) length += 1
  return length
}

async function* read(file: string): AsyncGenerator<CassetteEntry> {
  try {
    yield* cassetteEntries(createReadStream(file))
  } catch (error) {
    if (error instanceof CommandError || !(error instanceof Error && 'code' in error)) throw error
    throw new CommandError(`${file} cannot be read: ${error.message}.`, 'Name a cassette.')
  }
}

/** The gateway takes 500 entries in a request. */
const MOST_ENTRIES = 200
/** In characters. As JSON in UTF-8, each may take six bytes, and the gateway takes 16 MiB. */
const FULL_PAGE = 2 * 1024 * 1024

/** Entries in groups for one request each. */
async function* pages(entries: AsyncIterable<CassetteEntry>): AsyncGenerator<CassetteEntry[]> {
  let page: CassetteEntry[] = []
  let size = 0
  for await (const one of entries) {
    const length = one.entry.body.length
    if (page.length === MOST_ENTRIES || (page.length > 0 && size + length > FULL_PAGE)) {
      yield page
      page = []
      size = 0
    }
    page.push(one)
    size += length
  }
  if (page.length > 0) yield page
}
