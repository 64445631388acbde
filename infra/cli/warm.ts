import type { Command } from 'commander'
import { callerKey } from './caller-key.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { secondsIn } from './filter-options.ts'
import { tracedRequests } from './mlflow-traces.ts'
import { positiveNumber, wholeNumber } from './option-numbers.ts'
import { progressBar } from './progress-bar.ts'
import { requestsIn } from './warm-requests-file.ts'
import { warm } from './warm-run.ts'
import type { WarmItem, WarmSummary } from './warm-run.ts'
import { warmSender } from './warm-sender.ts'
import { WarmState } from './warm-state.ts'

interface WarmCommandOptions {
  readonly mlflow?: string
  readonly experiment: string
  readonly since: string
  readonly tenant?: string
  readonly concurrency: number
  readonly rate?: number
  readonly budgetUsd?: number
  readonly state?: string
  readonly keyFile?: string
}

/** `warm`: sends requests through the gateway, so that their answers are in its cache. */
export const warmCommand: AddCommand = (program, context) => {
  program
    .command('warm [requests]')
    .description("fill a caller's cache: send a file of requests, or those in traces, with its key")
    .option('--mlflow <url>', "take the requests from MLflow's traces of the gateway")
    .option('--experiment <id>', 'the experiment of those traces', '0')
    .option('--since <age>', 'how old traces may be: 15m, 6h, 2d', '24h')
    .option('--tenant <tenant>', 'only traces of this tenant')
    .option('--concurrency <n>', 'requests at the same time', wholeNumber, 4)
    .option('--rate <n>', 'requests per second, at most', positiveNumber)
    .option('--budget-usd <amount>', 'stop when so much is spent', positiveNumber)
    .option('--state <file>', 'remember what is done, and go on there the next time')
    .option('--key-file <file>', "a file with the caller's key (or EDGE_KEY in the environment)")
    .action(async (file: string | undefined, options: WarmCommandOptions, command: Command) => {
      if ((file === undefined) === (options.mlflow === undefined)) {
        command.error('Name a file of requests, or MLflow with --mlflow.')
      }
      await run(file, options, context())
    })
}

async function run(
  file: string | undefined,
  options: WarmCommandOptions,
  { url, output }: CommandContext,
): Promise<void> {
  const key = callerKey(options.keyFile, 'EDGE_KEY')
  const state = new WarmState(options.state, JSON.stringify([url, key]))
  const send = warmSender(url, key)
  const total = file === undefined ? 0 : await countRequests(file)
  const items = file === undefined ? fromMlflow(options) : fromFile(file)
  const interrupted = new AbortController()
  const interrupt = () => {
    output.note('Waiting for the requests under way. Press Ctrl-C again to leave at once.')
    interrupted.abort()
  }
  process.once('SIGINT', interrupt)
  const bar = progressBar('Filling the cache', total, output)
  try {
    const summary = await warm(items, {
      concurrency: options.concurrency,
      ratePerSecond: options.rate,
      budgetUsd: options.budgetUsd,
      send,
      state,
      signal: interrupted.signal,
      onProgress: () => bar.advance(1),
    })
    bar.end(summary.stopped === null ? 'Done.' : summary.stopped.message)
    output.result(summary, described(summary, options))
    if (summary.stopped !== null || sumOf(summary.failed) > 0) process.exitCode = 1
  } finally {
    process.off('SIGINT', interrupt)
  }
}

/** Checks the whole file before anything is sent and paid for. */
async function countRequests(file: string): Promise<number> {
  let count = 0
  for await (const _ of requestsIn(file)) count += 1
  return count
}

async function* fromFile(file: string): AsyncGenerator<WarmItem> {
  for await (const request of requestsIn(file)) yield { request }
}

function fromMlflow({
  mlflow = '',
  experiment,
  since,
  tenant,
}: WarmCommandOptions): AsyncIterable<WarmItem> {
  const now = Date.now()
  return tracedRequests({
    url: mlflow.replace(/\/+$/, ''),
    experimentId: experiment,
    since: now - secondsIn(since) * 1000,
    // The requests of this run are traced, too.
    until: now,
    tenant,
    username: process.env['MLFLOW_TRACKING_USERNAME'],
    password: process.env['MLFLOW_TRACKING_PASSWORD'],
  })
}

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

const usd = (amount: number) => `${Number(amount.toPrecision(4))} USD`

function described(summary: WarmSummary, { budgetUsd, state }: WarmCommandOptions): string {
  const { hits, filled, not_stored, failed, errors, skipped, unpriced, stopped } = summary
  const { cost_usd, earlier_cost_usd } = summary
  const earlier = earlier_cost_usd > 0 ? `, and ${usd(earlier_cost_usd)} before` : ''
  const lines = [
    `${filled} filled: their answers are in the cache now`,
    `${hits} hits: in the cache already`,
    ...(not_stored > 0 ? [`${not_stored} answered, but such answers are not stored`] : []),
    ...Object.entries(failed).map(
      ([status, count]) => `${count} failed with ${status}: ${errors[status]}`,
    ),
    ...Object.entries(skipped).map(([reason, count]) => `${count} skipped: ${reason}`),
    `${usd(cost_usd)} spent${earlier}`,
    ...(unpriced > 0 ? [unpricedNote(unpriced, budgetUsd)] : []),
  ]
  if (stopped !== null) {
    lines.push(`Stopped: ${stopped.message}`)
    if (state !== undefined) lines.push('Run the command again to go on.')
  }
  return lines.join('\n')
}

const unpricedNote = (count: number, budgetUsd: number | undefined) =>
  `${count} answers have no known price, so that does not count them` +
  (budgetUsd === undefined ? '' : ', and the budget does not limit them')
