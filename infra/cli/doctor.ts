import { styleText } from 'node:util'
import type { Diagnosis, Result, State } from '../../src/doctor/check.ts'
import { callerKey } from './caller-key.ts'
import type { AddCommand } from './command.ts'
import { columns } from './output.ts'

interface DoctorOptions {
  readonly model?: string
  readonly embeddingModel?: string
  readonly keyFile?: string
  readonly otherKeyFile?: string
  readonly free: boolean
  readonly strict: boolean
}

/** `edge doctor`: examines every part of the gateway. Exits with 1 if a check failed. */
export const doctorCommand: AddCommand = (program, context) => {
  program
    .command('doctor')
    .description('examine settings, Qdrant, LiteLLM, both caches, isolation, MLflow and the sweep')
    .option('--model <name>', 'a cheap chat model; without one, nothing is sent through the caches')
    .option('--embedding-model <name>', "the model that LiteLLM's cache embeds with")
    .option('--key-file <file>', "a file with a caller's key (or EDGE_KEY in the environment)")
    .option('--other-key-file <file>', 'the same for another tenant (or EDGE_OTHER_KEY)')
    .option('--free', 'skip every check that costs money', false)
    .option('--strict', 'exit with 2 if a check has a warning', false)
    .action(async (options: DoctorOptions) => {
      const { admin, output } = context()
      output.note('Examining; this takes up to 30 s …')
      const diagnosis = await admin.post<Diagnosis>('/admin/doctor', bodyOf(options))
      output.result(diagnosis, report(diagnosis))
      process.exitCode = exitCode(diagnosis, options.strict)
    })
}

function bodyOf({ model, embeddingModel, keyFile, otherKeyFile, free }: DoctorOptions): object {
  return {
    model,
    embedding_model: embeddingModel,
    key: callerKey(keyFile, 'EDGE_KEY'),
    other_key: callerKey(otherKeyFile, 'EDGE_OTHER_KEY'),
    free,
  }
}

/** 0, or 1 if a check failed; `strict` turns warnings into 2. */
export function exitCode({ status }: Pick<Diagnosis, 'status'>, strict: boolean): 0 | 1 | 2 {
  if (status === 'failed') return 1
  return strict && status === 'warning' ? 2 : 0
}

const COLOURS = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'dim' } as const

/** One line for each check, with the cure below it, and how many there were of each state. */
export function report({ checks }: Pick<Diagnosis, 'checks'>): string {
  const rows = checks.flatMap((check) => [lineOf(check), ...cureOf(check)])
  const states = Object.keys(COLOURS) as State[]
  const counts = states.map((state) => [state, checks.filter((one) => one.state === state).length])
  const summary = counts
    .filter(([, count]) => count !== 0)
    .map(([state, count]) => `${count} ${state}`)
  return `${columns(rows)}\n\n${summary.join(', ')}`
}

const lineOf = ({ what, state, detail }: Result) => [styleText(COLOURS[state], state), what, detail]

const cureOf = ({ cure }: Result) => (cure === null ? [] : [['', '', `→ ${cure}`]])
