import { readFileSync } from 'node:fs'
import { CommandError } from './admin-client.ts'

/**
 * A caller's key, from a file or from a variable of the environment; undefined without either. Keys are
 * never arguments: other users of the machine see those. Throws a `CommandError`.
 */
export function callerKey(file: string | undefined, variable: string): string | undefined {
  if (file === undefined) return process.env[variable] || undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new CommandError(`${file} cannot be read.`, 'Name a file with one key in it.')
  }
}
