import type * as entries from '../../src/admin/entries.ts'
import type { EntrySummary } from '../../src/admin/entry-summary.ts'
import type * as z from 'zod'
import type { AddCommand } from './command.ts'
import { entryTable } from './entry-table.ts'
import { filterOf, withFilter } from './filter-options.ts'
import type { FilterOptions } from './filter-options.ts'
import { columns, printable, printableLine } from './output.ts'

type Page = z.output<typeof entries.entriesAnswer>
type Count = z.output<typeof entries.countAnswer>

interface EntriesOptions extends FilterOptions {
  readonly limit?: string
  readonly cursor?: string
  readonly content: boolean
}

/** `entries`: lists entries, one page at a time. */
export const entriesCommand: AddCommand = (program, context) => {
  withFilter(program.command('entries'))
    .description('list entries of the exact cache')
    .option('--limit <n>', 'entries in the page')
    .option('--cursor <key>', 'where the page begins: the cursor that the page before has shown')
    .option('--content', 'show what was asked and answered', false)
    .action(async (options: EntriesOptions) => {
      const { admin, output } = context()
      const { limit, cursor, content } = options
      const query = { ...filterOf(options), limit, cursor, content: content ? 1 : 0 }
      const page = await admin.get<Page>('/admin/entries', query)
      const more = page.next === null ? '' : `\n\nMore: --cursor ${page.next}`
      const shown = page.entries.length === 0 ? 'No entries.' : entryTable(page.entries)
      output.result(page, `${shown}${content ? contents(page.entries) : ''}${more}`)
    })
}

function contents(all: readonly EntrySummary[]): string {
  return all
    .map(({ key, content }) =>
      printable(`\n\n${key}\n${content?.question ?? ''}\n${content?.body ?? ''}`),
    )
    .join('')
}

/** `count`: counts entries by one of their members. */
export const countCommand: AddCommand = (program, context) => {
  withFilter(program.command('count'))
    .description('count entries by tenant, model, api, source, namespace or age')
    .option('--by <member>', 'what to count by', 'model')
    .action(async (options: FilterOptions & { readonly by: string }) => {
      const { admin, output } = context()
      const query = { ...filterOf(options), by: options.by }
      const count = await admin.get<Count>('/admin/entries/count', query)
      const named =
        options.by === 'age'
          ? (end: string) => (end === 'older' ? end : `up to ${end} s`)
          : printableLine
      const rows = count.groups.map(({ name, entries }) => [named(name), String(entries)])
      const total = `${count.total} entries, ${count.expired} of them expired`
      output.result(
        count,
        columns([[options.by.toUpperCase(), 'ENTRIES'], ...rows]) + `\n\n${total}`,
      )
    })
}
