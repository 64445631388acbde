import type { WrongAnswerReport } from '../../src/admin/report.ts'
import { CommandError } from './admin-client.ts'
import type { AddCommand } from './command.ts'

interface ReportOptions {
  readonly key?: string
  readonly requestId?: string
  readonly tenant?: string
  readonly reason?: string
}

/** `report`: deletes a wrong answer; a semantic hit is never matched again. */
export const reportCommand: AddCommand = (program, context) => {
  program
    .command('report')
    .description('delete a wrong answer; if it was a semantic hit, never match its questions again')
    .option('--key <key>', 'the x-cache-key of the answer')
    .option('--request-id <id>', 'the x-request-id of its request, for about an hour')
    .option('--tenant <tenant>', 'whose answer it was; needed with --request-id')
    .option('--reason <text>', 'what is wrong, for people')
    .action(async ({ key, requestId, tenant, reason }: ReportOptions) => {
      if ((key === undefined) === (requestId === undefined)) {
        throw new CommandError(
          'Which answer?',
          'Name it by --key, or by --request-id and --tenant.',
        )
      }
      const { admin, output } = context()
      const wrong = { key, request_id: requestId, tenant, reason }
      const done = await admin.post<WrongAnswerReport>('/admin/report', wrong)
      output.result(done, described(done))
    })
}

function described({ layer, purged, pair_refused, near_tiers_until }: WrongAnswerReport): string {
  const until = new Date(near_tiers_until).toISOString()
  return [
    `Deleted ${purged} ${purged === 1 ? 'entry' : 'entries'}.`,
    ...(layer === 'semantic'
      ? [
          pair_refused
            ? 'It was a semantic hit. Its two questions are never matched again.'
            : 'It was a semantic hit whose original is not known: its questions can match again.',
        ]
      : []),
    `Copies in other isolates and data centres end by ${until}.`,
  ].join('\n')
}
