import { AsyncLocalStorage } from 'node:async_hooks'

/** How much is logged: lines of this level and of those before it. */
export const logLevels = ['off', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]
type LineLevel = Exclude<LogLevel, 'off'>

/** What the lines of one request, or of one cron run, have in common. */
export interface LogContext {
  readonly level: LogLevel
  /** The same as `x-request-id`; undefined outside of a request. */
  readonly requestId: string | undefined
}

/** Facts of a log line. Never a prompt, an answer or a key. */
export type LogFacts = Readonly<Record<string, unknown>>

const storage = new AsyncLocalStorage<LogContext>()
const OUTSIDE: LogContext = { level: 'info', requestId: undefined }

/** Runs work whose log lines carry the request id, however deep they are written. */
export function withLogContext<Result>(context: LogContext, work: () => Result): Result {
  return storage.run(context, work)
}

/** Logs a failure of the gateway itself. */
export function error(event: string, cause: unknown): void {
  log('error', event, describe(cause))
}

/** Logs a problem that the gateway worked around. */
export function warn(event: string, cause: unknown): void {
  log('warn', event, describe(cause))
}

/** Logs facts that someone counts. */
export function info(event: string, facts: LogFacts): void {
  log('info', event, facts)
}

/** A warning about something that goes on: it is not repeated for ten seconds. */
export function throttled(warnOf: (why: unknown) => void, now: () => number): typeof warnOf {
  let warnedAt = -Infinity
  return (why) => {
    if (now() - warnedAt < THROTTLE_MS) return
    warnedAt = now()
    warnOf(why)
  }
}

const THROTTLE_MS = 10_000

/** Writes one line of JSON, by the console's method that log collectors know the level by. */
export function log(level: LineLevel, event: string, facts: LogFacts): void {
  if (!isLogged(level)) return
  const { requestId } = storage.getStore() ?? OUTSIDE
  const time = new Date().toISOString()
  const line = JSON.stringify({ time, level, event, request_id: requestId, ...facts })
  console[level === 'info' ? 'log' : level](line)
}

/** Whether lines of this level are written here. */
export function isLogged(level: LineLevel): boolean {
  const { level: most } = storage.getStore() ?? OUTSIDE
  return logLevels.indexOf(level) <= logLevels.indexOf(most)
}

/** The Qdrant client's errors are told apart by status: their messages say nothing. */
function describe(cause: unknown): { error: string; status?: unknown } {
  if (!(cause instanceof Error)) return { error: String(cause) }
  const message = cause.message === '' ? cause.name : cause.message
  return 'status' in cause ? { error: message, status: cause.status } : { error: message }
}
