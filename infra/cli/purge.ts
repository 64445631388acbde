import type { GivenFilter } from '../../src/admin/entry-filter.ts'
import type { Purge } from '../../src/admin/purge.ts'
import { CommandError } from './admin-client.ts'
import { confirmed } from './confirmation.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { entryTable } from './entry-table.ts'
import { filterOf, withFilter } from './filter-options.ts'
import type { FilterOptions } from './filter-options.ts'
import { progressBar } from './progress-bar.ts'

interface PurgeOptions extends FilterOptions {
  readonly all: boolean
  readonly dryRun: boolean
  readonly yes: boolean
}

/** `purge`: deletes entries, and the same answers in LiteLLM's semantic cache. */
export const purgeCommand: AddCommand = (program, context) => {
  withFilter(program.command('purge'))
    .description("delete entries, and the same answers in LiteLLM's semantic cache")
    .option('--all', 'every entry of every tenant', false)
    .option('--dry-run', 'count and show a few, delete nothing', false)
    .option('--yes', 'do not ask', false)
    .action(async (options: PurgeOptions) => purge(options, context()))
}

async function purge(options: PurgeOptions, { admin, output }: CommandContext): Promise<void> {
  const filter: GivenFilter = { ...filterOf(options), ...(options.all ? { all: true } : {}) }
  if (Object.keys(filter).length === 0) {
    throw new CommandError('Which entries?', 'Name them by --key, --tag, --model …, or --all.')
  }
  const planned = await admin.post<Purge>('/admin/purge', { filter, dry_run: true })
  if (options.dryRun) {
    const table = planned.examples.length === 0 ? '' : `\n${entryTable(planned.examples)}`
    return output.result(planned, `${counted(planned.matched)} would be deleted.${table}`)
  }
  if (planned.matched > 0) {
    await confirmed(`Delete ${counted(planned.matched)}?`, options, output)
  }
  const bar = progressBar('Deleting', planned.matched, output)
  let purged = await admin.post<Purge>('/admin/purge', { filter })
  let { matched, derived, semantic } = purged
  bar.advance(matched)
  while (!purged.done) {
    purged = await admin.post<Purge>('/admin/purge', { filter })
    matched += purged.matched
    derived += purged.derived
    semantic = {
      purged: semantic.purged + purged.semantic.purged,
      incomplete: semantic.incomplete ?? purged.semantic.incomplete,
    }
    bar.advance(purged.matched)
  }
  bar.end(`Deleted ${counted(matched)}.`)
  const until = new Date(purged.near_tiers_until).toISOString()
  const text = [
    `Deleted ${counted(matched)}, and ${semantic.purged} in LiteLLM's semantic cache.`,
    ...(derived === 0
      ? []
      : [`Deleted ${counted(derived)} more, semantic hits with their answers.`]),
    `Copies in other isolates and data centres end by ${until}.`,
  ].join('\n')
  output.result({ ...purged, matched, derived, semantic }, text)
  if (semantic.incomplete !== null) {
    throw new CommandError(
      semantic.incomplete,
      'The same purge finds them no more. See docs/admin.md.',
    )
  }
}

const counted = (entries: number) =>
  `${entries.toLocaleString('en')} ${entries === 1 ? 'entry' : 'entries'}`
