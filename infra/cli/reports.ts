import { writeFileSync } from 'node:fs'
import type { ReportsPage } from '../../src/admin/reports.ts'
import { CommandError } from './admin-client.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { columns, printableLine } from './output.ts'

interface ReportsOptions {
  readonly tenant?: string
  readonly limit?: string
  readonly cursor?: string
  readonly content: boolean
  readonly export?: string
}

/** `reports`: lists the answers that were reported as wrong, or exports their pairs of questions. */
export const reportsCommand: AddCommand = (program, context) => {
  program
    .command('reports')
    .description('list the answers that were reported as wrong, or export their pairs of questions')
    .option('--tenant <tenant>', 'only of this tenant')
    .option('--limit <n>', 'reports in the page')
    .option('--cursor <id>', 'where the page begins: the cursor that the page before has shown')
    .option('--content', 'show the two questions of semantic hits', false)
    .option('--export <file>', 'write the pairs to a file, for make semantic-eval PAIRS=file')
    .action(async (options: ReportsOptions) =>
      options.export === undefined
        ? list(options, context())
        : save(options.export, options.tenant, context()),
    )
}

async function list(
  { tenant, limit, cursor, content }: ReportsOptions,
  { admin, output }: CommandContext,
): Promise<void> {
  const query = { tenant, limit, cursor, content: content ? 1 : 0 }
  const page = await admin.get<ReportsPage>('/admin/reports', query)
  const more = page.next === null ? '' : `\n\nMore: --cursor ${page.next}`
  output.result(page, `${described(page.reports)}${more}`)
}

function described(reports: ReportsPage['reports']): string {
  if (reports.length === 0) return 'No reports.'
  const header = ['REPORTED', 'LAYER', 'KEY', 'MODEL', 'TENANT', 'BY', 'SAME', 'REASON']
  const rows = reports.map((one) => [
    new Date(one.reported_at).toISOString(),
    one.layer,
    one.key,
    printableLine(one.model ?? ''),
    printableLine(one.tenant),
    one.reported_by,
    one.same?.toFixed(2) ?? '',
    printableLine(one.reason ?? ''),
  ])
  const contents = reports.flatMap(({ key, content }) =>
    content === undefined
      ? []
      : [`\n\n${key}\na: ${JSON.stringify(content.a)}\nb: ${JSON.stringify(content.b)}`],
  )
  return columns([header, ...rows]) + contents.join('')
}

async function save(
  file: string,
  tenant: string | undefined,
  { admin, output }: CommandContext,
): Promise<void> {
  const lines = await admin.text('/admin/reports/export', { tenant })
  try {
    writeFileSync(file, lines)
  } catch (error) {
    const { code } = error as { code?: string }
    throw new CommandError(`${file} cannot be written (${code}).`, 'Name another file.')
  }
  const pairs = lines.split('\n').length - 1
  output.result({ file, pairs }, `Wrote ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} to ${file}.`)
}
