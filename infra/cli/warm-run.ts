import PQueue from 'p-queue'
import { digestOf } from './warm-request.ts'
import type { WarmRequest } from './warm-request.ts'
import type { WarmAnswer, WarmSender } from './warm-sender.ts'
import type { WarmState } from './warm-state.ts'

/** A request to send, or why there is none where one could be. */
export type WarmItem = { readonly request: WarmRequest } | { readonly skipped: string }

export interface WarmOptions {
  readonly send: WarmSender
  readonly state: WarmState
  /** Requests at the same time. */
  readonly concurrency: number
  /** Requests that are begun per second, at most. */
  readonly ratePerSecond?: number | undefined
  /** Nothing is sent once so much is spent. What is under way is paid for, too. */
  readonly budgetUsd?: number | undefined
  /** Stops the run. What is under way comes to its end. */
  readonly signal: AbortSignal
  /** Called after each request and each one that is skipped. */
  readonly onProgress?: (summary: WarmSummary) => void
}

/** Why a run stopped before its end. */
export interface WarmStop {
  readonly reason: 'budget' | 'refused' | 'outage' | 'interrupted'
  readonly message: string
}

export interface WarmSummary {
  /** Already in the cache. */
  hits: number
  /** Asked of a model, and stored. */
  filled: number
  /** Asked of a model, but its answer may not be stored. */
  not_stored: number
  /** By status, `unreachable`, or `no cache`. */
  failed: Record<string, number>
  /** The first error of each status. */
  errors: Record<string, string>
  /** By reason. */
  skipped: Record<string, number>
  cost_usd: number
  /** What earlier runs with the same state have cost. */
  earlier_cost_usd: number
  /** Answers whose price LiteLLM does not know, so their cost is missing. */
  unpriced: number
  stopped: WarmStop | null
}

/** How often a request is sent again after a 429. */
const MOST_RETRIES = 5
/** The wait after a 429 that names none. Doubles with each retry. */
const FIRST_WAIT_MS = 1_000
/** A longer wait stops the run. Timers cannot wait for 25 days, and nobody watches for hours. */
const LONGEST_WAIT_MS = 3_600_000
/** So many failures in a row are no matter of single requests. */
const OUTAGE = 10
/** Requests that wait for their turn, per request under way. */
const QUEUED_PER_SLOT = 2

/**
 * Sends each request once, so that its answer is in the cache. A 429 pauses all of them for as long as
 * it says. Stops for a budget that is spent, a key that is refused, a wait of over an hour, and an outage.
 */
