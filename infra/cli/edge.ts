#!/usr/bin/env node
/** `npm run edge -- …` or `npx edge-llm-cache …`: what an operator does, as a command. */

import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { AdminClient, CommandError } from './admin-client.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { doctorCommand } from './doctor.ts'
import { countCommand, entriesCommand } from './entries.ts'
import { eraseCommand } from './erase.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { lookupCommand } from './lookup.ts'
import { standardOutput } from './output.ts'
import { policiesCommand } from './policies.ts'
import { purgeCommand } from './purge.ts'
import { reportCommand } from './report.ts'
import { reportsCommand } from './reports.ts'
import { warmCommand } from './warm.ts'

/** The commands, in the order of `--help`. */
const commands: readonly AddCommand[] = [
  entriesCommand,
  countCommand,
  lookupCommand,
  purgeCommand,
  eraseCommand,
  exportCommand,
  importCommand,
  warmCommand,
  reportCommand,
  reportsCommand,
  policiesCommand,
  doctorCommand,
]

const DEFAULT_URL = 'http://127.0.0.1:8787'

const program = new Command('edge-llm-cache')
  .description('Operates an edge-llm-cache gateway. Its admin key is read from ADMIN_KEY.')
  .version(packageJson.version)
  .option('--url <url>', 'address of the gateway', process.env['EDGE_URL'] ?? DEFAULT_URL)
  .option('--json', 'print results as JSON', false)
  .showHelpAfterError('(--help shows what is possible)')

function context(): CommandContext {
  const { url, json } = program.opts<{ url: string; json: boolean }>()
  const address = url.replace(/\/+$/, '')
  return {
    admin: new AdminClient({ url: address, adminKey: process.env['ADMIN_KEY'] || undefined }),
    url: address,
    output: standardOutput(json),
  }
}

for (const add of commands) add(program, context)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommandError)) throw error
  console.error([error.message, error.cure].filter(Boolean).join('\n'))
  process.exitCode = 1
}
