import { countedAmount, LONGEST_NAME, minuteOf, storedName } from './batch.ts'
import type { RequestCell } from './batch.ts'
import { bucketOf, LATENCY_BUCKETS } from './histogram.ts'
import { listedFailures } from './listed-failures.ts'
import type { RequestRecord } from './record.ts'
import { MOST_FAILURES } from './report.ts'
import type { FailedRequest } from './report.ts'

/** Requests that are summed up, and those of them that failed. */
export interface TalliedRequests {
  readonly requests: RequestCell[]
  readonly failures: FailedRequest[]
}

/** So many failed requests are kept until those to list are chosen. */
const MOST_FAILED = 4 * MOST_FAILURES

/** Sums requests up as they come: every hit pays for it, and a thousand take no more memory than one. */
export class RequestTally {
  private cells = new Map<string, RequestCell>()
  private failed: FailedRequest[] = []
  private readonly mostCells: number

  constructor(mostCells: number) {
    this.mostCells = mostCells
  }

  /** How many groups of requests there are. */
  get size(): number {
    return this.cells.size
  }

  /** Adds a request. False if it would begin another group and there are too many. */
  add(record: RequestRecord): boolean {
    const cell = this.cellOf(record)
    if (cell === undefined) return false
    const { saved, latencyMs } = record
    cell.requests += 1
    cell.latencySumMs += countedAmount(latencyMs)
    cell.latency[bucketOf(latencyMs)]! += 1
    if (saved !== undefined) {
      cell.savedInputTokens += countedAmount(saved.inputTokens)
      cell.savedOutputTokens += countedAmount(saved.outputTokens)
      cell.savedUsd += countedAmount(saved.usd)
      cell.savedMs += countedAmount(saved.ms)
      if (saved.usd === undefined) cell.unpricedHits += 1
    }
    if (record.error !== undefined) this.addFailed(record, record.error)
    return true
  }

  /** The sums. The tally is empty afterwards. */
  take(): TalliedRequests {
    const taken = { requests: [...this.cells.values()], failures: listedFailures(this.failed) }
    this.cells = new Map()
    this.failed = []
    return taken
  }

  private cellOf(record: RequestRecord): RequestCell | undefined {
    const { at, tenant, api, outcome, tier, error } = record
    // Callers make models up, of any length.
    const model = record.model.length > LONGEST_NAME ? copied(record.model) : record.model
    // A 504 for `only-if-cached` is what the caller asked for, not a failure.
    const status = error === NOT_FAILED ? '4xx' : statusClass(record.status)
    const minute = minuteOf(at)
    const name = `${minute}\0${outcome}\0${tier}\0${status}\0${api}\0${tenant}\0${model}`
    const known = this.cells.get(name)
    if (known !== undefined || this.cells.size >= this.mostCells) return known
    const names = { tenant: storedName(tenant), model: storedName(model), api: storedName(api) }
    const cell = { at: minute, ...names, outcome, tier, status, ...emptySums() }
    this.cells.set(name, cell)
    return cell
  }

  private addFailed(record: RequestRecord, error: string): void {
    const { status, at, requestId, tenant, model, api } = record
    if (error === NOT_FAILED || NOT_LISTED.has(status)) return
    this.failed.push({
      at: Math.floor(at),
      requestId: storedName(requestId),
      tenant: storedName(tenant),
      model: copied(model),
      api: storedName(api),
      status,
      error: storedName(error),
    })
    if (this.failed.length > MOST_FAILED) this.failed = listedFailures(this.failed)
  }
}

const emptySums = () => ({
  requests: 0,
  savedInputTokens: 0,
  savedOutputTokens: 0,
  savedUsd: 0,
  savedMs: 0,
  unpricedHits: 0,
  latencySumMs: 0,
  latency: Array<number>(LATENCY_BUCKETS).fill(0),
})

/** Floods of these say nothing about the gateway, and would push everything else out. */
const NOT_LISTED: ReadonlySet<number> = new Set([401, 429, 499])
/** Nor do these: the answer to `only-if-cached`. */
const NOT_FAILED = 'not_in_cache'

/** A name as it is stored. By way of JSON, because a part of a text keeps all of it in memory. */
const copied = (name: string) => JSON.parse(JSON.stringify(storedName(name))) as string

function statusClass(status: number): RequestCell['status'] {
  if (status < 200) return '1xx'
  if (status < 300) return '2xx'
  if (status < 400) return '3xx'
  return status < 500 ? '4xx' : '5xx'
}
