import type { Command } from 'commander'
import type { GivenFilter } from '../../src/admin/entry-filter.ts'
import { CommandError } from './admin-client.ts'

/** The options of `withFilter`. */
export interface FilterOptions {
  readonly key?: string
  readonly tenant?: string
  readonly model?: string
  readonly tag?: string
  readonly namespace?: string
  readonly api?: string
  readonly source?: 'llm' | 'semantic'
  readonly olderThan?: string
  readonly newerThan?: string
}

/** Adds the options that say which entries a command is about. */
export function withFilter(command: Command): Command {
  return command
    .option('--key <key>', 'the entry with this x-cache-key')
    .option('--tenant <tenant>', 'whose cache: a name, team:…, user:…, or the SHA-256 of a key')
    .option('--model <model>', 'the model as requests name it')
    .option('--tag <tag>', 'a label given with x-cache-tags')
    .option('--namespace <name>', 'a namespace given with x-cache-namespace; "" for none')
    .option('--api <path>', 'the canonical path, such as /v1/chat/completions')
    .option('--source <source>', 'llm, or semantic for stored semantic hits')
    .option('--older-than <age>', 'made at least so long ago: 90s, 15m, 6h, 2d')
    .option('--newer-than <age>', 'made at most so long ago')
}

/** The filter that the options say. Throws a `CommandError` for an age that is none. */
export function filterOf(options: FilterOptions): GivenFilter {
  const { olderThan, newerThan, key, tenant, model, tag, namespace, api, source } = options
  const given = {
    key,
    tenant,
    model,
    tag,
    namespace,
    api,
    source,
    older_than_seconds: olderThan === undefined ? undefined : secondsIn(olderThan),
    newer_than_seconds: newerThan === undefined ? undefined : secondsIn(newerThan),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** The seconds in a duration such as `15m`. Throws a `CommandError`. */
export function secondsIn(duration: string): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(duration) ?? []
  if (amount === undefined) {
    throw new CommandError(`${duration} is no duration.`, 'Write it as 90s, 15m, 6h or 2d.')
  }
  return Number(amount) * SECONDS[unit as keyof typeof SECONDS]
}
