import { GatewayError } from '../errors.ts'
import { isTimeout, untilAborted, withTimeout } from '../stream/timeout.ts'

export const states = ['ok', 'warning', 'failed', 'skipped'] as const
export type State = (typeof states)[number]

/** What a check found. */
export interface Finding {
  readonly state: State
  /** What was seen, in one sentence. */
  readonly detail: string
  /** What to do; null if nothing. */
  readonly cure: string | null
}

/** One question about the gateway or a server behind it. */
export interface Check {
  /** What it examines, as docs/doctor.md lists it. */
  readonly what: string
  /** What to do if it has no answer at all. */
  readonly cure: string
  /** How long it may take. */
  readonly timeoutMs?: number
  /** May throw: that is a failed check. */
  readonly examine: (signal: AbortSignal) => Finding | Promise<Finding>
}

/** A check and what it found. */
export interface Result extends Finding {
  readonly what: string
}

/** What a run found. `warning` and `failed` if any check is. */
export interface Diagnosis {
  readonly status: Exclude<State, 'skipped'>
  readonly checks: readonly Result[]
}

export const ok = (detail: string): Finding => ({ state: 'ok', detail, cure: null })
export const warning = (detail: string, cure: string): Finding => ({
  state: 'warning',
  detail,
  cure,
})
export const failed = (detail: string, cure: string): Finding => ({ state: 'failed', detail, cure })
export const skipped = (detail: string, cure: string): Finding => ({
  state: 'skipped',
  detail,
  cure,
})

/** Thrown where a check cannot go on for a reason that is not its own. It is skipped then. */
export class NotExamined extends Error {
  override readonly name = 'NotExamined'
  readonly cure: string
  constructor(why: string, cure: string) {
    super(why)
    this.cure = cure
  }
}

/** Thrown by checks that cost money, while none may. */
export const UNPAID = new NotExamined('It costs money.', 'Run the doctor without --free.')

/** For checks of the semantic layer while there is none. */
export const semanticOff = skipped('SEMANTIC is off.', 'Set SEMANTIC to on or shadow to use it.')

/** Thrown if another check has to be cured first. */
export const blockedBy = (what: string) =>
  new NotExamined(`It needs "${what}", which failed.`, `Cure "${what}" first.`)

const TIMEOUT_MS = 5_000

/**
 * Runs all checks at once, each within its time limit. Never rejects: a check that throws has failed.
 * No secret appears in what it returns, even if a server repeated one in an error.
 */
export async function examine(
  checks: readonly Check[],
  secrets: readonly string[],
): Promise<Diagnosis> {
  const results = await Promise.all(
    checks.map(async (check) => {
      const { state, detail, cure } = await finding(check)
      return { what: check.what, state, detail: without(secrets, detail), cure }
    }),
  )
  const found = new Set(results.map(({ state }) => state))
  const status = found.has('failed') ? 'failed' : found.has('warning') ? 'warning' : 'ok'
  return { status, checks: results }
}

async function finding({ examine, cure, timeoutMs = TIMEOUT_MS }: Check): Promise<Finding> {
  try {
    return await withTimeout(timeoutMs, (signal) =>
      untilAborted(Promise.resolve(examine(signal)), signal),
    )
  } catch (error) {
    if (error instanceof NotExamined) return skipped(error.message, error.cure)
    return failed(reasonOf(error, timeoutMs), cure)
  }
}

/** Why there is no answer. Not the text of one: it may hold content, or internals of a server. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (isTimeout(error)) return `No answer in ${timeoutMs / 1000} s.`
  if (error instanceof GatewayError) return error.message
  if (!(error instanceof Error)) return 'It failed.'
  if ('status' in error && typeof error.status === 'number') return `Status ${error.status}.`
  // These quote what they could not read.
  if (error instanceof SyntaxError || 'issues' in error) return 'The answer makes no sense.'
  return error.message === '' ? 'It failed.' : error.message.replace(/^\w*Error: /, '')
}

/** A text without secrets, and without any other credentials that look like a header's. */
function without(secrets: readonly string[], text: string): string {
  const bare = text.replaceAll(/\b(Basic|Bearer)\s+[^\s"]+/gi, '$1 …')
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), bare)
}

/** Calls this once, with the signal of whoever needs its result first. */
export function once<Value>(
  make: (signal: AbortSignal) => Promise<Value>,
): (signal: AbortSignal) => Promise<Value> {
  let made: Promise<Value> | undefined
  return (signal) => (made ??= make(signal))
}
