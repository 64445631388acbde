import type { Erasure } from '../../src/admin/erase.ts'
import { CommandError } from './admin-client.ts'
import { confirmed } from './confirmation.ts'
import type { AddCommand, CommandContext } from './command.ts'

interface EraseOptions {
  readonly tenant: string
  readonly user?: string
  readonly dryRun: boolean
  readonly yes: boolean
}

/** `erase`: erases a tenant or an end user, and says what is out of reach. */
export const eraseCommand: AddCommand = (program, context) => {
  program
    .command('erase')
    .description('erase what is stored of a tenant or an end user, and say what is out of reach')
    .requiredOption(
      '--tenant <tenant>',
      'whose data: a name, team:…, user:…, or the SHA-256 of a key',
    )
    .option('--user <name>', 'only this end user, if the tenant keeps its end users apart')
    .option('--dry-run', 'count, delete nothing', false)
    .option('--yes', 'do not ask', false)
    .action(async (options: EraseOptions) => erase(options, context()))
}

/** So often a request is repeated that deleted nothing more. */
const MOST_TRIES = 3

async function erase(options: EraseOptions, { admin, output }: CommandContext): Promise<void> {
  const { tenant, user, dryRun } = options
  const whose = user === undefined ? tenant : `${user} of ${tenant}`
  const wanted = { tenant, ...(user === undefined ? {} : { user }) }
  if (!dryRun) await confirmed(`Erase everything of ${whose}?`, options, output)
  const request = () => admin.post<Erasure>('/admin/erase', { ...wanted, dry_run: dryRun })
  let erased = await request()
  for (let tries = 1; !erased.done && tries < MOST_TRIES;) {
    const again = await request()
    tries = madeProgress(again) ? 1 : tries + 1
    erased = { ...again, reached: addedUp(erased.reached, again.reached) }
  }
  output.result(erased, described(erased, whose))
  if (!erased.done) throw new CommandError('Data is left.', 'See above; then run it again.')
}

const madeProgress = ({ reached }: Erasure) => reached.some(({ erased }) => (erased ?? 0) > 0)

function addedUp(before: Erasure['reached'], now: Erasure['reached']): Erasure['reached'] {
  return now.map((one, at) => {
    const { erased = null } = before[at] ?? {}
    const known = one.erased !== null || erased !== null
    return { ...one, erased: known ? (one.erased ?? 0) + (erased ?? 0) : null }
  })
}

function described({ dry_run, reached, not_reached }: Erasure, whose: string): string {
  return [
    dry_run ? `Would be erased of ${whose}:` : `Erased of ${whose}:`,
    ...reached.map(({ what, erased, failed }) => `  ${failed ?? erased ?? 'all'}  ${what}`),
    '',
    'Not reached:',
    ...not_reached.map(({ what, how }) => `  ${what}: ${how}`),
  ].join('\n')
}
