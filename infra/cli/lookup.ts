import { readFileSync } from 'node:fs'
import type { LookupAnswer } from '../../src/admin/lookup.ts'
import { CommandError } from './admin-client.ts'
import type { AddCommand } from './command.ts'
import { entryTable } from './entry-table.ts'

interface LookupOptions {
  readonly tenant: string
  readonly user?: string
  readonly path: string
  readonly header: readonly string[]
}

/** `lookup`: the entries that would answer a request. */
export const lookupCommand: AddCommand = (program, context) => {
  program
    .command('lookup <file>')
    .description(
      'find the entries that would answer a request, whose JSON body is in a file (- is standard input)',
    )
    .requiredOption('--tenant <tenant>', 'whose cache would be asked')
    .option('--user <name>', 'the end user, if the tenant keeps its end users apart')
    .option('--path <path>', 'where the request would be sent', '/v1/chat/completions')
    .option(
      '--header <name: value…>',
      'a header that counts, such as x-cache-namespace',
      collected,
      [],
    )
    .action(async (file: string, { tenant, user, path, header }: LookupOptions) => {
      const { admin, output } = context()
      const found = await admin.send<LookupAnswer>(
        '/admin/lookup',
        { path, tenant, user },
        bodyIn(file),
        Object.fromEntries(header.map((line) => headerIn(line))),
      )
      output.result(found, described(found))
    })
}

const collected = (line: string, before: readonly string[]) => [...before, line]

function headerIn(line: string): [string, string] {
  const [, name, value] = /^([^\s:]+):\s*(.*)$/.exec(line) ?? []
  if (name === undefined || value === undefined) {
    throw new CommandError(`${line} is no header.`, "Write it as 'name: value'.")
  }
  return [name, value]
}

function bodyIn(file: string): string {
  try {
    return readFileSync(file === '-' ? process.stdin.fd : file, 'utf8')
  } catch (error) {
    const { code } = error as { code?: string }
    throw new CommandError(`${file} cannot be read (${code}).`, 'Name a file, or - and pipe it in.')
  }
}

function described({ bypass, inputs }: LookupAnswer): string {
  if (bypass !== null) return `This request is not cached: ${bypass}.`
  const states = inputs.map(({ key, state }) => `${key}  ${state}`).join('\n')
  const entries = inputs.flatMap(({ entry }) => (entry === null ? [] : [entry]))
  return entries.length === 0 ? states : `${states}\n\n${entryTable(entries)}`
}
