import { LONGEST_FINGERPRINT } from './fingerprint.ts'
import { nearestOf } from './nearest.ts'
import type { DatedRequest, Nearest } from './nearest.ts'
import { comparedSchema, recentRequestSchema } from './recent-request.ts'
import type { ComparedRequest, FoundRequest, RecentRequest } from './recent-request.ts'

/** The storage of a Durable Object, with its one alarm. */
export interface RecentRequestsState {
  /** SQLite (https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/). */
  readonly sql: { exec(query: string, ...values: (string | number)[]): { toArray(): object[] } }
  getAlarm(): Promise<number | null>
  setAlarm(at: number): Promise<void>
  deleteAlarm(): Promise<void>
  deleteAll(): Promise<void>
}

/** So many requests of a tenant are kept, the newest ones. */
export const MOST_REQUESTS = 200
/** How long a request is kept. */
export const KEPT_MS = 3_600_000
/** The length of a request as JSON. */
const LONGEST_ROW = LONGEST_FINGERPRINT + 1_024

/** The recent requests of one tenant. Checks what it is sent, and empties itself by an alarm. */
export class RecentRequests {
  private readonly state: RecentRequestsState
  private readonly now: () => number
  /** Whether the alarm is set; undefined if that is not known yet. */
  private isArmed: boolean | undefined
  private hasTable: boolean

  constructor(state: RecentRequestsState, now: () => number) {
    this.state = state
    this.now = now
    this.hasTable = this.rows(`SELECT name FROM sqlite_master WHERE name = 'requests'`).length > 0
  }

  /** Adds a request, or replaces an identical one. Rejects what does not parse or is too long. */
  async record(request: unknown): Promise<void> {
    const parsed = recentRequestSchema.safeParse(request)
    const problem = parsed.error?.issues[0]?.path.join('.')
    if (!parsed.success) throw new Error(`recent request refused: ${problem}`)
    const { key, ...kept } = parsed.data
    const text = JSON.stringify(kept)
    if (text.length > LONGEST_ROW) throw new Error('recent request refused: too long')
    await this.arm()
    this.createTable()
    this.rows('INSERT OR REPLACE INTO requests VALUES (?, ?, ?)', key, this.now(), text)
    const excess = `DELETE FROM requests WHERE key IN
      (SELECT key FROM requests ORDER BY at DESC, rowid DESC LIMIT -1 OFFSET ?)`
    this.rows(excess, MOST_REQUESTS)
  }

  /** Adds requests that were made elsewhere, as `record`. */
  async recordAll(requests: readonly unknown[]): Promise<void> {
    for (const request of requests.slice(-MOST_REQUESTS)) await this.record(request)
  }

  /** The fingerprints of those requests among these that are kept. */
  fingerprints(keys: readonly string[]): KeyedFingerprint[] {
    const wanted = new Set(keys)
    return this.recent()
      .filter(({ key }) => wanted.has(key))
      .map(({ key, fingerprint }) => ({ key, fingerprint }))
  }

  /** The recent request that is nearest to this one; undefined if there is none to the same model. */
  nearest(request: unknown): Nearest | undefined {
    const parsed = comparedSchema.safeParse(request)
    if (!parsed.success) throw new Error('request refused')
    return nearestOf(parsed.data, this.recent())
  }

  /** The answer that this request got; undefined if it is unknown, or too long ago. */
  find(requestId: string): FoundRequest | undefined {
    const found = this.recent().find((request) => request.requestId === requestId)
    return found && { key: found.key, pairId: found.pairId }
  }

  /** Deletes everything, at once; resolves with how many requests there were. */
  async forget(): Promise<number> {
    const { length } = this.recent()
    await this.state.deleteAlarm()
    await this.empty()
    return length
  }

  /** Deletes what is too old; the next alarm is due when the next row is. */
  async alarm(): Promise<void> {
    this.isArmed = false
    if (!this.hasTable) return
    this.rows('DELETE FROM requests WHERE at <= ?', this.now() - KEPT_MS)
    const [oldest] = this.rows<{ at: number }>('SELECT at FROM requests ORDER BY at LIMIT 1')
    if (oldest === undefined) return this.empty()
    await this.state.setAlarm(oldest.at + KEPT_MS)
    this.isArmed = true
  }

  /** The newest first. The alarm may be late, so what is too old is left out. */
  private recent(): DatedRequest[] {
    if (!this.hasTable) return []
    const query = 'SELECT key, at, request FROM requests WHERE at > ? ORDER BY at DESC, rowid DESC'
    return this.rows<Row>(query, this.now() - KEPT_MS).map(({ key, at, request }) => ({
      ...(JSON.parse(request) as Omit<RecentRequest, 'key'>),
      key,
      at,
    }))
  }

  private createTable(): void {
    if (this.hasTable) return
    this.rows(
      'CREATE TABLE requests (key TEXT PRIMARY KEY, at INTEGER NOT NULL, request TEXT NOT NULL)',
    )
    this.hasTable = true
  }

  private async arm(): Promise<void> {
    this.isArmed ??= (await this.state.getAlarm()) !== null
    if (this.isArmed) return
    await this.state.setAlarm(this.now() + KEPT_MS)
    this.isArmed = true
  }

  /** Without rows the object has no storage, so that it costs nothing. */
  private async empty(): Promise<void> {
    this.hasTable = false
    this.isArmed = false
    await this.state.deleteAll()
  }

  private rows<Row>(query: string, ...values: (string | number)[]): Row[] {
    return this.state.sql.exec(query, ...values).toArray() as Row[]
  }
}

/** The fingerprint of the request with this key. */
export type KeyedFingerprint = Pick<RecentRequest, 'key' | 'fingerprint'>

interface Row {
  readonly key: string
  readonly at: number
  readonly request: string
}

/** The same, called over RPC: a Durable Object stub. */
export interface RecentRequestsStub {
  record(request: RecentRequest): PromiseLike<void>
  recordAll(requests: readonly RecentRequest[]): PromiseLike<void>
  fingerprints(keys: readonly string[]): PromiseLike<readonly KeyedFingerprint[]>
  nearest(request: ComparedRequest): PromiseLike<Nearest | undefined>
  find(requestId: string): PromiseLike<FoundRequest | undefined>
  forget(): PromiseLike<number>
}
