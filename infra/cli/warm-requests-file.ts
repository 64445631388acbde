import { createReadStream } from 'node:fs'
import { CommandError } from './admin-client.ts'
import { LineTooLong, linesOf } from './lines.ts'
import { warmRequest } from './warm-request.ts'
import type { WarmRequest } from './warm-request.ts'

/** The gateway takes no larger request by default. */
const LONGEST_LINE_BYTES = 33_554_432

/**
 * The requests of a file of JSON lines; empty lines are skipped. Throws a `CommandError` that names the
 * line and what is wrong with it.
 */
export async function* requestsIn(file: string): AsyncGenerator<WarmRequest> {
  let number = 0
  try {
    for await (const line of linesOf(createReadStream(file), LONGEST_LINE_BYTES)) {
      number += 1
      const text = line.toString().trim()
      if (text !== '') yield requestOf(text, file, number)
    }
  } catch (error) {
    if (error instanceof CommandError) throw error
    const reason = error instanceof LineTooLong ? `line ${number + 1} has ${error.message}` : error
    throw new CommandError(
      `${file} cannot be read: ${reason instanceof Error ? reason.message : reason}.`,
      'Name a file of JSON lines, one request a line; docs/cassettes.md has an example.',
    )
  }
}

function requestOf(text: string, file: string, number: number): WarmRequest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid(file, number, 'is no JSON')
  }
  const parsed = warmRequest.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalid(file, number, [issue?.path.join('.'), issue?.message].filter(Boolean).join(': '))
}

const invalid = (file: string, number: number, reason: string) =>
  new CommandError(
    `Line ${number} of ${file}: ${reason}.`,
    'Nothing was sent. A line is {"path": "/v1/…", "body": {…}, "headers": {…}}.',
  )
