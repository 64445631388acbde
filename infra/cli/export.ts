import type * as z from 'zod'
import type { CassetteEntry } from '../../src/admin/cassette.ts'
import type { countAnswer } from '../../src/admin/entries.ts'
import type { GivenFilter } from '../../src/admin/entry-filter.ts'
import type { ExportPage } from '../../src/admin/export.ts'
import { CommandError } from './admin-client.ts'
import { writeAtomically } from './atomic-file.ts'
import { cassetteLines } from './cassette-file.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { filterOf, withFilter } from './filter-options.ts'
import type { FilterOptions } from './filter-options.ts'
import { progressBar } from './progress-bar.ts'
import { TenantCounts } from './tenant-counts.ts'

interface ExportOptions extends FilterOptions {
  readonly all: boolean
  readonly output: string
}

/** `export`: writes entries to a cassette. */
export const exportCommand: AddCommand = (program, context) => {
  withFilter(program.command('export'))
    .description('write entries to a cassette, a file that another gateway can import')
    .option('--all', 'every entry of every tenant', false)
    .requiredOption('--output <file>', 'the cassette')
    .action(async (options: ExportOptions) => exportCassette(options, context()))
}

async function exportCassette(
  options: ExportOptions,
  { admin, output }: CommandContext,
): Promise<void> {
  const given = filterOf(options)
  const filter: GivenFilter = { ...given, ...(options.all ? { all: true } : {}) }
  if (Object.keys(filter).length === 0) {
    throw new CommandError('Which entries?', 'Name them by --tenant, --tag, --model …, or --all.')
  }
  const { total } = await admin.get<z.output<typeof countAnswer>>('/admin/entries/count', given)
  const bar = progressBar('Exporting', total, output)
  const tenants = new TenantCounts()
  let unreadable = 0

  async function* entries(): AsyncGenerator<CassetteEntry> {
    let cursor: string | undefined
    do {
      const page = await admin.post<ExportPage>('/admin/export', { filter, cursor })
      for (const one of page.entries) {
        tenants.add(one.entry.tenant, 1)
        yield one
      }
      unreadable += page.unreadable
      bar.advance(page.entries.length)
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
  }

  await writeAtomically(
    options.output,
    cassetteLines({ created_at: Date.now(), filter }, entries()),
  )
  bar.end(`Wrote ${options.output}.`)
  const exported = tenants.total
  const text = [
    `Exported ${exported} entries to ${options.output}.`,
    ...(unreadable > 0 ? [`${unreadable} of another version were left out.`] : []),
    ...tenants.lines(),
  ].join('\n')
  output.result({ file: options.output, exported, unreadable, tenants: tenants.list() }, text)
}
