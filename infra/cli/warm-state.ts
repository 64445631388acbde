import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import * as z from 'zod'
import { CommandError } from './admin-client.ts'

const stateLine = z.strictObject({
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  cost_usd: z.number().nonnegative().nullable(),
})

/**
 * The requests that are done and what they cost, so that another run goes on where this one stopped.
 * With a file, each one is appended as one line at once; a line that a crash has cut off is done again.
 */
export class WarmState {
  /** Digests of the requests that need not be sent, each with its place. */
  readonly done: Set<string>
  /** What they have cost. */
  readonly spentUsd: number
  private readonly file: string | undefined
  private readonly place: string

  /** `place` is whose cache is filled: done there is not done elsewhere. */
  constructor(file: string | undefined, place = '') {
    const lines = file === undefined || !existsSync(file) ? [] : readState(file)
    this.file = file
    this.place = place
    this.done = new Set(lines.map(({ digest }) => digest))
    this.spentUsd = lines.reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0)
  }

  /** Whether a request need not be sent. */
  isDone(request: string): boolean {
    return this.done.has(this.digestOf(request))
  }

  /** Remembers a request, by its digest. */
  add(request: string, costUsd: number | null): void {
    const digest = this.digestOf(request)
    this.done.add(digest)
    if (this.file === undefined) return
    appendFileSync(this.file, `${JSON.stringify({ digest, cost_usd: costUsd })}\n`, { mode: 0o600 })
  }

  private digestOf(request: string): string {
    return createHash('sha256')
      .update(JSON.stringify([this.place, request]))
      .digest('hex')
  }
}

/** The beginning of every line. */
const BEGINNING = '{"digest":"'

/** The lines of a state file. Ends the last one if a crash has cut it off. */
function readState(file: string): z.output<typeof stateLine>[] {
  const text = readFileSync(file, 'utf8')
  const lines = text.split('\n').filter((line) => line !== '')
  const read = lines.flatMap((line, at) => {
    const value = jsonOf(line)
    const parsed = stateLine.safeParse(value)
    if (parsed.success) return parsed.data
    const isCut = value === undefined && BEGINNING.startsWith(line.slice(0, BEGINNING.length))
    if (isCut) return []
    throw new CommandError(
      `Line ${at + 1} of ${file} is not of a state file of this command.`,
      'Name another file with --state; this command makes it.',
    )
  })
  if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n')
  return read
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
