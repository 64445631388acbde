import { readFileSync } from 'node:fs'
import { Option } from 'commander'
import type { Command } from 'commander'
import { CommandError } from './admin-client.ts'
import type { AddCommand, CommandContext } from './edge.ts'
import { tracedRequests } from './mlflow-traces.ts'
import { duration, positiveNumber, wholeNumber } from './option-values.ts'
import { progressBar } from './progress.ts'
import { requestsIn } from './warm-requests-file.ts'
import { warm } from './warm-run.ts'
import type { WarmItem, WarmSummary } from './warm-run.ts'
import { warmSender } from './warm-sender.ts'
import { WarmState } from './warm-state.ts'

interface WarmCommandOptions {
  readonly mlflow?: string
  readonly experiment: string
  readonly since: number
  readonly tenant?: string
  readonly concurrency: number
  readonly rate?: number
  readonly budgetUsd?: number
  readonly state?: string
  readonly keyFile?: string
}

/** `edge warm`: sends requests through the gateway, so that their answers are in its cache. */
export const addWarm: AddCommand = (program, context) => {
  program
    .command('warm')
    .summary('fill the cache from a list of requests, or from traces')
    .description(
      'Sends requests through the gateway, as a caller whose key is read from EDGE_KEY. What is in ' +
        'the cache already costs nothing. The answers are in the cache of that caller.',
    )
    .argument('[requests]', 'a file of JSON lines: {"path", "body", "headers"}')
    .option('--mlflow <url>', "take the requests from MLflow's traces of the gateway")
    .option('--experiment <id>', 'the experiment of those traces', '0')
    .addOption(
      new Option('--since <duration>', 'how old traces may be: 30m, 24h, 7d')
        .argParser(duration)
        .default(duration('24h'), '24h'),
    )
    .option('--tenant <name>', 'only traces of this tenant')
    .option('--concurrency <number>', 'requests at the same time', wholeNumber, 4)
    .option('--rate <number>', 'requests per second, at most', positiveNumber)
    .option('--budget-usd <amount>', 'stop when so much is spent', positiveNumber)
    .option('--state <file>', 'remember what is done, and go on there the next time')
    .option('--key-file <file>', "read the caller's key from this file instead")
    .action((file: string | undefined, options: WarmCommandOptions, command: Command) => {
      if ((file === undefined) === (options.mlflow === undefined)) {
        command.error('Name a file of requests, or MLflow with --mlflow.')
      }
      return run(file, options, context())
    })
}

async function run(
  file: string | undefined,
  options: WarmCommandOptions,
  { url, output }: CommandContext,
): Promise<void> {
  const state = new WarmState(options.state)
  const send = warmSender(url, keyOf(options))
  const total = file === undefined ? 0 : await countRequests(file)
  const items = file === undefined ? fromMlflow(options) : fromFile(file)
  const interrupted = new AbortController()
  const interrupt = () => {
    output.note('Waiting for the requests under way. Press Ctrl-C again to leave at once.')
    interrupted.abort()
  }
  process.once('SIGINT', interrupt)
  const bar = progressBar(output, total, 'Filling the cache')
  try {
    const summary = await warm(items, {
      ...options,
      ratePerSecond: options.rate,
      send,
      state,
      signal: interrupted.signal,
      onProgress: (summary) => bar.advance(1, briefly(summary)),
    })
    bar.stop(briefly(summary))
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
    since: now - since,
    // The requests of this run are traced, too.
    until: now,
    tenant,
    username: process.env['MLFLOW_TRACKING_USERNAME'],
    password: process.env['MLFLOW_TRACKING_PASSWORD'],
  })
}

function keyOf({ keyFile }: WarmCommandOptions): string | undefined {
  if (keyFile === undefined) return process.env['EDGE_KEY'] || undefined
  try {
    return readFileSync(keyFile, 'utf8').trim()
  } catch (error) {
    throw new CommandError(
      `The key cannot be read: ${(error as Error).message}.`,
      "Name a file that holds a caller's key and nothing else.",
    )
  }
}

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

const usd = (amount: number) => `${Number(amount.toPrecision(4))} USD`

function briefly({ hits, filled, failed, cost_usd }: WarmSummary): string {
  return `${filled} filled, ${hits} hits, ${sumOf(failed)} failed, ${usd(cost_usd)}`
}

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