export async function warm(
  items: AsyncIterable<WarmItem>,
  { send, state, concurrency, ratePerSecond, budgetUsd, signal, onProgress }: WarmOptions,
): Promise<WarmSummary> {
  const summary: WarmSummary = {
    hits: 0,
    filled: 0,
    not_stored: 0,
    failed: {},
    errors: {},
    skipped: {},
    cost_usd: 0,
    earlier_cost_usd: state.spentUsd,
    unpriced: 0,
    stopped: null,
  }
  const queue = new PQueue({
    concurrency,
    ...(ratePerSecond === undefined ? {} : { interval: 1000 / ratePerSecond, intervalCap: 1 }),
  })
  let failuresInARow = 0
  let pausedUntil = 0
  /** What is not about one request, such as a state file that cannot be written. */
  let broken: unknown
  let resume: NodeJS.Timeout | undefined

  function stop(reason: WarmStop['reason'], message: string): void {
    summary.stopped ??= { reason, message }
    clearTimeout(resume)
    queue.clear()
    queue.start()
  }
  const interrupt = () => stop('interrupted', 'Interrupted.')
  signal.addEventListener('abort', interrupt)
  if (signal.aborted) interrupt()

  function pauseFor(ms: number): void {
    const until = Date.now() + ms
    if (until <= pausedUntil) return
    pausedUntil = until
    queue.pause()
    clearTimeout(resume)
    resume = setTimeout(() => queue.start(), ms)
  }

  function enqueue(request: WarmRequest, digest: string, attempt: number): void {
    const task = () => attemptOnce(request, digest, attempt).catch(breakOff)
    // What is removed from the queue rejects; nobody waits for it.
    queue.add(task, { priority: attempt }).catch(() => {})
  }

  function breakOff(error: unknown): void {
    broken = error
    stop('interrupted', 'Interrupted by an error.')
  }

  async function attemptOnce(request: WarmRequest, digest: string, attempt: number): Promise<void> {
    if (summary.stopped !== null) return
    if (budgetUsd !== undefined && state.spentUsd + summary.cost_usd >= budgetUsd) {
      return stop('budget', `The budget of ${budgetUsd} USD is spent.`)
    }
    const answer = await send(request)
    if (mayRetry(answer) && attempt < MOST_RETRIES && summary.stopped === null) {
      pauseFor(answer.retryAfterMs ?? FIRST_WAIT_MS * 2 ** attempt)
      return enqueue(request, digest, attempt + 1)
    }
    count(answer, digest)
    onProgress?.(summary)
  }

  function count(answer: WarmAnswer, digest: string): void {
    if (answer.outcome === 'failed') return countFailure(answer)
    failuresInARow = 0
    const costUsd = answer.outcome === 'hit' ? 0 : answer.costUsd
    if (answer.outcome === 'hit') summary.hits += 1
    if (answer.outcome === 'filled') summary.filled += 1
    if (answer.outcome === 'not stored') summary.not_stored += 1
    countCost(costUsd)
    state.add(digest, costUsd)
  }

  function countCost(costUsd: number | null): void {
    if (costUsd === null) summary.unpriced += 1
    summary.cost_usd += costUsd ?? 0
  }

  function countFailure(failure: Failure): void {
    const { status, code, message, costUsd = 0 } = failure
    countCost(costUsd)
    summary.failed[status] = (summary.failed[status] ?? 0) + 1
    summary.errors[status] ??= [code, message].filter(Boolean).join(': ')
    failuresInARow = isOutage(failure) ? failuresInARow + 1 : 0
    if (isRefused(failure)) stop('refused', `The key was refused (${status}): ${message}`)
    if (failuresInARow >= OUTAGE) {
      stop('outage', `${OUTAGE} requests in a row failed, the last one with ${status}: ${message}`)
    }
  }

  const skip = (reason: string) => {
    summary.skipped[reason] = (summary.skipped[reason] ?? 0) + 1
    onProgress?.(summary)
  }
  const seen = new Set<string>()
  try {
    for await (const item of items) {
      if (summary.stopped !== null) break
      if ('skipped' in item) {
        skip(item.skipped)
        continue
      }
      const digest = digestOf(item.request)
      if (seen.has(digest)) skip('twice')
      else if (state.isDone(digest)) skip('done before')
      else enqueue(item.request, digest, 0)
      seen.add(digest)
      await queue.onSizeLessThan(concurrency * QUEUED_PER_SLOT)
    }
  } catch (error) {
    breakOff(error)
  }
  await queue.onIdle()
  signal.removeEventListener('abort', interrupt)
  if (broken !== undefined) throw broken
  return summary
}

type Failure = Extract<WarmAnswer, { readonly outcome: 'failed' }>

const isSpent = ({ code, status }: Failure) => status === 402 || code === 'budget_exceeded'

/** Whether a 429 ends so late that it is the limit of a day or a month. */
const isLong = ({ status, retryAfterMs = 0 }: Failure) =>
  status === 429 && retryAfterMs > LONGEST_WAIT_MS

/** Whether every other request would be refused, too. */
const isRefused = (failure: Failure) =>
  failure.status === 401 || isSpent(failure) || isLong(failure)

const mayRetry = (answer: WarmAnswer): answer is Failure =>
  answer.outcome === 'failed' && answer.status === 429 && !isRefused(answer)

/** Whether the gateway, LiteLLM or Qdrant failed, and not this request. */
const isOutage = ({ status, code }: Failure) =>
  typeof status === 'string' || (status >= 500 && code !== 'not_in_cache')
